// The deck: what comes in becomes cards, and from the cards comes what is to be on show. No DOM and no clock in here:
// `now` is handed in, in milliseconds on a clock that never jumps. Every collection is bounded, and nothing that comes in
// makes it throw.

import { OnShow } from './onshow.js';
import { inOrder, OTHERS, ownerOf, stalest } from './order.js';
import { due, paceOf } from './pacing.js';
import { choose, mend, plan } from './plan.js';
import { Stock } from './stock.js';
import { Trail } from './trail.js';

/**
 * @typedef {import('./card.js').Card} Card
 * @typedef {import('./layout.js').Size} Size
 * @typedef {import('./stock.js').Taken} Taken
 * @typedef {import('./trail.js').Plan} Plan
 */

export class Deck {
  /** @param {any} settings as in the page's data-settings, in seconds */
  constructor(settings) {
    this.pace = paceOf(settings);
    this.onShow = new OnShow();
    this.stock = new Stock(this.pace.show, this.onShow);
    this.trail = new Trail();
    /** @type {string[]} owners of the last cards that were shown as new, the latest last */
    this.recent = [];
  }

  /** @returns {Plan | null} what is on show; the id of a mosaic's photo that has gone is '' until its tile is filled */
  get current() {
    return this.onShow.plan;
  }

  /** How many cards wait to be shown as new. */
  get waiting() {
    return this.stock.all((card) => card.waits).length;
  }

  /** When the last card came that was to be shown as new; -Infinity before the first. */
  get lastNew() {
    return this.stock.lastNew;
  }

  /** What is known of each event name. */
  get topics() {
    return this.stock.topics;
  }

  /**
   * @param {string} id
   * @returns {Card | undefined} undefined too when somebody has hidden it
   */
  get(id) {
    return this.stock.get(id);
  }

  /**
   * Takes in what event names mean, what is hidden, and who is muted.
   * @param {any} message the stream's `wall` message
   * @returns {string[]} ids of photos on show that must leave at once
   */
  hear(message) {
    return this.stock.hear(message);
  }

  /**
   * Takes in one message about a photo.
   * @param {any} message the stream's `photo` message
   * @param {number} now
   * @param {number} time milliseconds since 1970, the server's
   * @returns {Taken}
   */
  take(message, now, time) {
    return this.stock.take(message, now, time);
  }

  /**
   * What to put on show now; the caller then says `shown`, or `broken` of its photos.
   * @param {number} now
   * @param {Size} screen
   * @returns {Plan | null} null when what is there may stay
   */
  next(now, screen) {
    const { plan: current, since } = this.onShow;
    const time = due(
      {
        waiting: this.waiting,
        isSettled: this.stock.isSettled(now),
        sinceNew: now - this.lastNew,
        up: now - since,
        layout: current === null ? '' : current.layout,
        isHeld: current !== null && (current.isNew || current.step >= 0),
      },
      this.pace,
    );
    return this.mend(now, screen) || (time === '' ? null : choose(this.table(now, screen), time === 'new'));
  }

  /**
   * What comes after what is on show, at once: forward again to where the wall was, then on.
   * @param {number} now
   * @param {Size} screen
   * @returns {Plan | null} null when there is nothing else
   */
  skip(now, screen) {
    const again = this.trail.forth(this.current, screen, (id) => this.stock.has(id, now));
    return again || this.mend(now, screen) || choose(this.table(now, screen), this.waiting > 0);
  }

  /**
   * What was on show before, at once.
   * @param {number} now
   * @param {Size} screen
   * @returns {Plan | null} null when there is nothing of it any more
   */
  previous(now, screen) {
    return this.trail.back(this.current, screen, (id) => this.stock.has(id, now));
  }

  /**
   * What is left when a photo on show has gone: the other one of two, or a mosaic to be filled.
   * @param {number} now
   * @param {Size} screen
   * @returns {Plan | null} null when nothing is missing
   */
  mend(now, screen) {
    const { plan: current, left } = this.onShow;
    if (current === null) return this.stock.has(left, now) ? plan([left]) : null;
    if (current.ids.indexOf('') < 0) return null;
    return mend(this.table(now, screen)) || plan([this.onShow.newest()]);
  }

  /**
   * @param {number} now
   * @param {Size} screen
   * @returns {import('./plan.js').Table} what there is to choose from
   */
  table(now, screen) {
    const free = this.stock.all(({ id }) => !this.onShow.has(id) && this.stock.has(id, now));
    return {
      fresh: inOrder(free.filter((card) => card.waits), this.topics),
      old: stalest(free.filter((card) => !card.waits)),
      current: this.current,
      ups: this.onShow.ups,
      recent: this.recent,
      topics: this.topics,
      layout: this.pace.layout,
      screen,
    };
  }

  /**
   * The page has put it on show.
   * @param {Plan} plan as `next`, `skip` or `previous` gave it
   * @param {number} now
   */
  shown(plan, now) {
    this.onShow.put(plan, now).forEach((id) => {
      const card = this.get(id);
      const isNew = card !== undefined && this.stock.note(card, now);
      if (isNew && plan.isNew) this.recent = this.recent.concat(ownerOf(card.photo)).slice(-OTHERS);
    });
    this.trail.add(plan);
    // What went while its picture was on its way.
    plan.ids.filter((id) => this.get(id) === undefined).forEach((id) => this.onShow.leave(id));
    this.stock.trim();
  }

  /**
   * None of a photo's pictures can be loaded: not again for ten minutes, or until `forgive`.
   * @param {string} id
   * @param {number} now
   */
  broken(id, now) {
    this.stock.broken(id, now);
  }

  /** The network is back: what was broken may have been whole. */
  forgive() {
    this.stock.forgive();
  }

  /** After a gap, nobody knows which photos are still there: all but what is on show is forgotten. */
  forgetOthers() {
    this.stock.forgetOthers();
  }

  /** The page has taken everything off the screen. The newest of it comes back first. */
  rest() {
    this.onShow.end();
  }
}
