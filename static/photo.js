// A photo event as the stream sends it: is it one, and what is known of the photo after the next one. No DOM in here.

/**
 * @typedef {{url: string, width?: number, height?: number, derived?: boolean}} Image
 * @typedef {{name?: string, nsid?: string, page?: string, icon?: string}} Person
 * @typedef {{change: string, updates: string[], id: string, title?: string, page?: string, owner?: Person,
 *   faved_by?: Person, updated?: string, video?: boolean, images: Image[]}} Photo a photo event, as far as walls care
 */

/**
 * Whether it is an address that may be loaded or linked to.
 * @param {unknown} url
 */
export const isWeb = (url) => typeof url === 'string' && /^https?:\/\//i.test(url);

/**
 * A photo event with its images reduced to usable ones, or null when it is none.
 * @param {any} photo
 * @returns {Photo | null}
 */
export function clean(photo) {
  if (photo === null || typeof photo !== 'object' || typeof photo.id !== 'string' || photo.id === '') return null;
  const images = Array.isArray(photo.images) ? photo.images : [];
  return Object.assign({}, photo, {
    images: images.filter((/** @type {any} */ image) => image && isWeb(image.url)),
    updates: Array.isArray(photo.updates) ? photo.updates : [],
  });
}

/**
 * What is known after an event: the newer event wins, and what it does not mention stays.
 * @param {Photo} before
 * @param {Photo} event
 * @returns {Photo}
 */
export function merge(before, event) {
  const photo = Object.assign({}, before, event);
  if (event.images.length === 0) photo.images = before.images;
  if (event.title === undefined && event.updates.indexOf('title') >= 0) delete photo.title;
  return photo;
}
