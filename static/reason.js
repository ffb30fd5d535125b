// Why a photo is on the wall, in words. Pure.

import { rankOf } from './order.js';

/**
 * @typedef {import('./card.js').Card} Card
 * @typedef {{topic?: any, tags?: any, words?: any, label?: any}} Topic what the stream says about an event name
 */

/** Reasons that are said: the first ones, more would hide the photo. */
const SAID = 3;
/** Letters of a name or label: more than there is room for. */
const LETTERS = 80;

/**
 * @param {unknown} text
 * @returns {string} without blank ends; '' for what is no text
 */
const words = (text) => (typeof text === 'string' ? text.trim().slice(0, LETTERS) : '');

/**
 * @param {unknown} list
 * @returns {string[]} the texts in it
 */
const texts = (list) => (Array.isArray(list) ? list.map(words).filter(Boolean) : []);

/**
 * Why a photo is here: `faved by Nolan and 2 others · tagged kitten`.
 * @param {Card} card
 * @param {Map<string, any>} topics what is known of each event name
 * @param {string} [me] what to call the one whose wall it is
 * @returns {string} '' when nothing is known
 */
export function why(card, topics, me = 'you') {
  const known = card.events.map((event) => Object(topics.get(event)));
  known.sort((a, b) => rankOf(a.topic) - rankOf(b.topic));
  const reasons = [faved(card.favers)].concat(known.map((topic) => reason(card, topic, me))).filter(Boolean);
  return reasons.filter((it, i) => reasons.indexOf(it) === i).slice(0, SAID).join(' · ');
}

/** @param {string[]} favers names, the newest first */
function faved(favers) {
  if (favers.length === 0) return '';
  return 'faved by ' + listed(favers.length > 2 ? [favers[0], favers.length - 1 + ' others'] : favers);
}

/**
 * @param {Card} card
 * @param {Topic} topic
 * @param {string} me
 * @returns {string} '' when this topic says nothing
 */
function reason({ photo, favers }, { topic, tags, words: said, label }, me) {
  // `photos tagged cat or kitten`, `photos within 5 km of …`
  const described = words(said).replace(/^photos /, '');
  switch (topic) {
    case 'my_faves':
      return favers.length === 0 ? 'faved by ' + me : '';
    case 'contacts_faves':
      return favers.length === 0 ? 'faved by a contact' : '';
    case 'contacts_photos':
      return 'new from a contact';
    case 'photos_of_contacts':
      return 'with a contact in it';
    case 'photos_of_me':
      return 'with ' + me + ' in it';
    case 'my_photos':
      return 'new from ' + me;
    case 'geo':
      return words(label) ? 'near ' + words(label) : described || 'from a place';
    case 'tags':
      return tagged(texts(tags), texts(photo.tags)) || described || words(label);
    case 'commons':
      return 'from the Commons';
    default:
      return words(label);
  }
}

/**
 * @param {string[]} wanted tags of the topic, any of which is enough
 * @param {string[]} there tags of the photo
 */
function tagged(wanted, there) {
  const clean = there.map(normal);
  const found = wanted.length === 1 ? wanted : wanted.filter((tag) => clean.indexOf(normal(tag)) >= 0);
  return found.length === 0 ? '' : 'tagged ' + listed(found.slice(0, SAID));
}

/**
 * A tag as Flickr compares it, or nearly so.
 * @param {string} tag
 */
const normal = (tag) => tag.toLowerCase().replace(/[\s!-/:-@[-`{-~]/g, '');

/**
 * @param {string[]} names
 * @returns {string} `a, b and c`
 */
const listed = (names) =>
  names.length < 2 ? names.join() : names.slice(0, -1).join(', ') + ' and ' + names[names.length - 1];
