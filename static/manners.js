// How a wall behaves towards the one who stands before it: the pointer hides when it rests, the screen stays awake and can
// be filled, and nothing burns in.

/** The pointer hides after so long without a movement. */
const REST = 2000;
/** What moves against burn-in has been everywhere after these, in milliseconds. */
const ROUND = { x: 17 * 60000, y: 11 * 60000 };
/** How long the words stay in one corner. */
const CORNER = 7 * 60000;

/** Hides the pointer while it rests. CSS does it by `data-pointer`. */
export function hideRestingPointer() {
  const { dataset } = document.body;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  const move = () => {
    if (dataset.pointer !== 'moving') dataset.pointer = 'moving';
    clearTimeout(resting);
    resting = setTimeout(() => {
      dataset.pointer = 'resting';
    }, REST);
  };
  document.addEventListener('mousemove', move);
  move();
}

/** Fills the screen with the wall, or gives the screen back. */
export function toggleFullscreen() {
  const page = /** @type {any} */ (document);
  const root = /** @type {any} */ (document.documentElement);
  const isFull = page.fullscreenElement || page.webkitFullscreenElement;
  const change = isFull
    ? page.exitFullscreen || page.webkitExitFullscreen
    : root.requestFullscreen || root.webkitRequestFullscreen;
  const done = change && change.call(isFull ? page : root);
  if (done) done.catch(() => {}); // A browser may refuse; the wall hangs just as well in a window.
}

/** Keeps the screen from falling asleep, where the browser can. It lets go whenever the page is hidden. */
export class Awake {
  constructor() {
    /** @type {any} */
    this.lock = null;
    this.isWanted = false;
    this.isAsking = false;
    document.addEventListener('visibilitychange', () => this.want(this.isWanted));
  }

  /** @param {boolean} isWanted */
  want(isWanted) {
    this.isWanted = isWanted;
    const { wakeLock } = /** @type {any} */ (navigator);
    if (!wakeLock || document.hidden) return;
    if (!isWanted) {
      if (this.lock !== null) this.lock.release().catch(() => {});
      this.lock = null;
    } else if (!this.isAsking && (this.lock === null || this.lock.released)) {
      this.isAsking = true;
      wakeLock.request('screen').then(
        (/** @type {any} */ lock) => {
          this.isAsking = false;
          this.lock = lock;
          if (!this.isWanted) this.want(false);
        },
        () => {
          this.isAsking = false; // On battery, say. The wall goes on.
        },
      );
    }
  }
}

/**
 * Where things stand now that move against burn-in, each from -1 to 1: slowly to and fro, and never long in one place.
 * @param {number} now milliseconds
 */
export function sway(now) {
  return { x: Math.sin((2 * Math.PI * now) / ROUND.x), y: Math.sin((2 * Math.PI * now) / ROUND.y) };
}

/**
 * In which corner the words stand.
 * @param {'auto' | 'left' | 'right'} corner
 * @param {number} now milliseconds
 */
export function side(corner, now) {
  return corner === 'auto' ? (Math.floor(now / CORNER) % 2 === 0 ? 'left' : 'right') : corner;
}
