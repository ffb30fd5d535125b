// What was hidden at this very screen, by its keys: photos and owners. (What the phone hides, the server keeps.)
import { keep, recall } from './memory.js';

/** Photos and owners remembered; the oldest are forgotten first. */
const MOST = 200;

export class Hidden {
  /** @param {string} link of the wall */
  constructor(link) {
    this.key = 'hidden ' + link;
    const before = recall('localStorage', this.key, {});
    /** @type {string[]} */
    this.photos = Array.isArray(before.photos) ? before.photos : [];
    /** @type {{nsid?: string, name?: string}[]} */
    this.owners = Array.isArray(before.owners) ? before.owners : [];
    /** @type {{photos: string[], owners: any[]} | null} what was hidden before the last was, for who did not mean it */
    this.before = null;
    /** @type {any} the server's last word */
    this.wall = {};
  }

  /**
   * @param {any} wall the server's `wall` message
   * @returns {any} the same with what is hidden here
   */
  add(wall) {
    this.wall = wall;
    const list = (/** @type {unknown} */ it) => (Array.isArray(it) ? it : []);
    return Object.assign({}, wall, {
      hidden: list(wall.hidden).concat(this.photos),
      muted: list(wall.muted).concat(this.owners),
    });
  }

  /** @param {string} id */
  photo(id) {
    this.note();
    this.photos = this.photos.concat(id).slice(-MOST);
    return this.remember();
  }

  /** @param {{nsid?: string, name?: string} | undefined} owner */
  owner(owner) {
    this.note();
    const { nsid, name } = Object(owner);
    if (nsid || name) this.owners = this.owners.concat(nsid ? { nsid } : { name }).slice(-MOST);
    return this.remember();
  }

  note() {
    this.before = { photos: this.photos, owners: this.owners };
  }

  /** Takes the last back. */
  undo() {
    if (this.before !== null) Object.assign(this, this.before);
    this.before = null;
    return this.remember();
  }

  remember() {
    keep('localStorage', this.key, { photos: this.photos, owners: this.owners });
    return this.add(this.wall);
  }
}
