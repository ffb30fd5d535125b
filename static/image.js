// One picture: which of its sizes suits its place, and loading it completely.

/**
 * @typedef {import('./photo.js').Image} Image
 * @typedef {{width: number, height: number, ratio: number}} Screen its place: CSS pixels, and device pixels for each
 */

/** A picture that takes longer is given up. */
const PATIENCE = 10000;
/** Sizes tried of one picture. */
const TRIES = 3;
/** From so many device pixels for each of its own on, larger sizes are worth a question. */
const SOFT = 1.2;
/** A picture that lacks only these few of the pixels it needs is as good as the next larger size. */
const NEARLY = 1.05;

/** A picture with more pixels than this would take a gigabyte of a tablet's memory. */
const HUGE = 1e8;

/**
 * The sizes to try, the best first: the smallest with all the pixels its place can show of it, or else the largest.
 * Then, since a derived size may not exist, the named ones, the next smaller first.
 * @param {Image[]} images smallest first
 * @param {Screen} screen
 * @returns {Image[]}
 */
export function choose(images, screen) {
  let best = images.length - 1;
  for (let i = images.length - 1; i >= 0; i -= 1) if (covers(images[i], screen)) best = i;
  if (best < 0) return [];
  const smaller = images.slice(0, best).reverse();
  const larger = images.slice(best + 1);
  const named = smaller.concat(larger).filter((image) => !image.derived);
  return [images[best]].concat(named).slice(0, TRIES);
}

/**
 * Whether a larger size than these would be seen to be sharper in its place.
 * @param {Image[]} images smallest first
 * @param {Screen} screen
 */
export function isSmall(images, screen) {
  const largest = images[images.length - 1];
  if (largest === undefined || !largest.width || !largest.height) return false;
  return Math.min(screen.width / largest.width, screen.height / largest.height) * screen.ratio > SOFT;
}

/**
 * @param {Image} image
 * @param {Screen} screen
 */
function covers(image, screen) {
  if (!image.width || !image.height) return false;
  const scale = Math.min(screen.width / image.width, screen.height / image.height);
  return scale * screen.ratio <= NEARLY;
}

/**
 * Loads and decodes the first of these that is whole.
 * @param {Image[]} candidates
 * @returns {Promise<HTMLImageElement>} rejected when none is, or as soon as one is too slow
 */
export async function load(candidates) {
  for (const { url } of candidates) {
    const img = await loadOne(url);
    if (img !== null) return img;
  }
  throw new Error('no whole image');
}

/**
 * @param {string} url
 * @returns {Promise<HTMLImageElement | null>} null when it is broken; rejected when it is too slow
 */
function loadOne(url) {
  return new Promise((resolve, reject) => {
    const img = new Image();
    let isOver = false;
    /** @param {boolean} isWhole */
    const end = (isWhole) => {
      if (isOver) return; // It may be on show by now.
      isOver = true;
      clearTimeout(patience);
      img.onload = null;
      img.onerror = null;
      if (!isWhole) release(img);
      resolve(isWhole ? img : null);
    };
    const patience = setTimeout(() => {
      // Some browsers never finish decoding in a hidden page: a picture that has loaded is then good enough.
      const isLoaded = img.complete && img.naturalWidth > 0;
      if (!isLoaded) reject(new Error('too slow: ' + url));
      end(isLoaded);
    }, PATIENCE);
    img.onerror = () => end(false);
    img.onload = () => {
      if (img.naturalWidth * img.naturalHeight > HUGE) end(false);
      else if (img.naturalWidth === 0 || typeof img.decode !== 'function') end(img.naturalWidth > 0);
      else img.decode().then(() => end(true), () => end(false));
    };
    img.referrerPolicy = 'no-referrer';
    img.src = url;
  });
}

/**
 * Lets go of a picture's memory, and of its download if that still runs.
 * @param {HTMLImageElement} img
 */
export function release(img) {
  img.removeAttribute('src');
}
