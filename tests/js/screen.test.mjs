// What a screen decides by itself: when it is dark, what is hidden on it, what keys mean, what moves, and what it says when
// nothing is new.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { listen } from '../../static/controls.js';
import { Hidden } from '../../static/hidden.js';
import { side, sway } from '../../static/manners.js';
import { idleLine } from '../../static/notes.js';
import { Screen } from '../../static/screen.js';
import { Sleep } from '../../static/sleep.js';
import { Smooth } from '../../static/smooth.js';

/** A storage of straw; a broken one refuses everything, as browsers do in private windows. */
function storage(isBroken = false) {
  const kept = new Map();
  const guard = () => {
    if (isBroken) throw new Error('denied');
  };
  return { getItem: (key) => (guard(), kept.has(key) ? kept.get(key) : null), setItem: (key, value) => (guard(), kept.set(key, value)) };
}

beforeEach(() => {
  Object.assign(globalThis, { window: { localStorage: storage(), sessionStorage: storage() } });
});

const NIGHT = [{ days: [0, 1, 2, 3, 4, 5, 6], from: 22 * 60, to: 7 * 60 }];
const at = (text) => Date.parse(`2026-11-${text}Z`);

test('the screen is dark by its schedule', () => {
  const sleep = new Sleep({ night: NIGHT, zone: 'UTC' });
  assert.deepEqual(['25T21:59', '25T22:00', '26T06:59', '26T07:00'].map((it) => sleep.is(at(it))), [false, true, true, false]);
});

test('what somebody said holds until the schedule changes, and over a reload', () => {
  const settings = { night: NIGHT, zone: 'UTC' };
  new Sleep(settings).say(true, at('25T15:00'));
  const sleep = new Sleep(settings);
  assert.ok(sleep.is(at('25T15:01')) && sleep.is(at('25T23:00')));
  assert.ok(!sleep.is(at('26T08:00')), 'the evening ended what was said in the afternoon');
  sleep.say(false, at('26T23:00'));
  assert.ok(!sleep.is(at('27T02:00')), 'awake for a night');
  assert.ok(!sleep.is(at('27T08:00')));
  assert.ok(sleep.is(at('27T22:30')), 'and the next night is dark again');
});

test('without a schedule a screen sleeps until it is woken', () => {
  const sleep = new Sleep({ night: [], zone: '' });
  sleep.say(true, at('25T15:00'));
  assert.ok(sleep.is(at('28T15:00')));
  sleep.say(false, at('28T15:00'));
  assert.ok(!sleep.is(at('28T15:01')));
});

test('what is hidden at the screen is added to what the server hides, and stays after a reload', () => {
  const wall = { type: 'wall', hidden: ['1'], muted: [{ nsid: 'a' }] };
  const hidden = new Hidden('w');
  hidden.add(wall);
  hidden.photo('2');
  const both = hidden.owner({ nsid: 'b' });
  assert.deepEqual([both.hidden, both.muted], [['1', '2'], [{ nsid: 'a' }, { nsid: 'b' }]]);
  assert.deepEqual(new Hidden('w').add(wall).hidden, ['1', '2']);
  assert.deepEqual(new Hidden('another').add(wall).hidden, ['1']);
  for (let n = 0; n < 1000; n += 1) hidden.photo(String(n));
  assert.equal(hidden.photos.length, 200);
  assert.deepEqual(hidden.add({ hidden: 'garbage' }).hidden.length, 200);
});

test('a browser that keeps nothing hides and names all the same', () => {
  Object.assign(globalThis, { window: { localStorage: storage(true), sessionStorage: storage(true) } });
  assert.deepEqual(new Hidden('w').photo('1').hidden, ['1']);
  assert.match(new Screen('w', '').name, /^[a-z]+ [a-z]+$/);
});

test('a screen keeps its name, and each page is an instance of its own', () => {
  const [first, second] = [new Screen('w', ''), new Screen('w', '')];
  assert.equal(first.name, second.name);
  assert.notEqual(first.instance, second.instance);
  assert.match(first.instance, /^[0-9a-f]{32}$/);
  assert.equal(new Screen('w', 'kitchen & hall').query().split('&')[1], 'screen=kitchen%20%26%20hall');
});

test('keys, a remote control and touch say the same words', () => {
  const page = new EventTarget();
  const acts = [];
  Object.assign(globalThis, { document: page, innerWidth: 900 });
  listen((act) => acts.push(act));
  const press = (init) => page.dispatchEvent(Object.assign(new Event('keydown'), { key: 'Unidentified', ...init }));
  const touch = (clientX) => {
    const event = Object.assign(new Event('click'), { clientX });
    Object.defineProperty(event, 'target', { value: { closest: () => null } });
    page.dispatchEvent(event);
  };
  for (const key of ['ArrowRight', 'B', ' ', '?', 'h', 'x']) press({ key });
  press({ keyCode: 461 });
  press({ key: 'f', ctrlKey: true });
  press({ key: 'f', repeat: true });
  for (const x of [10, 450, 890]) touch(x);
  assert.deepEqual(acts, ['next', 'previous', 'toggle', 'help', 'hide', 'close', 'previous', 'toggle', 'next']);
});

test('what moves against burn-in goes slowly, everywhere, and the words change their corner', () => {
  let most = 0;
  for (let minute = 0; minute < 600; minute += 1) {
    const [a, b] = [sway(minute * 60000), sway((minute + 1) * 60000)];
    // 1.2 % of the screen for a whole swing: less than 1.5 % in a minute.
    most = Math.max(most, Math.abs(a.x - b.x), Math.abs(a.y - b.y));
    assert.ok(Math.abs(a.x) <= 1 && Math.abs(a.y) <= 1);
  }
  assert.ok(most * 1.2 < 1.5, `${most}`);
  const sides = new Set([0, 5, 10, 15, 20].map((minute) => side('auto', minute * 60000)));
  assert.deepEqual([...sides].sort(), ['left', 'right']);
  assert.equal(side('right', 0), 'right');
});

test('a device that stutters three times gets cuts for an hour', () => {
  const smooth = new Smooth();
  for (const rate of [60, 5, 5, 60, 5, 5]) smooth.judge(rate, 1000);
  assert.ok(!smooth.isWeak(1000), 'once in a while is forgiven');
  smooth.judge(5, 1000);
  assert.ok(smooth.isWeak(2000));
  assert.ok(!smooth.isWeak(1000 + 3600000));
});

test('a wall with nothing new for three minutes says something charming, and something else later', () => {
  assert.equal(idleLine(179999, ''), '');
  assert.notEqual(idleLine(180000, ''), '');
  assert.notEqual(idleLine(180000, ''), idleLine(480000, ''));
  assert.equal(idleLine(1e9, 'panda tickles unicorn'), 'panda tickles unicorn');
});
