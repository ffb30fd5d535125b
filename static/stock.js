// Which cards there are: what comes in makes them, changes them, lets them wait, and takes them away. Pure.

import { Barred } from './barred.js';
import { isNews, learn, newCard, OLD, timeOf } from './card.js';
import { Gone } from './gone.js';
import { oldest, tooMany } from './order.js';
import { BURST, SETTLE } from './pacing.js';
import { clean } from './photo.js';
import { Seen } from './seen.js';

/**
 * @typedef {import('./card.js').Card} Card
 * @typedef {import('./photo.js').Photo} Photo
 * @typedef {'new' | 'changed' | 'removed' | 'ignored'} Taken what a message about a photo meant: it waits to be shown as
 *   new; its card says something else now, or is one from before; it was on the wall and must leave; nothing
 */

/** Cards kept beside those that wait and those on show. */
export const HISTORY = 100;
/** A broken picture is tried again after so long. */
export const RETRY = 600000;

export class Stock {
  /**
   * @param {string} show which news makes cards: all uploads faves
   * @param {import('./onshow.js').OnShow} onShow
   */
  constructor(show, onShow) {
    this.show = show;
    this.onShow = onShow;
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    /** @type {import('./order.js').Topics} */
    this.topics = new Map();
    this.barred = new Barred();
    this.gone = new Gone();
    this.seen = new Seen();
    /** When a card came last that waits, and when the burst began that it belongs to. */
    this.lastNew = -Infinity;
    this.burst = -Infinity;
    /** Counts the news. */
    this.turn = 0;
  }

  /**
   * @param {string} id
   * @returns {Card | undefined} undefined too when somebody has hidden it
   */
  get(id) {
    const card = this.cards.get(id);
    return card === undefined || this.barred.has(card.photo) ? undefined : card;
  }

  /**
   * @param {(card: Card) => boolean} isWanted
   * @returns {Card[]}
   */
  all(isWanted) {
    return Array.from(this.cards.values()).filter(isWanted);
  }

  /**
   * Whether a photo can be shown.
   * @param {string} id
   * @param {number} now
   */
  has(id, now) {
    const card = this.get(id);
    return card !== undefined && card.photo.images.length > 0 && !(card.retry > now);
  }

  /**
   * Whether no burst is coming in.
   * @param {number} now
   */
  isSettled(now) {
    return !(now - this.lastNew < SETTLE) || !(now - this.burst < BURST);
  }

  /**
   * @param {any} message the stream's `wall` message
   * @returns {string[]} ids of photos on show that must leave at once
   */
  hear(message) {
    const { events, hidden, muted } = Object(message);
    const named = (Array.isArray(events) ? events : []).filter((it) => it && typeof it.event === 'string');
    this.topics = new Map(named.map((it) => [it.event, it]));
    this.barred.hear({ hidden, muted });
    const cards = this.all(({ photo }) => this.barred.has(photo));
    return cards.filter((card) => this.bar(card)).map(({ id }) => id);
  }

  /**
   * @param {any} message the stream's `photo` message
   * @param {number} now
   * @param {number} time milliseconds since 1970
   * @returns {Taken}
   */
  take(message, now, time) {
    const { photo, event } = Object(message);
    const known = clean(photo);
    if (known === null) return 'ignored';
    if (known.change === 'removed') return this.remove(known);
    if (this.gone.has(known)) return 'ignored';
    const before = this.cards.get(known.id);
    const isNew = isNews(known, this.show);
    if (before === undefined && (!isNew || this.barred.has(known))) return 'ignored';
    const card = before || newCard(known);
    card.isUnsure = false;
    const isKnown = !learn(card, known, typeof event === 'string' ? event : '');
    if (before !== undefined && isKnown) return 'ignored';
    if (this.barred.has(card.photo)) return this.bar(card) ? 'removed' : 'ignored';
    this.cards.set(card.id, card);
    if (isNew) this.renew(card, timeOf(known, time), now, time);
    if (known.images.length > 0) card.retry = -Infinity;
    const isQueued = !card.waits && this.queue(card, now);
    this.trim();
    return isQueued && card.waits ? 'new' : 'changed';
  }

  /**
   * The card is news.
   * @param {Card} card
   * @param {number} when its photo changed, milliseconds since 1970
   * @param {number} now
   * @param {number} time
   */
  renew(card, when, now, time) {
    this.turn += 1;
    card.turn = this.turn;
    card.when = Math.max(card.when, when);
    card.isWanted = !(time - when > OLD) && !this.onShow.has(card.id) && !this.seen.has(card.id, now);
  }

  /**
   * Lets a card wait that is to be shown as new, if it can be.
   * @param {Card} card
   * @param {number} now
   * @returns {boolean} whether it waits now
   */
  queue(card, now) {
    card.waits = card.isWanted && card.photo.images.length > 0 && !(card.retry > now);
    if (!card.waits) return false;
    if (!(now - this.lastNew < SETTLE)) this.burst = now;
    this.lastNew = now;
    return true;
  }

  /**
   * @param {Photo} photo
   * @returns {Taken}
   */
  remove(photo) {
    this.gone.add(photo);
    this.onShow.leave(photo.id);
    return this.cards.delete(photo.id) ? 'removed' : 'ignored';
  }

  /**
   * Somebody does not want to see this card.
   * @param {Card} card
   * @returns {boolean} whether it was on show
   */
  bar(card) {
    card.waits = false;
    card.isWanted = false;
    return this.onShow.leave(card.id);
  }

  /** Keeps what waits and what was seen before within bounds. */
  trim() {
    this.dropUnsure();
    tooMany(this.all((card) => card.waits), this.topics).forEach((card) => {
      card.waits = false;
      card.isWanted = false;
    });
    const rest = this.all((card) => !card.waits && !this.onShow.keeps(card.id));
    oldest(rest, HISTORY).forEach(({ id }) => this.cards.delete(id));
  }

  /**
   * A photo is on show.
   * @param {Card} card
   * @param {number} now
   * @returns {boolean} whether it waited for that
   */
  note(card, now) {
    const waited = card.waits;
    if (waited) this.seen.add(card.id, now);
    card.shown = now;
    card.waits = false;
    card.isWanted = false;
    return waited;
  }

  /**
   * None of a photo's pictures could be loaded: not again for a while, and only new again when the network was to blame.
   * @param {string} id
   * @param {number} now
   */
  broken(id, now) {
    const card = this.cards.get(id);
    if (card === undefined) return;
    card.retry = now + RETRY;
    card.isWanted = card.waits;
    card.waits = false;
  }

  /** The network is back: what was broken may have been whole. */
  forgive() {
    this.cards.forEach((card) => {
      card.retry = -Infinity;
      card.waits = card.waits || (card.isWanted && card.photo.images.length > 0);
    });
    this.trim();
  }

  /** Nobody knows which of the cards are still true: what is on show goes when it leaves, unless it is told of again. */
  forgetOthers() {
    this.cards.forEach((card) => {
      card.isUnsure = true;
    });
    this.dropUnsure();
  }

  dropUnsure() {
    this.cards.forEach(({ id, isUnsure }) => {
      if (isUnsure && !this.onShow.keeps(id)) this.cards.delete(id);
    });
  }
}
