// The connection to the server's stream: one that comes back for ever and resumes where it was.
//
// A server that is away is looked for every three seconds by a request that costs it nothing, and the moment it answers the
// stream is opened. A server that answers while its stream does not open is not pressed: 1, 2, 4 … 30 s. A WebSocket
// that fails though the server had just answered is blocked by something on the way, and server-sent events are tried.
import { now } from './clock.js';
import { isThere, probe } from './probe.js';
import { hasEvents, open } from './transport.js';

/** @typedef {import('./transport.js').Kind} Kind */

/**
 * @typedef {'connecting' | 'live' | 'away' | 'gone'} Connection
 * `connecting` until the first attempt has ended, `live` from a hello on, `away` from a loss until the next hello, `gone`
 * when the server says that what it followed is no more.
 * @typedef {{type: string, position?: string, [name: string]: any}} Message
 */

/** A stream that said nothing for so long is dead, unless the server says that it speaks up less often than each 25 s. */
const SILENCE = 40000;
/** A connection that brings no hello for so long does not open. */
const OPENING = 5000;
/** How often a server that does not answer is looked for. */
const LOOK = 3000;
/** A WebSocket that was blocked is tried again after so long. */
const AGAIN = 3600000;
/** The longest wait between two attempts. */
const LONGEST = 30000;
/** Close code "service restart" (IANA WebSocket registry): the server will be back in a moment. */
const RESTART = 1012;
/** Our own close code: the wall is no more. */
const GONE = 4404;

/**
 * How long to wait before an attempt: 1, 2, 4 … 30 s, each varied by a quarter so that screens do not come in step.
 * @param {number} failures attempts that failed since the last hello
 * @param {number} random from 0 up to 1
 * @returns {number} milliseconds
 */
export function pause(failures, random) {
  return Math.min(LONGEST, 1000 * Math.pow(2, Math.min(failures, 10))) * (0.75 + 0.5 * random);
}

/**
 * A message from its text, or null when the text is not one.
 * @param {unknown} text
 * @returns {Message | null}
 */
export function parse(text) {
  try {
    const message = JSON.parse(String(text));
    return message !== null && typeof message === 'object' && typeof message.type === 'string' ? message : null;
  } catch (error) {
    return null;
  }
}

export class Stream {
  /**
   * @param {string} path address of the stream, with a query already
   * @param {(message: Message) => void} onMessage called for each message but pings
   * @param {(connection: Connection) => void} onConnection called on each change
   */
  constructor(path, onMessage, onConnection) {
    this.path = path;
    this.onMessage = onMessage;
    this.onConnection = onConnection;
    /** @type {Connection} */
    this.connection = 'connecting';
    /** When the connection became what it is. */
    this.since = now();
    /** @type {Kind} how it is connected, or is being */
    this.kind = 'websocket';
    /** Whether the server answers and lets no stream through, by whatever way. */
    this.isBlocked = false;
    /** Position of the last photo seen: where to resume. A hello's counts when no history comes after it. */
    this.after = '';
    this.failures = 0;
    /** @type {Kind} what brought the last hello, and is tried first after a loss … */
    this.works = 'websocket';
    /** … but for once in a while, since WebSockets may be let through again. */
    this.triedAt = now();
    /** How long it may say nothing. */
    this.patience = SILENCE;
    /** Whether the server answered just before the attempt that is under way; it has just sent this page. */
    this.isProven = true;
    /** Whether it did not answer when it was last looked for. */
    this.wasMissing = false;
    this.heardAt = now();
    /** @type {import('./transport.js').LetGo | null} */
    this.letGo = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.retry = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.silence = undefined;
    /** Grows with each attempt, so that what an old one still has to say is not heard. */
    this.attempt = 0;
  }

