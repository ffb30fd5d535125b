// The connection that comes back for ever, against a WebSocket of straw on time that the test makes pass.

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { parse, pause, Stream } from '../../static/stream.js';

/** @type {Straw[]} */
let sockets;

class Straw {
  constructor(url) {
    this.url = url;
    this.isClosed = false;
    sockets.push(this);
  }
  close() {
    this.isClosed = true;
  }
  say(message) {
    this.onmessage({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }
}

const hello = { type: 'hello', version: '1', position: 'e:9' };
const photo = (position) => ({ type: 'photo', position, photo: { id: '1' } });
const newest = () => sockets[sockets.length - 1];

/** A started stream, what it said, and its page. */
function start(onMessage = () => {}) {
  const page = new EventTarget();
  const window = new EventTarget();
  Object.assign(globalThis, {
    WebSocket: Straw,
    location: { protocol: 'https:', host: 'wall.example' },
    document: Object.assign(page, { hidden: false }),
    addEventListener: window.addEventListener.bind(window),
  });
  const heard = [];
  const connections = [];
  const stream = new Stream('/stream?wall=w', (message) => (heard.push(message.type), onMessage(message)), (c) => connections.push(c));
  stream.start();
  return { stream, heard, connections, page, window };
}

beforeEach(() => {
  sockets = [];
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(Math, 'random', () => 0.5);
  mock.method(console, 'warn', () => {});
});

test('waits 1, 2, 4 … 30 s, varied; and at most 2 s for a server that restarts', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 99].map((n) => pause(n, 1006, 0.5)), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  assert.deepEqual([pause(0, 0, 0), pause(0, 0, 1)], [750, 1250]);
  assert.deepEqual([pause(7, 1012, 0), pause(7, 1012, 1)], [0, 2000]);
});

test('garbage is no message', () => {
  for (const text of ['', 'x', 'null', '7', '[]', '{}', '{"type":7}', undefined]) assert.equal(parse(text), null);
  assert.equal(parse('{"type":"ping"}').type, 'ping');
});

test('connects, is live from the hello on, and passes messages on but for pings and garbage', () => {
  const { heard, connections } = start();
  assert.equal(newest().url, 'wss://wall.example/stream?wall=w');
  assert.deepEqual(connections, []);
  for (const message of [hello, 'garbage', { type: 'ping' }, photo('e:10'), { type: 'gap', event: 'k' }]) newest().say(message);
  assert.deepEqual(connections, ['live']);
  assert.deepEqual(heard, ['hello', 'photo', 'gap']);
});

test('resumes after the last message seen', () => {
  start();
  newest().say(hello);
  newest().onclose({ code: 1006 });
  mock.timers.tick(1000);
  assert.equal(newest().url, 'wss://wall.example/stream?wall=w', 'a hello is no message seen');
  newest().say(hello);
  newest().say(photo('e/1:10'));
  newest().onclose({ code: 1006 });
  mock.timers.tick(1000);
  assert.equal(newest().url, 'wss://wall.example/stream?wall=w&after=e%2F1%3A10');
});

test('resumes from a hello that no history comes after, and from no other', () => {
  start();
  newest().say({ ...hello, backlog: 3 });
  newest().onclose({ code: 1012 });
  mock.timers.tick(2000);
  assert.ok(!newest().url.includes('after='), 'the history may have been cut off');
  newest().say({ ...hello, backlog: 0 });
  newest().onclose({ code: 1012 });
  mock.timers.tick(2000);
  assert.ok(newest().url.endsWith('&after=e%3A9'));
});

test('comes back for ever, and starts over after a hello', () => {
  const { connections } = start();
  for (const wait of [1000, 2000, 4000, 8000, 16000, 30000, 30000]) {
    const before = sockets.length;
    newest().onclose({ code: 1006 });
    mock.timers.tick(wait - 1);
    assert.equal(sockets.length, before);
    mock.timers.tick(1);
    assert.equal(sockets.length, before + 1);
  }
  newest().say(hello);
  newest().onclose({ code: 1006 });
  mock.timers.tick(1000);
  assert.equal(sockets.length, 9);
  assert.deepEqual(connections, ['away', 'live', 'away']);
});

test('is dead after 40 s of silence, hello or not; a ping keeps it alive', () => {
  const { connections } = start();
  mock.timers.tick(40000);
  assert.ok(sockets[0].isClosed);
  mock.timers.tick(1000);
  const socket = newest();
  socket.say(hello);
  mock.timers.tick(39000);
  socket.say({ type: 'ping' });
  mock.timers.tick(39000);
  assert.ok(!socket.isClosed);
  mock.timers.tick(1000);
  assert.ok(socket.isClosed);
  assert.equal(connections.pop(), 'away');
});

test('waits longer for a server that speaks up less often', () => {
  start();
  const socket = newest();
  socket.say({ ...hello, heartbeat: 50 });
  mock.timers.tick(79000);
  assert.ok(!socket.isClosed);
  mock.timers.tick(1000);
  assert.ok(socket.isClosed);
});

test('comes back at once when the network or the eye does', () => {
  const { page, window } = start();
  newest().onclose({ code: 1006 });
  window.dispatchEvent(new Event('online'));
  assert.equal(sockets.length, 2);
  newest().onclose({ code: 1006 });
  page.hidden = true;
  page.dispatchEvent(new Event('visibilitychange'));
  assert.equal(sockets.length, 2);
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  assert.equal(sockets.length, 3);
  newest().say(hello);
  window.dispatchEvent(new Event('online'));
  mock.timers.tick(39000);
  assert.equal(sockets.length, 3, 'no second connection beside a live one');
});

test('a mistake in the page does not end the stream', () => {
  const { heard } = start(() => {
    throw new Error('mistake');
  });
  newest().say(hello);
  newest().say(photo('e:10'));
  assert.deepEqual(heard, ['hello', 'photo']);
});
