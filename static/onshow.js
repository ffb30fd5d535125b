// What is on show, since when, and what is left of it when a photo goes. Pure.

/** @typedef {import('./trail.js').Plan} Plan */

export class OnShow {
  constructor() {
    /** @type {Plan | null} the id of a mosaic's photo that has gone is '' until its tile is filled */
    this.plan = null;
    /** When it was put on show, or one of its tiles changed … */
    this.since = -Infinity;
    /** @type {number[]} … and when each of its tiles was */
    this.ups = [];
    /** The photo that is left of what was on show, '' when there is none: it comes back alone. */
    this.left = '';
  }

  /** @param {string} id */
  has(id) {
    return this.plan !== null && this.plan.ids.indexOf(id) >= 0;
  }

  /**
   * Whether a photo is on show, or will be again.
   * @param {string} id
   */
  keeps(id) {
    return this.has(id) || this.left === id;
  }

  /**
   * @param {Plan} plan
   * @param {number} now
   * @returns {string[]} the ids that were not there before
   */
  put(plan, now) {
    const isSwap = plan.swap >= 0 && this.plan !== null && this.plan.layout === 'mosaic';
    this.ups = plan.ids.map((_, i) => (isSwap && i !== plan.swap ? this.ups[i] : now));
    this.plan = plan;
    this.since = now;
    this.left = '';
    return plan.ids.filter((_, i) => !isSwap || i === plan.swap);
  }

  /**
   * Takes one photo away. Without it, two are no longer a plan; a mosaic is one with a hole.
   * @param {string} id
   * @returns {boolean} whether it was there
   */
  leave(id) {
    if (this.left === id) this.left = '';
    if (this.plan === null || !this.has(id)) return false;
    const ids = this.plan.ids.map((other) => (other === id ? '' : other));
    this.plan = Object.assign({}, this.plan, { ids });
    if (this.plan.layout !== 'mosaic' || ids.every((other) => other === '')) this.end();
    return true;
  }

  /** Nothing is on show any more. */
  end() {
    this.left = this.newest();
    this.plan = null;
  }

  /** The photo that came last of those on show, '' when there is none. */
  newest() {
    let best = -1;
    (this.plan === null ? [] : this.plan.ids).forEach((id, i) => {
      if (id !== '' && (best < 0 || this.ups[i] > this.ups[best])) best = i;
    });
    return this.plan === null || best < 0 ? '' : this.plan.ids[best];
  }
}
