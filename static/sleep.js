// Whether the screen is dark: by its schedule, or since somebody said so.
import { keep, recall } from './memory.js';
import { isNight, morning } from './night.js';

/** What somebody said, kept over a reload in the middle of the night. */
const KEY = 'sleep';
/** How long a screen that was touched at night stays awake, in milliseconds. */
const PEEK = 600000;

export class Sleep {
  /** @param {{night: any[], zone: string}} settings */
  constructor(settings) {
    this.spans = settings.night;
    this.zone = settings.zone;
    /** @type {{asleep: boolean, night: boolean} | null} what was said, and whether it was night by the schedule then */
    this.said = recall('sessionStorage', KEY, null);
    /** Until when somebody looks at it all the same. */
    this.peekedUntil = -Infinity;
  }

  /**
   * Somebody touches a dark screen: it is awake for a while.
   * @param {number} time milliseconds since 1970
   */
  peek(time) {
    this.peekedUntil = time + PEEK;
  }

  /**
   * What is said holds until the schedule changes, and without a schedule until the opposite is said.
   * @param {boolean} asleep
   * @param {number} time milliseconds since 1970
   */
  say(asleep, time) {
    this.peekedUntil = -Infinity;
    this.said = { asleep, night: isNight(this.spans, time, this.zone) };
    keep('sessionStorage', KEY, this.said);
  }

  /** @param {number} time milliseconds since 1970 */
  is(time) {
    const night = isNight(this.spans, time, this.zone);
    if (this.said !== null && this.said.night !== night) {
      this.said = null;
      keep('sessionStorage', KEY, null);
    }
    if (time < this.peekedUntil) return false;
    return this.said === null ? night : this.said.asleep;
  }

  /**
   * Until when, such as `07:30`; '' when that is not known.
   * @param {number} time milliseconds since 1970
   */
  until(time) {
    return this.said === null ? morning(this.spans, time, this.zone) : '';
  }
}