  /** Connects, and stays connected for as long as the page lives. */
  start() {
    // An attempt that began while there was no network may hang for minutes: these begin a new one.
    const wake = () => {
      if (this.connection !== 'live' || now() - this.heardAt > this.patience) this.connect('websocket');
    };
    addEventListener('online', wake);
    document.addEventListener('resume', wake);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) wake();
    });
    this.connect('websocket');
  }

  /** @param {Kind} kind */
  connect(kind) {
    this.drop();
    this.kind = kind;
    if (kind === 'websocket') this.triedAt = now();
    const attempt = this.attempt;
    const isNow = () => this.attempt === attempt;
    this.listen(OPENING);
    try {
      this.letGo = open(
        kind,
        this.address(),
        (text) => {
          if (isNow()) this.hear(text);
        },
        (code) => {
          if (isNow()) this.lost(code);
        },
      );
    } catch (error) {
      console.warn('stream: cannot connect', error);
      this.lost(0);
    }
  }

  /** @returns {string} where to connect to, resuming after the last message seen */
  address() {
    return this.after === '' ? this.path : this.path + '&after=' + encodeURIComponent(this.after);
  }

  /** @param {unknown} text */
  hear(text) {
    this.heardAt = now();
    const message = parse(text);
    if (message === null) {
      console.warn('stream: not a message', String(text).slice(0, 200));
      return;
    }
    if (message.type === 'hello') {
      this.failures = 0;
      this.works = this.kind;
      this.patience = Math.max(SILENCE, 1600 * (Number(message.heartbeat) || 0));
      this.isBlocked = false;
      this.wasMissing = false;
      this.become('live');
      if (message.backlog === 0 && typeof message.position === 'string') this.after = message.position;
    } else if (typeof message.position === 'string') {
      this.after = message.position;
    }
    if (this.connection === 'live') this.listen(this.patience);
    if (message.type === 'ping') return;
    try {
      this.onMessage(message);
    } catch (error) {
      console.warn('stream: message not understood', message, error);
    }
  }

  /**
   * Gives the connection so long to say something.
   * @param {number} patience milliseconds
   */
  listen(patience) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(0), patience);
  }

  /** @param {number} code */
  lost(code) {
    const wasLive = this.connection === 'live';
    const wasProven = this.isProven;
    this.drop();
    if (code === GONE) {
      this.become('gone');
      return;
    }
    this.become('away');
    this.isProven = false;
    if (wasLive) {
      const soon = code === RESTART ? 2000 * Math.random() : pause(0, Math.random());
      this.retry = setTimeout(() => this.connect(this.first()), soon);
    } else if (wasProven && this.kind === 'websocket' && hasEvents()) {
      this.isProven = true;
      this.connect('sse');
    } else {
      this.isBlocked = wasProven;
      this.failures += 1;
      this.look();
    }
  }

  /** Looks whether the server answers, and if so, opens the stream: at once when it did not before. */
  look() {
    const attempt = this.attempt;
    probe('/healthz', 'HEAD').then((answer) => {
      if (this.attempt !== attempt) return; // It was opened meanwhile.
      if (!isThere(answer)) {
        this.wasMissing = true;
        this.isBlocked = false;
        this.retry = setTimeout(() => this.look(), LOOK * (0.8 + 0.4 * Math.random()));
        return;
      }
      this.isProven = true;
      const soon = this.wasMissing ? 1000 * Math.random() : pause(this.failures - 1, Math.random());
      this.wasMissing = false;
      this.retry = setTimeout(() => this.connect(this.first()), soon);
    });
  }

  /** @returns {Kind} what to try first */
  first() {
    return this.works === 'sse' && now() - this.triedAt < AGAIN ? 'sse' : 'websocket';
  }

  /** Ends what is under way, whatever it is. */
  drop() {
    this.attempt += 1;
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    const letGo = this.letGo;
    this.letGo = null;
    if (letGo !== null) letGo();
  }

  /** @param {Connection} connection */
  become(connection) {
    if (this.connection === connection) return;
    this.connection = connection;
    this.since = now();
    this.onConnection(connection);
  }
}
