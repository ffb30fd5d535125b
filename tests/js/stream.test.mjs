// The connection that comes back for ever, against a network of straw on time that the test makes pass.

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { parse, pause, Stream } from '../../static/stream.js';

/** @type {Straw[]} */
let sockets;
/** Event streams that were opened. @type {Source[]} */
let sources;
/** What a probe is answered; 0 is nobody. */
let health;
let probes;

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

class Source {
  constructor(url) {
    this.url = url;
    this.listeners = {};
    this.isClosed = false;
    sources.push(this);
  }
  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }
  close() {
    this.isClosed = true;
  }
  say(message) {
    this.listeners[message.type]({ data: JSON.stringify(message) });
  }
}

class Request {
  open() {}
  setRequestHeader() {}
  send() {
    probes += 1;
    this.status = health;
    this.responseText = '';
    setTimeout(() => (health === 0 ? this.onerror() : this.onload()), 0);
  }
}

const hello = { type: 'hello', version: '1', position: 'e:9' };
const photo = (position) => ({ type: 'photo', position, photo: { id: '1' } });
const newest = () => sockets[sockets.length - 1];

/** Lets time pass, and promises be kept. */
async function pass(milliseconds) {
  for (let left = milliseconds; left > 0; left -= 10) {
    mock.timers.tick(Math.min(10, left));
    await Promise.resolve();
  }
}

