// One connection to the stream, by WebSocket or, where those are blocked, by server-sent events. Both say the same.

/**
 * @typedef {'websocket' | 'sse'} Kind
 * @typedef {() => void} LetGo ends the connection without waiting for its goodbye, which a dead network never delivers
 */

/** The messages of the stream: an EventSource listens to each kind by name. */
const MESSAGES = ['hello', 'wall', 'photo', 'gap', 'missed', 'command', 'record', 'ping'];

/** Whether this browser knows server-sent events. */
export const hasEvents = () => typeof EventSource === 'function';

/**
 * @param {Kind} kind
 * @param {string} path with a query already
 * @param {(text: unknown) => void} hear called for each message
 * @param {(code: number) => void} end called once, with the close code, or 0 where there is none
 * @returns {LetGo}
 */
export function open(kind, path, hear, end) {
  return kind === 'websocket' ? openSocket(path, hear, end) : openEvents(path, hear, end);
}

/**
 * @param {string} path
 * @param {(text: unknown) => void} hear
 * @param {(code: number) => void} end
 * @returns {LetGo}
 */
function openSocket(path, hear, end) {
  const scheme = location.protocol === 'https:' ? 'wss://' : 'ws://';
  const socket = new WebSocket(scheme + location.host + path);
  socket.onmessage = (event) => hear(event.data);
  socket.onclose = (event) => end(event.code);
  return () => {
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  };
}

/**
 * @param {string} path
 * @param {(text: unknown) => void} hear
 * @param {(code: number) => void} end
 * @returns {LetGo}
 */
function openEvents(path, hear, end) {
  const source = new EventSource(path);
  /** @param {any} event */
  const listen = (event) => hear(event.data);
  MESSAGES.forEach((message) => source.addEventListener(message, listen));
  // It would come back by itself, at a pace of its own and from the first position: we do that.
  source.onerror = () => end(0);
  return () => {
    source.onerror = null;
    source.close();
  };
}
