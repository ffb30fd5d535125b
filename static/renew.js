// A server of another release has other pages: the wall loads them. But never unless that server has just shown that it
// can serve them: a reload while it cannot leaves the browser's own error page, where nothing of ours runs any more.
import { isOurs, probe } from './probe.js';

/** After a look in vain, the next one. */
const AGAIN = 30000;

export class Release {
  constructor() {
    /** @type {string | null} what the server was when the page was new */
    this.ours = null;
    /** Whether the server has become another one since. */
    this.isOld = false;
    this.lookedAt = -Infinity;
  }

  /** @param {{version?: unknown, build?: unknown}} hello */
  hear(hello) {
    if (typeof hello.version !== 'string') return;
    const theirs = hello.version + ' ' + hello.build;
    if (this.ours === null) this.ours = theirs;
    this.isOld = theirs !== this.ours;
  }

  /** @param {number} now milliseconds */
  isDue(now) {
    return this.isOld && now - this.lookedAt > AGAIN;
  }

  /**
   * Goes to `path` if it is there.
   * @param {string} path
   * @param {number} now milliseconds
   * @returns {Promise<boolean>} whether the page is being left
   */
  go(path, now) {
    this.lookedAt = now;
    return probe(path, 'GET').then((answer) => {
      if (answer.status !== 200 || !isOurs(answer)) return false;
      if (path === location.pathname + location.search) location.reload();
      else location.assign(path);
      return true;
    });
  }
}
