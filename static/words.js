// What the wall says about a photo: its title, whose it is, why it is here, how old it is, where it was taken, its
// licence. Text is text, never markup. Pure.
import { age } from './age.js';
import { isWeb } from './photo.js';
import { why } from './reason.js';

/** @typedef {import('./deck.js').Card} Card */
/** @typedef {{title: string, owner: string, why: string, age: string, place: string, licence: string, isVideo: boolean,
 *   page: string, alt: string}} Words */

/** Letters that nobody sees: a title of nothing else is none. */
const INVISIBLE = /[\u200b-\u200f\u2060\u3164\ufeff]/g;
/** Letters of a name: more than there is room for. */
const LETTERS = 80;

/**
 * Text without blank ends, or '' for anything else.
 * @param {unknown} text
 */
const clean = (text) => (typeof text === 'string' && text.replace(INVISIBLE, '').trim() !== '' ? text.trim() : '');

/**
 * @param {Card} card
 * @param {Map<string, any>} topics what is known of each event name
 * @param {number} time milliseconds since 1970
 * @returns {Words}
 */
export function describe(card, topics, time) {
  const { photo } = card;
  const title = clean(photo.title);
  const owner = clean(photo.owner && photo.owner.name).slice(0, LETTERS);
  return {
    title,
    owner,
    why: why(card, topics),
    age: age(Date.parse(String(photo.published)), time),
    place: place(photo.position),
    licence: licence(photo.licence),
    isVideo: photo.video === true,
    page: isWeb(photo.page) ? String(photo.page) : '',
    alt: title || (owner ? 'Photo by ' + owner : 'Photo'),
  };
}

/**
 * @param {any} position
 * @returns {string} such as `52.52° N, 13.41° E`
 */
export function place(position) {
  if (!position || !isFinite(position.latitude) || !isFinite(position.longitude)) return '';
  const latitude = Math.abs(position.latitude).toFixed(2) + '° ' + (position.latitude < 0 ? 'S' : 'N');
  const longitude = Math.abs(position.longitude).toFixed(2) + '° ' + (position.longitude < 0 ? 'W' : 'E');
  return latitude + ', ' + longitude;
}

/**
 * @param {unknown} address of the licence's text
 * @returns {string} such as `CC BY-NC 2.0`; '' for all that does not give away anything
 */
export function licence(address) {
  const parts = /creativecommons\.org\/(licenses|publicdomain)\/([a-z-]+)\/(?:(\d\.\d)\/)?/i.exec(clean(address));
  if (parts !== null && parts[1].toLowerCase() === 'licenses') {
    return 'CC ' + parts[2].toUpperCase() + (parts[3] ? ' ' + parts[3] : '');
  }
  if (parts !== null) return parts[2].toLowerCase() === 'zero' ? 'CC0' : 'Public domain';
  return /flickr\.com\/commons\/usage/i.test(clean(address)) ? 'No known copyright restrictions' : '';
}
