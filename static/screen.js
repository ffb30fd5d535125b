// Who this screen is, and what it tells the server: what it shows, so that a phone in somebody's hand can show it too.
import { keep, recall } from './memory.js';

/** Reports that come closer together than this are one, but for those of a new photo. */
const SETTLE = 300;
/** Names for screens that were given none. */
const MOODS = ['quiet', 'merry', 'gentle', 'sunny', 'early', 'brave', 'calm', 'witty', 'misty', 'amber', 'velvet', 'lucky'];
const BEINGS = ['otter', 'heron', 'fox', 'finch', 'hare', 'robin', 'badger', 'swift', 'lynx', 'wren', 'seal', 'stork'];

/** @returns {Uint8Array} 16 random bytes */
const random = () => crypto.getRandomValues(new Uint8Array(16));

/**
 * What this screen is called: as its address says, as it was called before, or by a name of its own.
 * @param {string} given
 */
function findName(given) {
  if (given !== '') return given;
  const before = recall('localStorage', 'screen', '');
  if (typeof before === 'string' && before !== '') return before;
  const [mood, being] = Array.from(random());
  const name = MOODS[mood % MOODS.length] + ' ' + BEINGS[being % BEINGS.length];
  keep('localStorage', 'screen', name);
  return name;
}

export class Screen {
  /**
   * @param {string} link of the wall
   * @param {string} given its name in the address, or ''
   */
  constructor(link, given) {
    this.link = link;
    this.name = findName(given);
    /** Of this page, so that two screens of one name, or a page and its reload, are two. */
    this.instance = Array.from(random(), (byte) => ('0' + byte.toString(16)).slice(-2)).join('');
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.settling = undefined;
  }

  /** What the address of the stream says about the screen. */
  query() {
    return '&screen=' + encodeURIComponent(this.name) + '&instance=' + this.instance;
  }

  /**
   * Tells the server what is on show. What is lost is told with the next.
   * @param {() => any} look what it is by then
   * @param {boolean} isPainted whether a photo is new on the screen: that is told as soon as it is painted, since somebody
   *   may hold a stopwatch
   */
  report(look, isPainted) {
    clearTimeout(this.settling);
    const tell = () => {
      clearTimeout(settling);
      this.settling = undefined;
      this.send(look());
    };
    const settling = setTimeout(tell, SETTLE);
    this.settling = settling;
    if (!isPainted) return;
    // What changed before a frame is on the screen when the next one begins. A page that nobody sees has no frames, and
    // reports all the same.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (this.settling === settling) tell();
    }));
  }

  /** @param {any} showing */
  send(showing) {
    const request = new XMLHttpRequest();
    request.timeout = 10000;
    request.open('POST', '/wall/' + this.link + '/screens/' + this.instance);
    request.setRequestHeader('Content-Type', 'application/json');
    request.send(JSON.stringify(showing));
  }
}

/** @param {any} card what a phone shows of its photo */
export function summary({ photo }) {
  const owner = photo.owner || {};
  const image = photo.images.filter((/** @type {any} */ it) => it.width >= 240)[0] || photo.images[0];
  return { id: photo.id, title: photo.title, owner: owner.name, nsid: owner.nsid, image: image && image.url };
}
