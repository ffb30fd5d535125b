// Which card comes next: classes, the newest first, and no owner in front of all others. Pure.

/**
 * @typedef {import('./photo.js').Photo} Photo
 * @typedef {import('./card.js').Card} Card
 * @typedef {Map<string, {topic?: string, tags?: string[], words?: string, label?: string}>} Topics of event names
 */

/** Cards waiting: beyond, only those from people one knows are kept … */
export const CROWD = 60;
/** … and beyond this, none. */
export const WAITING = 120;
/** An owner's next card comes after so many of others, as long as there are others. */
export const OTHERS = 3;

/** The classes of topics, the first to be shown first. The last of those from people one knows: */
const PEOPLE = 2;
/** The class of event names of which no topic is known. */
const UNKNOWN = 3;
/** @type {Map<string | undefined, number>} */
const CLASSES = new Map([
  ['my_faves', 0],
  ['contacts_faves', 1],
  ['contacts_photos', 2],
  ['photos_of_contacts', 2],
  ['photos_of_me', 2],
  ['my_photos', 2],
  ['geo', 4],
  ['tags', 5],
  ['commons', 6],
]);

/**
 * The class of a topic.
 * @param {string | undefined} topic
 */
export function rankOf(topic) {
  const rank = CLASSES.get(topic);
  return rank === undefined ? UNKNOWN : rank;
}

/**
 * The best class of all that a card came for.
 * @param {Card} card
 * @param {Topics} topics
 */
export function classOf({ events }, topics) {
  if (events.length === 0) return UNKNOWN;
  return Math.min.apply(null, events.map((event) => rankOf((topics.get(event) || {}).topic)));
}

/**
 * Whom a photo is from. A photo that does not say is from nobody else's owner.
 * @param {Photo} photo
 */
export function ownerOf({ id, owner = {} }) {
  return owner.nsid || owner.name || owner.page || ' ' + id;
}

/**
 * Newest first.
 * @param {Card} a
 * @param {Card} b
 */
const newest = (a, b) => b.when - a.when || b.turn - a.turn;

/**
 * @param {Card[]} cards
 * @param {Topics} topics
 * @returns {Card[]} as they are to be shown: class by class, the newest first in each
 */
export function inOrder(cards, topics) {
  const ranked = cards.map((card) => ({ card, rank: classOf(card, topics) }));
  ranked.sort((a, b) => a.rank - b.rank || newest(a.card, b.card));
  return ranked.map(({ card }) => card);
}

/**
 * @param {Card[]} cards that waited
 * @param {Topics} topics
 * @returns {Card[]} those of them that are too many
 */
export function tooMany(cards, topics) {
  const late = cards.slice().sort(newest).reverse();
  const others = late.filter((card) => classOf(card, topics) > PEOPLE).slice(0, Math.max(0, cards.length - CROWD));
  const rest = late.filter((card) => others.indexOf(card) < 0);
  return others.concat(rest.slice(0, Math.max(0, rest.length - WAITING)));
}

/**
 * How lately an owner was shown: -1 not among the last ones, and from 0 on the more the later.
 * @param {Card} card
 * @param {string[]} recent owners of the last cards that were shown as new, the latest last
 */
const lateness = (card, recent) => recent.slice(-OTHERS).lastIndexOf(ownerOf(card.photo));

/**
 * Those of the cards whose turn it is: of owners who were not among the last ones shown, or else of the one who was so
 * the longest time ago.
 * @param {Card[]} cards in order
 * @param {string[]} recent owners of the last cards that were shown as new, the latest last
 */
export function fair(cards, recent) {
  const least = cards.reduce((least, card) => Math.min(least, lateness(card, recent)), Infinity);
  return cards.filter((card) => lateness(card, recent) === least);
}

/**
 * Draws the next cards, one after the other.
 * @param {Card[]} cards in order
 * @param {string[]} recent
 * @param {number} count at most
 * @returns {Card[]}
 */
export function draw(cards, recent, count) {
  /** @type {Card[]} */
  const drawn = [];
  while (drawn.length < count && drawn.length < cards.length) {
    const owners = recent.concat(drawn.map(({ photo }) => ownerOf(photo)));
    drawn.push(fair(cards.filter((card) => drawn.indexOf(card) < 0), owners)[0]);
  }
  return drawn;
}

/**
 * What was seen before, as it is to be shown again: the least recently shown first, among those never shown the newest.
 * @param {Card[]} cards
 * @returns {Card[]}
 */
export function stalest(cards) {
  return cards.slice().sort((a, b) => (a.shown === b.shown ? newest(a, b) : a.shown - b.shown));
}

/**
 * @param {Card[]} cards
 * @param {number} most
 * @returns {Card[]} those of them that are too many: the oldest
 */
export const oldest = (cards, most) => cards.slice().sort(newest).slice(most);