/** A started stream, what it said, and its page. */
function start(onMessage = () => {}) {
  const page = new EventTarget();
  const window = new EventTarget();
  Object.assign(globalThis, {
    WebSocket: Straw,
    EventSource: Source,
    XMLHttpRequest: Request,
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
  sources = [];
  health = 200;
  probes = 0;
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  mock.method(performance, 'now', () => Date.now());
  mock.method(Math, 'random', () => 0.5);
  mock.method(console, 'warn', () => {});
});

test('waits 1, 2, 4 … 30 s, varied', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 99].map((n) => pause(n, 0.5)), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  assert.deepEqual([pause(0, 0), pause(0, 1)], [750, 1250]);
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

test('resumes after the last message seen', async () => {
  start();
  newest().say(hello);
  newest().onclose({ code: 1006 });
  await pass(1000);
  assert.equal(newest().url, 'wss://wall.example/stream?wall=w', 'a hello is no message seen');
  newest().say(hello);
  newest().say(photo('e/1:10'));
  newest().onclose({ code: 1006 });
  await pass(1000);
  assert.equal(newest().url, 'wss://wall.example/stream?wall=w&after=e%2F1%3A10');
});

test('resumes from a hello that no history comes after, and from no other', async () => {
  start();
  newest().say({ ...hello, backlog: 3 });
  newest().onclose({ code: 1012 });
  await pass(1000);
  assert.equal(sockets.length, 2, 'a server that restarts is back soon');
  assert.ok(!newest().url.includes('after='), 'the history may have been cut off');
  newest().say({ ...hello, backlog: 0 });
  newest().onclose({ code: 1012 });
  await pass(2000);
  assert.ok(newest().url.endsWith('&after=e%3A9'));
});

test('a server that is away is looked for every three seconds for ever, and found within five', async () => {
  const { stream, connections } = start();
  newest().say(hello);
  health = 0;
  newest().onclose({ code: 1006 });
  await pass(1000);
  newest().onclose({ code: 1006 });
  const before = sockets.length;
  await pass(3600000);
  assert.equal(sockets.length, before, 'nothing dearer than a look is tried');
  assert.ok(probes > 1000 && probes < 1600, `${probes} looks in an hour`);
  assert.equal(stream.isBlocked, false);
  health = 200;
  await pass(4500);
  assert.equal(sockets.length, before + 1);
  newest().say(hello);
  assert.deepEqual(connections, ['live', 'away', 'live']);
});

test('a proxy that answers for a server that is away is not the server', async () => {
  start();
  newest().say(hello);
  health = 502;
  newest().onclose({ code: 1006 });
  await pass(1000);
  newest().onclose({ code: 1006 });
  await pass(60000);
  assert.equal(sockets.length, 2);
  assert.ok(probes > 10);
});

test('server-sent events bring the same where WebSockets are blocked, and resume', async () => {
  const { heard, connections, stream } = start();
  newest().onclose({ code: 1006 });
  assert.equal(sources.length, 1, 'the server has just sent the page, so it is the WebSocket that is blocked');
  assert.equal(sources[0].url, '/stream?wall=w');
  for (const message of [hello, photo('e:10'), { type: 'command', do: 'next' }]) sources[0].say(message);
  assert.deepEqual(heard, ['hello', 'photo', 'command']);
  assert.deepEqual([connections.pop(), stream.kind, stream.isBlocked], ['live', 'sse', false]);
  sources[0].listeners.photo({ data: 'garbage' });
  sources[0].onerror();
  assert.ok(sources[0].isClosed, 'it comes back at our pace, not at its own');
  await pass(1000);
  assert.deepEqual([sockets.length, sources.length], [1, 2], 'what worked is tried first');
  assert.ok(sources[1].url.endsWith('&after=e%3A10'));
  for (let minute = 0; minute < 61; minute += 1) {
    sources[1].say({ ...hello, type: 'hello' });
    await pass(30000);
    sources[1].say({ type: 'ping' });
    await pass(30000);
  }
  sources[1].onerror();
  await pass(1000);
  assert.equal(sockets.length, 2, 'but for once in an hour, since WebSockets may be let through again');
});

test('one that is blocked in every way says so, and is tried again after 1, 2, 4 … 30 s', async () => {
  const { stream } = start();
  newest().onclose({ code: 1006 });
  sources[0].onerror();
  assert.ok(stream.isBlocked);
  for (const wait of [1000, 2000, 4000, 8000, 16000, 30000, 30000]) {
    const before = sockets.length;
    await pass(wait - 10);
    assert.equal(sockets.length, before, `${wait}`);
    await pass(30);
    assert.equal(sockets.length, before + 1, `${wait}`);
    newest().onclose({ code: 1006 });
    sources[sources.length - 1].onerror();
  }
  await pass(31000);
  newest().say(hello);
  assert.ok(!stream.isBlocked);
});

test('a connection that brings no hello for 5 s does not open', async () => {
  start();
  await pass(5000);
  assert.ok(sockets[0].isClosed);
  assert.equal(sources.length, 1);
});

test('is dead after 40 s of silence; a ping keeps it alive', async () => {
  const { connections } = start();
  const socket = newest();
  socket.say(hello);
  await pass(39000);
  socket.say({ type: 'ping' });
  await pass(39000);
  assert.ok(!socket.isClosed);
  await pass(1000);
  assert.ok(socket.isClosed);
  assert.equal(connections.pop(), 'away');
});

test('waits longer for a server that speaks up less often', async () => {
  start();
  const socket = newest();
  socket.say({ ...hello, heartbeat: 50 });
  await pass(79000);
  assert.ok(!socket.isClosed);
  await pass(1000);
  assert.ok(socket.isClosed);
});

test('comes back at once when the network, the eye or a frozen tab does', async () => {
  const { page, window, stream } = start();
  newest().say(hello);
  health = 0;
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
  await pass(39000);
  assert.equal(sockets.length, 3, 'no second connection beside a live one');
  stream.heardAt -= 60000;
  page.dispatchEvent(new Event('resume'));
  assert.equal(sockets.length, 4, 'but for one that was silent while the tab was frozen');
});

test('a wall that is no more is not asked for again', async () => {
  const { connections } = start();
  newest().say(hello);
  newest().onclose({ code: 4404 });
  await pass(600000);
  assert.deepEqual(connections, ['live', 'gone']);
  assert.deepEqual([sockets.length, probes], [1, 0]);
});

test('a mistake in the page does not end the stream', () => {
  const { heard } = start(() => {
    throw new Error('mistake');
  });
  newest().say(hello);
  newest().say(photo('e:10'));
  assert.deepEqual(heard, ['hello', 'photo']);
});
