// One card for each photo, whatever it came for and however often. Pure.

import { changed, merge } from './photo.js';

/**
 * @typedef {import('./photo.js').Photo} Photo
 * @typedef {{id: string, photo: Photo, events: string[], favers: string[], when: number, turn: number, waits: boolean,
 *   isWanted: boolean, isUnsure: boolean, shown: number, retry: number}} Card
 *   `photo`: all that is known of it; `events`: the event names that it came by; `favers`: names of those who faved it,
 *   the newest first; `when` it was last news, milliseconds since 1970, and its `turn` among those of the same moment;
 *   `waits` to be shown as new; `isWanted`: it is to be shown as new, and cannot be as long as there is no picture of it;
 *   `isUnsure`: after a gap nobody knows whether it is still there, so it goes when it leaves the show;
 *   `shown`: when it was last put on show; `retry`: not to be shown before
 */

/** Reasons kept of each kind. */
export const REASONS = 50;
/** A photo that changed longer ago than this is not new any more. */
export const OLD = 6 * 3600000;

/**
 * @param {Photo} photo
 * @returns {Card}
 */
export const newCard = (photo) => ({
  id: photo.id,
  photo,
  events: [],
  favers: [],
  when: -Infinity,
  turn: 0,
  waits: false,
  isWanted: false,
  isUnsure: false,
  shown: -Infinity,
  retry: -Infinity,
});

/**
 * Takes one more event about its photo into a card.
 * @param {Card} card
 * @param {Photo} event
 * @param {string} name of the event by which it came
 * @returns {boolean} whether the card says anything else now: servers deliver at least once
 */
export function learn(card, event, name) {
  const photo = merge(card.photo, event);
  const isNew = JSON.stringify(photo) !== JSON.stringify(card.photo);
  card.photo = photo;
  const faver = isFave(event) && event.faved_by && event.faved_by.name;
  const isFaver = Boolean(faver) && card.favers.indexOf(String(faver)) < 0;
  if (isFaver) card.favers = [String(faver)].concat(card.favers).slice(0, REASONS);
  const isEvent = name !== '' && card.events.indexOf(name) < 0 && card.events.length < REASONS;
  if (isEvent) card.events.push(name);
  return isNew || isFaver || isEvent;
}

/** @param {Photo} event */
const isFave = (event) => event.updates.indexOf('faves') >= 0 || (event.change === 'added' && event.faved_by !== undefined);

/** @param {Photo} event */
const isUpload = (event) => event.updates.indexOf('created') >= 0 || (event.change === 'added' && !isFave(event));

/**
 * Whether an event is one that makes a card: uploads and faves are news, and nothing else.
 * @param {Photo} event
 * @param {string} show which news is wanted: all uploads faves
 */
export function isNews(event, show) {
  if (show === 'uploads') return isUpload(event);
  if (show === 'faves') return isFave(event);
  return isUpload(event) || isFave(event);
}

/**
 * When an event's photo last changed; now when it does not say, or says what cannot be yet.
 * @param {Photo} event
 * @param {number} time milliseconds since 1970
 */
export function timeOf(event, time) {
  const when = changed(event);
  const latest = Number.isFinite(time) ? time : 0;
  return when < latest ? when : latest;
}
