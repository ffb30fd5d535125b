// Photos that were removed: messages about them that are still on their way, or come again, must not bring them back.

/** @typedef {import('./photo.js').Photo} Photo */

/** Removals remembered. */
export const GONE = 500;

export class Gone {
  constructor() {
    /** @type {Map<string, number>} ids, and when the photo was removed (NaN when nobody said), the latest last */
    this.times = new Map();
  }

  /** @param {Photo} photo as removed */
  add(photo) {
    this.times.delete(photo.id);
    this.times.set(photo.id, Date.parse(String(photo.updated)));
    for (const oldest of this.times.keys()) {
      if (this.times.size <= GONE) break;
      this.times.delete(oldest);
    }
  }

  /**
   * Whether the photo is gone; it is back only by an event that is known to be later than its removal.
   * @param {Photo} photo
   */
  has(photo) {
    const removed = this.times.get(photo.id);
    if (removed === undefined) return false;
    if (!(Date.parse(String(photo.updated)) > removed)) return true;
    this.times.delete(photo.id);
    return false;
  }
}
