// A wall that lives through a random script, and a witness that knows what no plan may ever be.

import assert from 'node:assert/strict';
import { HISTORY } from '../../../static/stock.js';
import { classOf, WAITING } from '../../../static/order.js';
import { kind } from '../../../static/layout.js';
import { FEW } from '../../../static/pacing.js';
import { AGAIN } from '../../../static/seen.js';
import { added, hello, HOUR, Wall } from './wall.mjs';

const SIZES = { single: 1, pair: 2, stack: 2, mosaic: 4 };
const ownerOf = ({ id, photo: { owner } }) => (owner && (owner.nsid || owner.name)) || `nobody ${id}`;
const isBefore = (a, b) => a.when > b.when || (a.when === b.when && a.turn > b.turn);

export class Life extends Wall {
  constructor(settings) {
    super(settings);
    this.layoutWanted = settings.layout;
    this.removed = new Set();
    this.hidden = [];
    this.muted = [];
    /** When each photo was shown as new, and whose they were, the latest last. */
    this.news = new Map();
    this.owners = [];
    this.strangers = 0;
  }

  live(script) {
    script.forEach((step) => {
      this[step.kind](step);
      this.checkBounds();
    });
  }

  /** What the deck says is looked at, before it is shown. */
  show(plan) {
    if (plan !== null) this.look(plan);
    return super.show(plan);
  }

  look(plan) {
    this.check(plan);
    this.noteNews(plan);
  }

  cards() {
    return [...this.deck.stock.cards.values()];
  }

  /** Cards that wait and can be shown. */
  ready() {
    return this.cards().filter(({ id, waits }) => waits && this.deck.stock.has(id, this.now));
  }

  photo({ event, age, photo }) {
    const updated = age === undefined ? undefined : new Date(this.time - age * HOUR).toISOString();
    return this.take({ ...photo, updated }, event);
  }

  burst({ photos }) {
    photos.forEach((it) => this.photo(it));
  }

  flood({ count, event, owner }) {
    for (let n = 0; n < count; n += 1) {
      this.strangers += 1;
      this.take(added(`s${this.strangers}`, { owner }), event);
    }
  }

  pass(step) {
    const { beats, beat } = typeof step === 'number' ? { beats: step / 50, beat: 50 } : step;
    for (let n = 0; n < beats; n += 1) {
      this.now += beat;
      this.show(this.deck.next(this.now, this.screen));
    }
  }

  /** The pictures of a plan take their time. */
  late({ beats, photos }) {
    const plan = this.deck.next(this.now, this.screen);
    if (plan === null) return;
    this.look(plan);
    this.now += beats * 100;
    this.take({ id: plan.ids[0], change: 'updated', updates: ['faves'], images: [], faved_by: { name: 'Eve' } });
    this.burst({ photos });
    super.show(plan);
  }

  remove({ id }) {
    this.removed.add(id);
    this.take({ id, change: 'removed' });
  }

  bar({ hidden, muted }) {
    const before = this.deck.current === null ? [] : this.deck.current.ids;
    this.hidden = hidden;
    this.muted = muted;
    const leaving = this.deck.hear(hello({ hidden, muted: muted.map((nsid) => ({ nsid })) }));
    assert.ok(leaving.every((id) => before.includes(id)));
    const staying = this.deck.current === null ? [] : this.deck.current.ids.filter(Boolean);
    assert.ok(staying.every((id) => !this.isBarred(id)));
  }

  turn({ screen: [width, height] }) {
    this.screen = { width, height };
  }

  broken({ id }) {
    this.deck.broken(id, this.now);
  }

  forgive() {
    this.deck.forgive();
  }

  gap() {
    this.deck.forgetOthers();
  }

  rest() {
    this.deck.rest();
    assert.equal(this.deck.current, null);
  }

  hours() {
    this.now += 2 * HOUR;
  }

