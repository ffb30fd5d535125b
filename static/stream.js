// The connection to the server's stream: one WebSocket that comes back for ever and resumes where it was.

/**
 * @typedef {'connecting' | 'live' | 'away' | 'gone'} Connection
 * `connecting` until the first attempt has ended, `live` from a hello on, `away` from a loss until the next hello, `gone`
 * when the server says that what it followed is no more.
 * @typedef {{type: string, position?: string, [name: string]: any}} Message
 */

/** A stream that said nothing for so long is dead, unless the server says that it speaks up less often than each 25 s. */
const SILENCE = 40000;
/** The longest wait between two attempts. */
const LONGEST = 30000;
/** Close code "service restart" (IANA WebSocket registry): the server will be back in a moment. */
const RESTART = 1012;
/** Our own close code: the wall is no more. */
const GONE = 4404;

/**
 * How long to wait before an attempt: 1, 2, 4 … 30 s, each varied by a quarter so that screens do not come in step.
 * @param {number} failures attempts that failed since the last hello
 * @param {number} code the close code of the last connection, 0 when there was none
 * @param {number} random from 0 up to 1
 * @returns {number} milliseconds
 */
export function pause(failures, code, random) {
  if (code === RESTART) return 2000 * random;
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
    /** Position of the last photo seen: where to resume. A hello's counts when no history comes after it. */
    this.after = '';
    this.failures = 0;
    this.patience = SILENCE;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.retry = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.silence = undefined;
  }

  /** Connects, and stays connected for as long as the page lives. */
  start() {
    // An attempt that began while there was no network may hang for minutes: `online` begins a new one.
    addEventListener('online', () => {
      if (this.connection !== 'live') this.connect();
    });
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.socket === null) this.connect();
    });
    this.connect();
  }

  connect() {
    this.drop();
    /** @type {WebSocket} */
    let socket;
    try {
      socket = new WebSocket(this.address());
    } catch (error) {
      console.warn('stream: cannot connect', error);
      this.lost(0);
      return;
    }
    this.socket = socket;
    socket.onmessage = (event) => {
      if (this.socket === socket) this.hear(event.data);
    };
    socket.onclose = (event) => {
      if (this.socket === socket) this.lost(event.code);
    };
    this.listen();
  }

  /** @returns {string} where to connect to, resuming after the last message seen */
  address() {
    const scheme = location.protocol === 'https:' ? 'wss://' : 'ws://';
    const resume = this.after === '' ? '' : '&after=' + encodeURIComponent(this.after);
    return scheme + location.host + this.path + resume;
  }

  /** @param {unknown} text */
  hear(text) {
    this.listen();
    const message = parse(text);
    if (message === null) {
      console.warn('stream: not a message', String(text).slice(0, 200));
      return;
    }
    if (message.type === 'ping') return;
    if (message.type === 'hello') {
      this.failures = 0;
      this.patience = Math.max(SILENCE, 1600 * (Number(message.heartbeat) || 0));
      this.listen();
      this.become('live');
      if (message.backlog === 0 && typeof message.position === 'string') this.after = message.position;
    } else if (typeof message.position === 'string') {
      this.after = message.position;
    }
    try {
      this.onMessage(message);
    } catch (error) {
      console.warn('stream: message not understood', message, error);
    }
  }

  /** Gives the connection another while to say something, from the attempt to open it on. */
  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(0), this.patience);
  }

  /** @param {number} code */
  lost(code) {
    this.drop();
    if (code === GONE) {
      this.become('gone');
      return;
    }
    this.become('away');
    this.retry = setTimeout(() => this.connect(), pause(this.failures, code, Math.random()));
    this.failures += 1;
  }

  /** Lets go of the socket without waiting for its goodbye, which a dead network never delivers. */
  drop() {
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  /** @param {Connection} connection */
  become(connection) {
    if (this.connection === connection) return;
    this.connection = connection;
    this.onConnection(connection);
  }
}
