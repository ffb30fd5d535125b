// How large the letters stand. Pure.

/** A title is never smaller than this part of the screen's shorter side, or so many pixels: readable from three metres. */
const LEAST = 0.035;
const LEAST_PIXELS = 20;
/** The same for the line below it. */
const LEAST_BYLINE = 0.018;
const LEAST_BYLINE_PIXELS = 13;
/** Titles up to so many characters stand larger, and from so many on smaller. */
const SHORT = 24;
const LONG = 70;
/** Parts of a place's width and height that make a title's size, by its length. */
const TITLE = { short: [0.046, 0.03], middle: [0.032, 0.026], long: [0.023, 0.018] };
const BYLINE = [0.01, 0.011];
/** What `text` of the settings does to all of it. */
const SCALE = { small: 0.75, normal: 1, large: 1.35 };

/**
 * @typedef {{width: number, height: number}} Size
 * @param {Size} box where the photo stands
 * @param {Size} screen
 * @param {string} title
 * @param {'small' | 'normal' | 'large'} text
 * @returns {{title: number, least: number, byline: number}} pixels; `least`: a title that is too long may shrink to this
 */
export function type(box, screen, title, text) {
  const shorter = Math.min(screen.width, screen.height);
  const least = Math.max(LEAST_PIXELS, LEAST * shorter);
  const scale = SCALE[text] || 1;
  const length = title.length <= SHORT ? 'short' : title.length >= LONG ? 'long' : 'middle';
  /** @param {number[]} parts */
  const of = (parts) => scale * (parts[0] * box.width + parts[1] * box.height);
  const byline = Math.max(LEAST_BYLINE_PIXELS, LEAST_BYLINE * shorter * Math.max(1, scale), of(BYLINE));
  return { title: Math.round(Math.max(least, of(TITLE[length]))), least: Math.round(least), byline: Math.round(byline) };
}
