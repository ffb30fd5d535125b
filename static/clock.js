// The wall's two clocks: one that never jumps, for how long things take, and the server's, for what time it is. The
// machine's own time of day is wrong on many a small computer that has just started, and is set while it runs.

/** Milliseconds on a clock that only ever goes forward. */
export const now = () => performance.now();

export class ServerClock {
  constructor() {
    /** The time of day less `now()`. The machine's, until the server has spoken. */
    this.ahead = Date.now() - now();
  }

  /** @param {unknown} time as a hello has it, RFC 3339 */
  hear(time) {
    const epoch = Date.parse(String(time));
    if (epoch === epoch) this.ahead = epoch - now();
  }

  /** Milliseconds since 1970, as the server counts them. */
  time() {
    return now() + this.ahead;
  }
}
