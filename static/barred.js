// Photos that somebody hid, and owners that somebody muted: they are on no screen of the wall. Pure.

/** @typedef {import('./photo.js').Photo} Photo */

/**
 * @param {unknown} value
 * @returns {any[]}
 */
const list = (value) => (Array.isArray(value) ? value : []);

export class Barred {
  constructor() {
    /** Ids of photos. */
    this.hidden = new Set();
    /** Nsids of owners … */
    this.nsids = new Set();
    /** … their names, for photos whose owner has no nsid … */
    this.names = new Set();
    /** … and the names of those of whom no nsid is known: these count for all photos. */
    this.strangers = new Set();
  }

  /** @param {any} message the stream's `wall` message: all that is barred from now on */
  hear(message) {
    this.hidden = new Set(list(message.hidden));
    const muted = list(message.muted).filter((it) => typeof it === 'object' && it !== null);
    const named = muted.filter((it) => it.name);
    this.nsids = new Set(muted.map((it) => it.nsid).filter(Boolean));
    this.names = new Set(named.map((it) => it.name));
    this.strangers = new Set(named.filter((it) => !it.nsid).map((it) => it.name));
  }

  /** @param {Photo} photo */
  has({ id, owner }) {
    if (this.hidden.has(id)) return true;
    if (owner === undefined) return false;
    const names = owner.nsid ? this.strangers : this.names;
    return this.nsids.has(owner.nsid) || names.has(owner.name);
  }
}
