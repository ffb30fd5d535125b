// From cards to a plan: one photo, two together, or a mosaic of four. Pure.

import { kind, suits } from './layout.js';
import { classOf, draw, fair, ownerOf } from './order.js';
import { FEW, MANY } from './pacing.js';

/**
 * @typedef {import('./card.js').Card} Card
 * @typedef {import('./layout.js').Size} Size
 * @typedef {import('./order.js').Topics} Topics
 * @typedef {import('./trail.js').Plan} Plan
 * @typedef {{fresh: Card[], old: Card[], current: Plan | null, ups: number[], recent: string[], topics: Topics,
 *   layout: string, screen: Size}} Table what there is to choose from
 *   `fresh`: cards that wait, in order; `old`: those that do not, as they are to be shown again; both without what is on
 *   show; `ups`: since when each tile of what is on show has been up; `recent`: owners of the last cards that were shown as
 *   new, the latest last; `layout` by the settings
 */

/** Photos of a mosaic. */
const FOUR = 4;

/**
 * @param {string[]} ids
 * @param {Partial<Plan>} more
 * @returns {Plan}
 */
export const plan = (ids, more = {}) => Object.assign({ layout: 'single', ids, swap: -1, isNew: false, step: -1 }, more);

/**
 * The next plan.
 * @param {Table} table
 * @param {boolean} isNew it begins with a card that waits, or else with one from before
 * @returns {Plan | null} null when there is nothing else to show
 */
export function choose(table, isNew) {
  const cards = isNew ? table.fresh : table.old;
  if (cards.length === 0) return null;
  if (!isMosaic(table)) return together(table, cards, isNew);
  const { current, ups } = table;
  if (current === null || current.layout !== 'mosaic') return fill(table);
  const [card] = isNew ? fair(cards, table.recent) : cards;
  return change(current, ups.indexOf(Math.min.apply(null, ups)), card, isNew);
}

/**
 * Fills the tiles whose photos have gone.
 * @param {Table} table with holes in its mosaic
 * @returns {Plan | null} null when there is nothing to fill them with
 */
export function mend(table) {
  const { current, fresh, old, recent } = table;
  if (current === null) return null;
  const holes = current.ids.map((_, i) => i).filter((i) => current.ids[i] === '');
  const cards = draw(fresh, recent, holes.length).concat(old).slice(0, holes.length);
  if (cards.length < holes.length) return null;
  const isNew = cards[0].waits;
  if (holes.length === 1) return change(current, holes[0], cards[0], isNew);
  const ids = current.ids.map((id, i) => (id === '' ? cards[holes.indexOf(i)].id : id));
  return plan(ids, { layout: 'mosaic', isNew });
}

/**
 * Whether it is the time of mosaics: many wait, and then until few do; or somebody likes them.
 * @param {Table} table
 */
function isMosaic({ fresh, old, current, layout, screen }) {
  if (layout === 'single' || !suits('mosaic', screen)) return false;
  const shown = current === null ? 0 : current.ids.length;
  if (layout === 'mosaic') return fresh.length + old.length + shown >= FOUR;
  const isOne = current !== null && current.layout === 'mosaic';
  return fresh.length > (isOne ? FEW : MANY);
}

/**
 * A mosaic of what is new, what is on show, and what was seen before.
 * @param {Table} table
 * @returns {Plan}
 */
function fill({ fresh, old, current, recent }) {
  const ids = draw(fresh, recent, FOUR).map(({ id }) => id);
  const others = (current === null ? [] : current.ids).concat(old.map(({ id }) => id));
  return plan(ids.concat(others).slice(0, FOUR), { layout: 'mosaic', isNew: ids.length > 0 });
}

/**
 * The mosaic on show with one tile changed.
 * @param {Plan} current
 * @param {number} swap
 * @param {Card} card
 * @param {boolean} isNew
 * @returns {Plan}
 */
function change(current, swap, card, isNew) {
  const ids = current.ids.slice();
  ids[swap] = card.id;
  return plan(ids, { layout: 'mosaic', swap, isNew });
}

/**
 * The card whose turn it is, and, where two of its kind suit the screen, the next one of its kind. A new one's partner is
 * of the same class, unless few wait, and its turn must have come too as far as owners go; so no owner gets more by
 * partners than alone, and each plan lets no more than one card overtake.
 * @param {Table} table
 * @param {Card[]} cards
 * @param {boolean} isNew
 * @returns {Plan}
 */
function together({ recent, topics, layout, screen }, cards, isNew) {
  const head = isNew ? fair(cards, recent)[0] : cards[0];
  const shape = layout === 'single' ? 'single' : kind(head.photo, screen);
  if (shape === 'single') return plan([head.id], { isNew });
  const rest = cards.filter((card) => card !== head);
  const next = isNew ? fair(rest, recent.concat(ownerOf(head.photo))) : rest;
  const isClose = (/** @type {Card} */ card) =>
    !isNew || cards.length <= FEW || classOf(card, topics) === classOf(head, topics);
  const partner = next.filter((card) => kind(card.photo, screen) === shape && isClose(card))[0];
  return partner === undefined ? plan([head.id], { isNew }) : plan([head.id, partner.id], { layout: shape, isNew });
}
