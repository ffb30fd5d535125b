// Whether this device draws crossfades well enough to be worth looking at. An old tablet that cannot gets cuts.

/** Fewer pictures a second than this are a stutter … */
const STUTTER = 15;
/** … and after so many fades of it in a row, cuts are better. */
const FADES = 3;
/** After so long it is given another chance: perhaps it was only busy. */
const CHANCE = 3600000;

export class Smooth {
  constructor() {
    this.bad = 0;
    this.gaveUpAt = -Infinity;
  }

  /** @param {number} now milliseconds */
  isWeak(now) {
    if (this.bad < FADES) return false;
    if (now - this.gaveUpAt < CHANCE) return true;
    this.bad = 0;
    return false;
  }

  /**
   * Counts what is drawn during a fade.
   * @param {number} length milliseconds
   */
  watch(length) {
    let count = 0;
    let begun = -1;
    /** @param {number} at */
    const frame = (at) => {
      if (begun < 0) begun = at;
      count += 1;
      if (at - begun < length) requestAnimationFrame(frame);
      else this.judge((1000 * (count - 1)) / (at - begun), at);
    };
    if (!document.hidden) requestAnimationFrame(frame);
  }

  /**
   * @param {number} rate pictures a second
   * @param {number} now milliseconds
   */
  judge(rate, now) {
    this.bad = rate < STUTTER ? this.bad + 1 : 0;
    if (this.bad === FADES) this.gaveUpAt = now;
  }
}