  isBarred(id) {
    const { photo: { owner } } = this.deck.stock.cards.get(id);
    return this.removed.has(id) || this.hidden.includes(id) || Boolean(owner && this.muted.includes(owner.nsid));
  }

  check(plan) {
    const { layout, ids, swap } = plan;
    const text = JSON.stringify([plan, this.deck.current]);
    assert.equal(ids.length, SIZES[layout], text);
    assert.equal(new Set(ids).size, ids.length, text);
    ids.forEach((id) => assert.ok(this.deck.get(id) !== undefined && !this.isBarred(id), `${id} of ${text}`));
    ids.forEach((id) => assert.ok(this.deck.get(id).photo.images.length > 0, `${id} of ${text}`));
    if (this.layoutWanted === 'single') assert.equal(layout, 'single');
    const { width, height } = this.screen;
    assert.ok(layout !== 'pair' || width > height, text);
    assert.ok(layout !== 'stack' || height > width, text);
    if (swap >= 0) {
      const before = this.deck.current.ids;
      ids.forEach((id, i) => assert.equal(id !== before[i], i === swap, `tile ${i} of ${text}`));
    } else if (layout === 'mosaic' && this.deck.current !== null && this.deck.current.layout === 'mosaic') {
      const holes = this.deck.current.ids.filter((id) => id === '').length;
      assert.ok(holes > 1 || plan.step >= 0, text);
    }
  }

  /** What is new in a plan comes in its turn, and not too soon again. */
  noteNews({ layout, ids, swap, isNew }) {
    const coming = ids.filter((id, i) => (swap < 0 || swap === i) && this.deck.get(id).waits);
    if (!isNew) return;
    assert.ok(coming.length > 0, 'new, and nothing in it is');
    const ready = this.ready();
    let rest = ready;
    coming.forEach((id, n) => {
      const card = this.deck.get(id);
      const last = this.news.get(id);
      assert.ok(last === undefined || this.now - last >= AGAIN, `${id} again`);
      this.checkOwner(card, rest);
      const isPartner = n === 1 && layout !== 'mosaic';
      if (isPartner) this.checkPartner(card, this.deck.get(coming[0]), ready);
      this.checkOrder(card, isPartner ? rest.filter((it) => kind(it.photo, this.screen) === layout) : rest);
      rest = rest.filter((it) => it !== card);
      this.news.set(id, this.now);
      this.owners = this.owners.concat(ownerOf(card)).slice(-3);
    });
  }

  lateness(card) {
    return this.owners.lastIndexOf(ownerOf(card));
  }

  /** Among four in a row no owner is twice, unless all that wait are of such, and then the one longest ago is next. */
  checkOwner(card, ready) {
    const late = this.lateness(card);
    if (late < 0) return;
    ready.forEach((it) => assert.ok(this.lateness(it) >= late, `${ownerOf(card)} before ${ownerOf(it)} after ${this.owners}`));
  }

  checkPartner(card, head, ready) {
    const isSame = classOf(card, this.deck.topics) === classOf(head, this.deck.topics);
    assert.ok(isSame || ready.length <= FEW);
  }

  /** Of all of its class whose turn it could be as well, it is the newest. */
  checkOrder(card, ready) {
    const { topics } = this.deck;
    const late = this.lateness(card);
    ready
      .filter((it) => classOf(it, topics) === classOf(card, topics) && this.lateness(it) === late)
      .forEach((it) => assert.ok(!isBefore(it, card), `${it.id} is newer than ${card.id}`));
  }

  checkBounds() {
    const { stock, waiting, trail } = this.deck;
    assert.ok(waiting <= WAITING, `${waiting} wait`);
    assert.ok(stock.cards.size <= WAITING + HISTORY + 5, `${stock.cards.size} cards`);
    assert.ok(stock.seen.times.size <= 2000 && stock.gone.times.size <= 500 && trail.plans.length <= 21);
    this.cards().forEach((card) => assert.ok(card.events.length <= 50 && card.favers.length <= 50));
  }
}
