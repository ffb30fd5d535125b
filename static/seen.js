// Which photos were shown as new, and when: none is new twice within an hour. Pure.

/** Photos remembered, the latest. */
export const SEEN = 2000;
/** For so long a photo is not new again. */
export const AGAIN = 3600000;

export class Seen {
  constructor() {
    /** @type {Map<string, number>} ids, and when the photo was shown as new, the latest last */
    this.times = new Map();
  }

  /**
   * @param {string} id of the photo that is shown as new
   * @param {number} now
   */
  add(id, now) {
    this.times.delete(id);
    this.times.set(id, now);
    for (const [oldest, shown] of this.times) {
      if (this.times.size <= SEEN && now - shown < AGAIN) break;
      this.times.delete(oldest);
    }
  }

  /**
   * Whether the photo was shown as new within the last hour.
   * @param {string} id
   * @param {number} now
   */
  has(id, now) {
    const shown = this.times.get(id);
    return shown !== undefined && now - shown < AGAIN;
  }
}
