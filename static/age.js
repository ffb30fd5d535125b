// How long ago something was, in words. Pure; days and years are those of the machine's time zone.

const MINUTE = 60000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Clocks differ: what lies in the future by no more than this is now. */
const AHEAD = 5 * MINUTE;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * @param {number} then milliseconds since 1970
 * @param {number} time now, milliseconds since 1970
 * @returns {string} such as `2 min ago`; '' when unknown, or in the future
 */
export function age(then, time) {
  const ago = time - then;
  if (!(ago >= -AHEAD)) return '';
  if (ago < MINUTE) return 'just now';
  if (ago < HOUR) return Math.floor(ago / MINUTE) + ' min ago';
  if (ago < DAY) return Math.floor(ago / HOUR) + ' h ago';
  const day = new Date(then);
  const today = new Date(time);
  if (isNaN(day.getTime()) || isNaN(today.getTime())) return '';
  if (day.getTime() >= new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1).getTime()) return 'yesterday';
  const date = day.getDate() + ' ' + MONTHS[day.getMonth()];
  return day.getFullYear() === today.getFullYear() ? date : date + ' ' + day.getFullYear();
}
