// Whether it is night on a wall: its screens are dark then. Pure.

/**
 * @typedef {{days: number[], from: number, to: number}} Span of the week: on which days it begins, 0 being Sunday, and
 *   from which minute of the day to which; to the next day's when `to` is not later than `from`
 */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * @param {Span[]} spans
 * @param {number} time milliseconds since 1970
 * @param {string} zone IANA time zone; the machine's own when it is '' or none that the browser knows
 */
export function isNight(spans, time, zone) {
  const date = new Date(time);
  if (!Array.isArray(spans) || spans.length === 0 || isNaN(date.getTime())) return false;
  const { day, minute } = there(date, zone) || { day: date.getDay(), minute: date.getHours() * 60 + date.getMinutes() };
  const before = (day + 6) % 7;
  return spans.some((span) => {
    const { days, from, to } = Object(span);
    if (!Array.isArray(days) || !Number.isFinite(from) || !Number.isFinite(to)) return false;
    const isOver = to <= from;
    const isToday = days.indexOf(day) >= 0 && minute >= from && (isOver || minute < to);
    return isToday || (isOver && days.indexOf(before) >= 0 && minute < to);
  });
}

/** How far ahead the morning is looked for, and in which steps, in milliseconds. */
const AHEAD = 48 * 3600000;
const STEP = 10 * 60000;
const MINUTE = 60000;

/**
 * When a night ends.
 * @param {Span[]} spans
 * @param {number} time milliseconds since 1970
 * @param {string} zone as above
 * @returns {string} such as `07:30`; '' when it is no night, or a very long one
 */
export function morning(spans, time, zone) {
  let then = time;
  while (isNight(spans, then, zone)) {
    if (then - time > AHEAD) return '';
    then += STEP;
  }
  if (then === time) return '';
  while (!isNight(spans, then - MINUTE, zone)) then -= MINUTE;
  const date = new Date(then);
  const { minute } = there(date, zone) || { minute: date.getHours() * 60 + date.getMinutes() };
  return [Math.floor(minute / 60), minute % 60].map((it) => ('0' + it).slice(-2)).join(':');
}

/** @type {Map<string, Intl.DateTimeFormat | null>} the last zone that was asked for: to make a format takes long */
const formats = new Map();

/**
 * @param {string} zone
 * @returns {Intl.DateTimeFormat | null} null when the browser does not know the zone
 */
function formatOf(zone) {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  formats.clear();
  /** @type {Intl.DateTimeFormat | null} */
  let format = null;
  try {
    const parts = { timeZone: zone, weekday: 'short', hour: 'numeric', minute: 'numeric', hour12: false };
    format = new Intl.DateTimeFormat('en-US', /** @type {Intl.DateTimeFormatOptions} */ (parts));
  } catch (error) {
    console.warn('wall: the time zone ' + zone + ' is not known here, so nights are by the time of this machine', error);
  }
  formats.set(zone, format);
  return format;
}

/**
 * @param {Date} date
 * @param {string} zone
 * @returns {{day: number, minute: number} | null} what the clocks of the zone show; null when that is not known
 */
function there(date, zone) {
  const format = typeof zone === 'string' && zone !== '' ? formatOf(zone) : null;
  if (format === null) return null;
  /** @param {string} type */
  const part = (type) => (format.formatToParts(date).filter((it) => it.type === type)[0] || { value: '' }).value;
  // Midnight is hour 24 in some browsers.
  const minute = (Number(part('hour')) % 24) * 60 + Number(part('minute'));
  const day = DAYS.indexOf(part('weekday'));
  return day >= 0 && minute >= 0 ? { day, minute } : null;
}
