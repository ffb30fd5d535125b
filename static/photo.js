// A photo event as the stream sends it: is it one, and what is known of the photo after the next one. Pure.

/**
 * @typedef {{url: string, width?: number, height?: number, derived?: boolean}} Image
 * @typedef {{name?: string, nsid?: string, page?: string, icon?: string}} Person
 * @typedef {{change: string, updates: string[], id: string, title?: string, page?: string, owner?: Person,
 *   faved_by?: Person, published?: string, updated?: string, taken?: string, tags?: string[],
 *   position?: {latitude: number, longitude: number}, licence?: string, video?: boolean, images: Image[]}} Photo
 *   a photo event, as far as walls care; `title` is '' when the photo is known to have none
 */

/** Letters of a title, of which a screen has room for a part … */
const TITLE = 1000;
/** … and of any other text: a longer one is none. */
const TEXT = 2000;
/** Sizes of one picture, tags of one photo, kinds of change in one event. */
const MANY = 100;

/**
 * Whether it is an address that may be loaded or linked to.
 * @param {unknown} url
 */
export const isWeb = (url) => typeof url === 'string' && /^https?:\/\//i.test(url);

/** @param {unknown} value */
const text = (value) => (typeof value === 'string' && value.length <= TEXT ? value : undefined);

/** @param {unknown} value */
const pixels = (value) => (typeof value === 'number' && value > 0 && isFinite(value) ? value : undefined);

/**
 * @param {unknown} value
 * @returns {any[]}
 */
const list = (value) => (Array.isArray(value) ? value.slice(0, MANY) : []);

/**
 * Whether it has fields that may be looked at.
 * @param {any} value
 */
const isObject = (value) => typeof value === 'object' && value !== null;

/**
 * @param {any} person
 * @returns {Person | undefined}
 */
function somebody(person) {
  if (!isObject(person)) return undefined;
  const { name, nsid, page, icon } = person;
  return { name: text(name), nsid: text(nsid), page: text(page), icon: text(icon) };
}

/**
 * @param {any} image
 * @returns {Image}
 */
const picture = ({ url, width, height, derived }) => ({
  url,
  width: pixels(width),
  height: pixels(height),
  derived: derived === true || undefined,
});

/**
 * @param {any} position
 * @returns {{latitude: number, longitude: number} | undefined}
 */
function place(position) {
  if (!isObject(position)) return undefined;
  const { latitude, longitude } = position;
  const isPoint = Number.isFinite(latitude) && Number.isFinite(longitude);
  return isPoint ? { latitude, longitude } : undefined;
}

/**
 * A photo event with nothing in it but what is usable, or null when it is none. A field that is not what it should be is
 * as good as missing.
 * @param {any} event
 * @returns {Photo | null}
 */
export function clean(event) {
  if (!isObject(event) || !text(event.id)) return null;
  const updates = list(event.updates).filter(text);
  const title = typeof event.title === 'string' ? event.title.slice(0, TITLE) : undefined;
  const tags = list(event.tags).filter(text);
  return {
    change: text(event.change) || '',
    updates,
    id: event.id,
    title: title === undefined && updates.indexOf('title') >= 0 ? '' : title,
    page: text(event.page),
    owner: somebody(event.owner),
    faved_by: somebody(event.faved_by),
    published: text(event.published),
    updated: text(event.updated),
    taken: text(event.taken),
    tags: tags.length > 0 ? tags : undefined,
    position: place(event.position),
    licence: text(event.licence),
    video: event.video === true || undefined,
    images: list(event.images).filter((it) => isObject(it) && text(it.url) && isWeb(it.url)).map(picture),
  };
}

/**
 * When the photo last changed, milliseconds since 1970; NaN when nobody said.
 * @param {Photo} photo
 */
export const changed = ({ updated, published }) => Date.parse(updated || published || '');

/**
 * What is known after an event: the newer of both wins, and what it does not mention stays. An event that came late, as
 * after a server lost its history, adds only what was missing.
 * @param {Photo} before
 * @param {Photo} event
 * @returns {Photo}
 */
export function merge(before, event) {
  const isLate = changed(event) < changed(before);
  /** @type {any} */
  const older = isLate ? event : before;
  /** @type {any} */
  const newer = isLate ? before : event;
  /** @type {any} */
  const photo = {};
  Object.keys(before).forEach((field) => {
    photo[field] = newer[field] === undefined ? older[field] : newer[field];
  });
  if (newer.images.length === 0) photo.images = older.images;
  return photo;
}
