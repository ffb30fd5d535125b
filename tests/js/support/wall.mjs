// A wall without pixels, on time that the test makes pass, and the messages that it hears.

import { Deck } from '../../../static/deck.js';

export const LANDSCAPE = { width: 1920, height: 1080 };
export const PORTRAIT = { width: 1080, height: 1920 };
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** What time it is when a wall begins. */
export const NOON = Date.parse('2026-11-25T12:00:00Z');

/** Pictures that are wider than high: alone on a landscape screen. */
export const WIDE = [{ url: 'https://live.example/1_b.jpg', width: 1024, height: 683 }];
export const TALL = [{ url: 'https://live.example/2_b.jpg', width: 683, height: 1024 }];

/** An event about a photo of an owner of its own. */
export const added = (id, more) => ({ change: 'added', id: String(id), title: `photo ${id}`, images: WIDE, ...more });
export const updated = (id, updates, more) => ({ change: 'updated', updates, id: String(id), images: WIDE, ...more });
export const removed = (id, more) => ({ change: 'removed', id: String(id), ...more });
export const by = (nsid, more) => ({ owner: { nsid, name: `name of ${nsid}` }, ...more });

/** The topics of the event names below. */
export const TOPICS = ['my_faves', 'contacts_faves', 'contacts_photos', 'photos_of_me', 'geo', 'tags', 'commons'];
export const hello = (more) => ({ type: 'wall', events: TOPICS.map((topic) => ({ event: topic, topic })), ...more });

/** Shows at each beat what the deck says, and notes it. */
export class Wall {
  constructor(settings, screen = LANDSCAPE) {
    this.deck = new Deck(settings);
    this.screen = screen;
    this.start = 1e6;
    this.now = this.start;
    /** What was put on show, and when. */
    this.plans = [];
    this.deck.hear(hello());
  }

  get time() {
    return NOON + this.now - this.start;
  }

  take(photo, event = 'kittens') {
    return this.deck.take({ type: 'photo', event, position: 'e:1', photo }, this.now, this.time);
  }

  /** Each of these, in this order. */
  takeAll(photos, event) {
    photos.forEach((photo) => this.take(photo, event));
  }

  show(plan) {
    if (plan === null) return null;
    this.deck.shown(plan, this.now);
    this.plans.push({ ...plan, at: this.now });
    return plan;
  }

  pass(milliseconds) {
    for (const end = this.now + milliseconds; this.now < end; ) {
      this.now += 10;
      this.show(this.deck.next(this.now, this.screen));
    }
  }

  skip() {
    return this.show(this.deck.skip(this.now, this.screen));
  }

  previous() {
    return this.show(this.deck.previous(this.now, this.screen));
  }

  /** The photos put on show, in this order; of a mosaic's change, the new one. */
  get seen() {
    return this.plans.flatMap(({ ids, swap }) => (swap < 0 ? ids : [ids[swap]]));
  }

  /** What is on show: `1`, or `1+2` for two or four. */
  get shows() {
    return this.deck.current === null ? '' : this.deck.current.ids.join('+');
  }

  get layout() {
    return this.deck.current === null ? '' : this.deck.current.layout;
  }

  /** How long each plan was up, but for the last. */
  get times() {
    return this.plans.slice(1).map(({ at }, i) => at - this.plans[i].at);
  }
}
