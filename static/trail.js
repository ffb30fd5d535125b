// What was on show before, so that one can step back to it and forward again. Pure.

import { suits } from './layout.js';

/**
 * @typedef {import('./layout.js').Size} Size
 * @typedef {{layout: import('./layout.js').Layout, ids: string[], swap: number, isNew: boolean, step: number}} Plan
 *   what to put on show: a layout and the ids of its photos, row by row; `swap`: only this tile of the mosaic changes, the
 *   others stay as they are, or -1; `isNew`: a photo of it is shown as new; `step`: which step of the trail is taken
 *   again, or -1
 */

/** Steps that one can go back. */
export const STEPS = 20;

export class Trail {
  constructor() {
    /** @type {Plan[]} what was on show, the latest last, numbered by `step` without a gap */
    this.plans = [];
    /** The number of the step that is on show … */
    this.here = -1;
    /** … and of the latest. */
    this.latest = -1;
  }

  /** @param {Plan} plan that is on show now */
  add(plan) {
    if (plan.step >= 0) {
      this.here = plan.step;
      return;
    }
    this.latest += 1;
    this.here = this.latest;
    this.plans.push({ layout: plan.layout, ids: plan.ids, swap: -1, isNew: false, step: this.here });
    if (this.plans.length > STEPS + 1) this.plans.shift();
  }

  /**
   * @param {Plan | null} current what is on show
   * @param {Size} screen
   * @param {(id: string) => boolean} isThere whether a photo can be shown
   * @returns {Plan | null} the step before, of those that can still be taken
   */
  back(current, screen, isThere) {
    const before = this.plans.filter(({ step }) => step < this.here).reverse();
    return find(before, current, screen, isThere);
  }

  /**
   * @param {Plan | null} current
   * @param {Size} screen
   * @param {(id: string) => boolean} isThere
   * @returns {Plan | null} the step after, when one has gone back
   */
  forth(current, screen, isThere) {
    const after = this.plans.filter(({ step }) => step > this.here);
    return find(after, current, screen, isThere);
  }
}

/**
 * @param {Plan[]} plans
 * @param {Plan | null} current
 * @param {Size} screen
 * @param {(id: string) => boolean} isThere
 * @returns {Plan | null} the first that can be shown, and is not on show already
 */
function find(plans, current, screen, isThere) {
  const shown = current === null ? '' : current.ids.join();
  const found = plans
    .filter(({ ids }) => ids.every(isThere))
    .map((plan) => (suits(plan.layout, screen) ? plan : alone(plan)))
    .filter(({ ids }) => ids.join() !== shown)[0];
  return found === undefined ? null : Object.assign({}, found, { swap: difference(found, current) });
}

/**
 * The screen was turned since: its first photo alone.
 * @param {Plan} plan
 * @returns {Plan}
 */
const alone = (plan) => Object.assign({}, plan, { layout: 'single', ids: plan.ids.slice(0, 1) });

/**
 * The only tile in which a plan differs from the mosaic on show, or -1.
 * @param {Plan} plan
 * @param {Plan | null} current
 */
function difference(plan, current) {
  if (plan.layout !== 'mosaic' || current === null || current.layout !== 'mosaic') return -1;
  const differing = plan.ids.map((_, i) => i).filter((i) => plan.ids[i] !== current.ids[i]);
  return differing.length === 1 ? differing[0] : -1;
}
