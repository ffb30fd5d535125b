// Whether the screen is dark: by its schedule, or since somebody said so.
import { keep, recall } from './memory.js';
import { isNight, morning } from './night.js';

/** What somebody said, kept over a reload in the middle of the night. */
const KEY = 'sleep';

export class Sleep {
  /** @param {{night: any[], zone: string}} settings */
  constructor(settings) {
    this.spans = settings.night;
    this.zone = settings.zone;
    /** @type {{asleep: boolean, night: boolean} | null} what was said, and whether it was night by the schedule then */
    this.said = recall('sessionStorage', KEY, null);
  }

  /**
   * What is said holds until the schedule changes, and without a schedule until the opposite is said.
   * @param {boolean} asleep
   * @param {number} time milliseconds since 1970
   */
  say(asleep, time) {
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
