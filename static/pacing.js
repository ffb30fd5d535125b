// When it is time for what comes next. Pure: all times are handed in, in milliseconds.

/**
 * @typedef {{interval: number, quiet: number, history: boolean, layout: string, show: string}} Pace of a wall: `interval`
 *   and `quiet` in milliseconds
 * @typedef {{waiting: number, isSettled: boolean, sinceNew: number, up: number, layout: string, isHeld: boolean}} Moment
 *   `waiting`: how many cards; `isSettled`: no burst is coming in; `sinceNew`: how long ago the last card came; `layout` of
 *   what is on show, '' when there is nothing; `up`: for how long it has been; `isHeld`: it is not to make room at once,
 *   being new or asked for
 */

/** The interval for which all times in here are meant; another one stretches or squeezes them. */
const INTERVAL = 15000;
/** How long a photo is up while few wait, and while so many wait that they are shown as a mosaic or in haste. */
const LONG = 15000;
const SHORT = 8000;
/** Up to so many are few … */
export const FEW = 3;
/** … from so many on the time becomes shorter … */
const MORE = 4;
/** … and more than these are many. */
export const MANY = 10;
/** A mosaic changes one of its tiles each … */
const TILE = 4000;
/** Two photos side by side take longer to look at. */
const TWO = 1.25;
/** What was seen before stays at least so long. */
export const REST = 3000;
/** Cards that come closer together than this are one burst, of which the best is shown first … */
export const SETTLE = 120;
/** … but a burst is waited for no longer than this. */
export const BURST = 1000;

/**
 * @param {any} settings as the page has them, in seconds; what is missing or odd is as by default
 * @returns {Pace}
 */
export function paceOf(settings) {
  const given = Object(settings);
  /** @type {(value: any, usual: number) => number} */
  const milliseconds = (value, usual) => (Number.isFinite(value) && value > 0 ? value * 1000 : usual);
  return {
    interval: milliseconds(given.interval, INTERVAL),
    quiet: milliseconds(given.quiet, 40000),
    history: given.history !== false,
    layout: given.layout,
    show: given.show,
  };
}

/**
 * How long a new photo is up before the next one may come.
 * @param {number} waiting
 * @param {string} layout
 * @param {Pace} pace
 */
export function hold(waiting, layout, pace) {
  const unit = pace.interval / INTERVAL;
  if (layout === 'mosaic') return TILE * unit;
  const haste = Math.min(1, Math.max(0, (waiting - MORE) / (MANY - MORE)));
  return (LONG - (LONG - SHORT) * haste) * unit * stretch(layout);
}

/** @param {string} layout */
const stretch = (layout) => (layout === 'pair' || layout === 'stack' ? TWO : 1);

/**
 * What it is time for.
 * @param {Moment} moment
 * @param {Pace} pace
 * @returns {'new' | 'history' | ''}
 */
export function due({ waiting, isSettled, sinceNew, up, layout, isHeld }, pace) {
  if (waiting > 0) {
    const time = isHeld ? hold(waiting, layout, pace) : REST;
    return isSettled && (layout === '' || up >= time) ? 'new' : '';
  }
  if (!pace.history) return '';
  if (layout === '') return 'history';
  const time = isHeld ? pace.quiet : pace.interval * stretch(layout);
  return sinceNew >= pace.quiet && up >= time ? 'history' : '';
}
