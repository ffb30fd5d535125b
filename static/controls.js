// What somebody does at the screen: keys, a TV's remote control, and touch. Each becomes a word that the wall acts upon.

/**
 * @typedef {'next' | 'previous' | 'toggle' | 'caption' | 'help' | 'hide' | 'mute' | 'fullscreen' | 'doze' | 'name' |
 *   'close'} Act
 */

/** @type {{[key: string]: Act}} by the name of the key */
const KEYS = {
  ArrowRight: 'next', n: 'next', PageDown: 'next', MediaTrackNext: 'next',
  ArrowLeft: 'previous', b: 'previous', PageUp: 'previous', MediaTrackPrevious: 'previous',
  ' ': 'toggle', Enter: 'toggle', p: 'toggle', MediaPlayPause: 'toggle', MediaPlay: 'toggle', MediaPause: 'toggle',
  ArrowUp: 'caption', c: 'caption',
  ArrowDown: 'help', '?': 'help',
  h: 'hide', m: 'mute', f: 'fullscreen', s: 'doze', i: 'name',
  Escape: 'close', GoBack: 'close', BrowserBack: 'close',
};
/** @type {{[code: number]: Act}} by number, from TVs that give their keys no name (webOS 461, Tizen 10009 and 10252) */
const CODES = { 461: 'close', 10009: 'close', 10252: 'toggle', 415: 'toggle', 19: 'toggle', 417: 'next', 412: 'previous' };
/** A finger that rests for so long asks for help. */
const LONG = 700;

/**
 * @param {KeyboardEvent} event
 * @returns {Act | undefined}
 */
function meaning(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return undefined;
  const key = String(event.key);
  // A link that has the focus is followed by Enter.
  if (key === 'Enter' && /** @type {Element} */ (event.target).nodeName === 'A') return undefined;
  return KEYS[key] || KEYS[key.toLowerCase()] || CODES[event.keyCode];
}

/** @param {(act: Act) => void} act called for each */
export function listen(act) {
  document.addEventListener('keydown', (event) => {
    const meant = meaning(event);
    if (meant === undefined) return;
    event.preventDefault();
    act(meant);
  });
  let isLong = false;
  let isTouch = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  document.addEventListener('touchstart', () => {
    clearTimeout(resting);
    isLong = false;
    isTouch = true;
    resting = setTimeout(() => {
      isLong = true;
      act('help');
    }, LONG);
  });
  ['touchend', 'touchmove', 'touchcancel'].forEach((name) => document.addEventListener(name, () => clearTimeout(resting)));
  document.addEventListener('click', (event) => {
    const [wasLong, wasTouch] = [isLong, isTouch];
    isLong = false;
    isTouch = false;
    if (/** @type {Element} */ (event.target).closest('a') !== null) {
      // A finger on a wall means the wall, and not what it happens to meet there.
      if (!wasTouch) return;
      event.preventDefault();
    }
    if (wasLong) return;
    const third = (3 * event.clientX) / innerWidth;
    act(third < 1 ? 'previous' : third > 2 ? 'next' : 'toggle');
  });
  document.addEventListener('dblclick', (event) => {
    const third = (3 * event.clientX) / innerWidth;
    if (third >= 1 && third <= 2) act('fullscreen');
  });
}
