// Where photos stand on a screen: alone, two together, or four as a mosaic. Pure; all measures are CSS pixels.

/**
 * @typedef {import('./photo.js').Photo} Photo
 * @typedef {{width: number, height: number}} Size
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 * @typedef {'single' | 'pair' | 'stack' | 'mosaic'} Layout
 */

/** A picture is drawn at most so much larger than it is: beyond, it looks soft. */
export const UPSCALE = 1.5;
/** A mosaic's tile has at least so many pixels in each direction, or else there is no mosaic. */
const TILE = 240;
/** Narrower than this is a portrait of which two stand side by side … */
const PORTRAIT = 0.85;
/** … and wider than this a landscape of which two stand one over the other. */
const LANDSCAPE = 1.2;

/**
 * Width by height, or 0 when unknown.
 * @param {Photo} photo
 */
export function proportion(photo) {
  const sized = photo.images.filter(({ width, height }) => Number(width) > 0 && Number(height) > 0);
  // The pixels of a derived size are rounded once more.
  const named = sized.filter(({ derived }) => !derived);
  const largest = (named.length > 0 ? named : sized).pop();
  return largest === undefined ? 0 : Number(largest.width) / Number(largest.height);
}

/**
 * The layout in which this photo stands together with another of its kind on this screen, or 'single'.
 * @param {Photo} photo
 * @param {Size} screen
 * @returns {Layout}
 */
export function kind(photo, screen) {
  const shape = proportion(photo);
  if (suits('pair', screen) && shape > 0 && shape < PORTRAIT) return 'pair';
  return suits('stack', screen) && shape > LANDSCAPE ? 'stack' : 'single';
}

/**
 * Whether a screen is made for a layout.
 * @param {Layout} layout
 * @param {Size} screen
 */
export function suits(layout, screen) {
  const { width, height } = Object(screen);
  if (layout === 'pair') return width > height;
  if (layout === 'stack') return height > width;
  return layout !== 'mosaic' || Math.min(width, height) >= 2 * TILE;
}

/**
 * The places of a layout, in the order of its photos: row by row.
 * @param {Layout} layout
 * @param {Size} screen
 * @returns {Box[]}
 */
export function boxes(layout, screen) {
  const columns = cut(screen.width, layout === 'pair' || layout === 'mosaic');
  const rows = cut(screen.height, layout === 'stack' || layout === 'mosaic');
  /** @type {Box[]} */
  const all = [];
  rows.forEach(([top, height]) => columns.forEach(([left, width]) => all.push({ left, top, width, height })));
  return all;
}

/**
 * @param {number} length
 * @param {boolean} isHalved
 * @returns {number[][]} whole pixels: where each part begins, and how long it is
 */
function cut(length, isHalved) {
  const half = Math.floor(length / 2);
  return isHalved ? [[0, half], [half, length - half]] : [[0, length]];
}

/**
 * How large a picture stands in its box: whole, in its own proportions, never much larger than it is.
 * @param {Size} picture
 * @param {Size} box
 * @returns {Size}
 */
export function fit(picture, box) {
  const scale = Math.min(box.width / picture.width, box.height / picture.height, UPSCALE);
  return { width: Math.round(picture.width * scale) || 0, height: Math.round(picture.height * scale) || 0 };
}
