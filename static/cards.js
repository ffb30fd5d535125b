// Which photo is on show and what comes next. No DOM and no clock in here: the time, in milliseconds, is passed in.

import { Gone } from './gone.js';
import { clean, merge } from './photo.js';

/**
 * @typedef {import('./photo.js').Photo} Photo
 * @typedef {{id: string, photo: Photo, said: string, shown: number, retry: number}} Card one for each photo;
 *   `said`: its last event as text, `shown`: when it was last put on show, `retry`: not to be shown before
 * @typedef {'new' | 'changed' | 'removed' | 'ignored'} Taken what a photo event meant
 */

/** Cards kept. */
export const KEEP = 50;
/** Cards waiting to be shown for the first time. */
export const WAITING = 10;
/** A photo stays up for so long before a newer one replaces it. */
export const HOLD = 5000;
/** With nothing new for so long, photos from before are shown again … */
export const QUIET = 40000;
/** … each for so long. */
export const WALK = 15000;
/** A broken picture is tried again after so long. */
export const RETRY = 600000;
/** Messages that come closer together than this are one burst, of which the newest photo is shown first … */
export const SETTLE = 120;
/** … but a burst is waited for no longer than this. */
export const BURST = 1000;

export class Cards {
  constructor() {
    /** @type {Map<string, Card>} in the order of becoming the newest, newest last */
    this.cards = new Map();
    /** @type {string[]} ids of cards to be shown, newest last */
    this.waiting = [];
    this.gone = new Gone();
    /** @type {string | null} id of the photo on show */
    this.current = null;
    /** When it was put on show. */
    this.since = -Infinity;
    /** When something new came last, and when the burst began that it belongs to. */
    this.latest = -Infinity;
    this.burst = -Infinity;
  }

  /**
   * @param {string} id
   * @returns {Card | undefined}
   */
  get(id) {
    return this.cards.get(id);
  }

  /**
   * Takes in one photo event.
   * @param {any} event
   * @param {number} now
   * @returns {Taken}
   */
  take(event, now) {
    const photo = clean(event);
    if (photo === null) return 'ignored';
    if (photo.change === 'removed') return this.remove(photo);
    if (this.gone.has(photo)) return 'ignored';
    const card = this.cards.get(photo.id);
    const said = JSON.stringify(event);
    const isNew = photo.change === 'added' || photo.updates.indexOf('faves') >= 0;
    if (card === undefined && !isNew) return 'ignored';
    // The server delivers at least once, and the newest again after it lost its history.
    if (card !== undefined && card.said === said) return 'ignored';
    const next = card || { id: photo.id, photo, said, shown: -Infinity, retry: -Infinity };
    if (card !== undefined) {
      next.photo = merge(card.photo, photo);
      next.said = said;
      if (photo.images.length > 0) next.retry = -Infinity;
    }
    if (!isNew) return 'changed';
    this.cards.delete(next.id);
    this.cards.set(next.id, next);
    this.announce(next, now);
    return 'new';
  }

  /**
   * @param {Card} card
   * @param {number} now
   */
  announce(card, now) {
    if (now - this.latest >= SETTLE) this.burst = now;
    this.latest = now;
    this.forget(card.id);
    if (card.id !== this.current && card.photo.images.length > 0) this.waiting.push(card.id);
    if (this.waiting.length > WAITING) this.waiting.shift();
    if (this.cards.size <= KEEP) return;
    for (const id of this.cards.keys()) {
      if (id === this.current || this.waiting.indexOf(id) >= 0) continue;
      this.cards.delete(id);
      return;
    }
  }

  /**
   * @param {Photo} photo
   * @returns {Taken}
   */
  remove(photo) {
    this.gone.add(photo);
    this.forget(photo.id);
    if (this.current === photo.id) {
      this.current = null;
      this.since = -Infinity;
    }
    return this.cards.delete(photo.id) ? 'removed' : 'ignored';
  }

  /** @param {string} id */
  forget(id) {
    this.waiting = this.waiting.filter((other) => other !== id);
  }

  /**
   * The card to put on show now, if any; the caller then says `shown` or `broken`.
   * @param {number} now
   * @returns {Card | null}
   */
  next(now) {
    if (now - this.latest < SETTLE && now - this.burst < BURST) return null;
    const up = now - this.since;
    if (up < HOLD) return null;
    for (let i = this.waiting.length - 1; i >= 0; i -= 1) {
      const card = this.cards.get(this.waiting[i]);
      if (card !== undefined && card.retry <= now) return card;
    }
    if (this.current !== null && (now - this.latest < QUIET || up < WALK)) return null;
    return this.stalest(now);
  }

  /**
   * The least recently shown card that is not on show; among those never shown, the newest.
   * @param {number} now
   * @returns {Card | null}
   */
  stalest(now) {
    /** @type {Card | null} */
    let found = null;
    this.cards.forEach((card) => {
      if (card.id === this.current || card.photo.images.length === 0 || card.retry > now) return;
      const isNever = card.shown === -Infinity;
      if (found === null || card.shown < found.shown || (isNever && found.shown === -Infinity)) found = card;
    });
    return found;
  }

  /**
   * @param {string} id
   * @param {number} now
   */
  shown(id, now) {
    const card = this.cards.get(id);
    if (card === undefined) return;
    card.shown = now;
    this.forget(id);
    this.current = id;
    this.since = now;
  }

  /**
   * None of its pictures could be loaded.
   * @param {string} id
   * @param {number} now
   */
  broken(id, now) {
    const card = this.cards.get(id);
    if (card !== undefined) card.retry = now + RETRY;
    this.forget(id);
  }

  /** Forgets all but the card on show. */
  forgetOthers() {
    this.waiting = [];
    this.cards.forEach((card) => {
      if (card.id !== this.current) this.cards.delete(card.id);
    });
  }

  /** The network is back: what was broken may have been whole. */
  forgive() {
    this.cards.forEach((card) => {
      card.retry = -Infinity;
    });
  }

  /**
   * Whether the photo on show, if any, has been up long enough to be replaced.
   * @param {number} now
   */
  isRested(now) {
    return now - this.since >= HOLD;
  }
}
