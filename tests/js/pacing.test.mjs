// When photos change, on time that the test makes pass.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BURST, due, hold, paceOf, REST, SETTLE } from '../../static/pacing.js';
import { added, HOUR, LANDSCAPE, MINUTE, SECOND, TALL, Wall } from './support/wall.mjs';

const many = (from, to, more) => Array.from({ length: to - from + 1 }, (_, i) => added(from + i, more));

test('how long a new photo is up, by how many wait', () => {
  const seconds = (waiting, layout = 'single', interval = 15) => hold(waiting, layout, paceOf({ interval })) / SECOND;
  assert.deepEqual([0, 1, 3, 4, 7, 10, 11, 60].map((waiting) => seconds(waiting)), [15, 15, 15, 15, 11.5, 8, 8, 8]);
  assert.deepEqual(['pair', 'stack', 'mosaic'].map((layout) => seconds(2, layout)), [18.75, 18.75, 4]);
  assert.equal(seconds(2, 'single', 30), 30);
  assert.equal(seconds(20, 'single', 30), 16);
  assert.equal(seconds(20, 'mosaic', 60), 16);
});

test('what it is time for', () => {
  const pace = paceOf({});
  const quiet = { waiting: 0, isSettled: true, sinceNew: 40000, up: 40000, layout: 'single', isHeld: true };
  const cases = [
    ['a quiet wall turns to history', {}, 'history'],
    ['a new photo came a moment ago', { sinceNew: 39999 }, ''],
    ['the last of a queue has just come up', { up: 39999 }, ''],
    ['history changes each interval', { isHeld: false, up: 15000 }, 'history'],
    ['and not before', { isHeld: false, up: 14999 }, ''],
    ['two together stay longer', { isHeld: false, layout: 'pair', up: 18749 }, ''],
    ['nothing on show', { layout: '', sinceNew: 0, up: 0 }, 'history'],
    ['nothing on show and something waits', { layout: '', waiting: 1, up: 0 }, 'new'],
    ['a burst is coming in', { layout: '', waiting: 1, isSettled: false }, ''],
    ['history makes room', { waiting: 1, isHeld: false, up: REST }, 'new'],
    ['but is not torn away', { waiting: 1, isHeld: false, up: REST - 1 }, ''],
    ['a new one has been up', { waiting: 1, up: 15000 }, 'new'],
    ['a new one has not', { waiting: 1, up: 14999 }, ''],
    ['less long while more wait', { waiting: 10, up: 8000 }, 'new'],
  ];
  cases.forEach(([name, more, expected]) => assert.equal(due({ ...quiet, ...more }, pace), expected, name));
  assert.equal(due(quiet, paceOf({ history: false })), '');
});

test('settings that make no sense are as by default', () => {
  const usual = paceOf({ interval: 15, quiet: 40, history: true });
  for (const odd of [undefined, null, 7, {}, { interval: 0, quiet: -1 }, { interval: 'x', quiet: NaN, history: 'no' }]) {
    const { interval, quiet, history } = paceOf(odd);
    assert.deepEqual([interval, quiet, history], [usual.interval, usual.quiet, usual.history]);
  }
});

test('the first photo is shown at once', () => {
  const wall = new Wall();
  assert.equal(wall.take(added(1)), 'new');
  wall.pass(SETTLE);
  assert.deepEqual(wall.seen, ['1']);
});

test('of a burst the best is shown first', () => {
  const wall = new Wall();
  wall.take(added(1), 'commons');
  wall.pass(SETTLE / 2);
  wall.take(added(2), 'my_faves');
  wall.pass(SETTLE / 2);
  wall.take(added(3), 'geo');
  wall.pass(SETTLE);
  assert.deepEqual(wall.seen, ['2']);
});

test('a burst that does not end does not keep the wall empty', () => {
  const wall = new Wall();
  for (let id = 1; id <= 60; id += 1) {
    wall.take(added(id));
    wall.pass(SETTLE / 2);
  }
  assert.ok(wall.plans[0].at - wall.start <= BURST, String(wall.plans[0].at - wall.start));
});

test('a newer photo waits until the one on show has been up for 15 s, and then comes at once', () => {
  const wall = new Wall();
  wall.take(added(1));
  wall.pass(SECOND);
  wall.take(added(2));
  wall.pass(14 * SECOND + SETTLE - 10);
  assert.equal(wall.shows, '1');
  wall.pass(20);
  assert.equal(wall.shows, '2');
  wall.pass(20 * SECOND);
  wall.take(added(3));
  wall.pass(SETTLE);
  assert.equal(wall.shows, '3');
});

test('three photos are shown for 15 s each, the newest first', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 3));
  wall.pass(50 * SECOND);
  assert.deepEqual(wall.seen, ['3', '2', '1']);
  assert.deepEqual(wall.times, [15000, 15000]);
});

test('ten photos go by faster in the beginning', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 11));
  wall.screen = { width: 400, height: 400 };
  wall.pass(200 * SECOND);
  assert.equal(wall.plans.length, 11 + wall.plans.filter(({ isNew }) => !isNew).length);
  assert.deepEqual(wall.times.slice(0, 10), [8000, 9170, 10340, 11500, 12670, 13840, 15000, 15000, 15000, 15000]);
});

test('when nothing new comes for 40 s, earlier photos return, least recently shown first, 15 s each', () => {
  const wall = new Wall();
  for (const id of ['a', 'b', 'c']) {
    wall.take(added(id));
    wall.pass(16 * SECOND);
  }
  wall.pass(24 * SECOND);
  assert.deepEqual(wall.seen, ['a', 'b', 'c']);
  wall.pass(SETTLE + 10);
  assert.deepEqual(wall.seen, ['a', 'b', 'c', 'a']);
  wall.pass(15 * SECOND - 20);
  assert.equal(wall.shows, 'a');
  wall.pass(3 * 15 * SECOND);
  assert.deepEqual(wall.seen, ['a', 'b', 'c', 'a', 'b', 'c', 'a']);
});

test('a new photo interrupts history within a second, unless that has just changed', () => {
  const wall = new Wall();
  wall.takeAll([added(1), added(2)]);
  wall.pass(15 * SECOND + SETTLE + 40 * SECOND + 5 * SECOND);
  assert.deepEqual(wall.seen, ['2', '1', '2']);
  wall.take(added(3));
  wall.pass(SETTLE);
  assert.equal(wall.shows, '3');
  wall.pass(40 * SECOND);
  assert.equal(wall.shows, '1');
  wall.take(added(4));
  wall.pass(REST - 20);
  assert.equal(wall.shows, '1');
  wall.pass(20);
  assert.equal(wall.shows, '4');
});

test('a single photo stays, for hours', () => {
  const wall = new Wall();
  wall.take(added(1));
  wall.pass(HOUR);
  assert.deepEqual(wall.seen, ['1']);
});

test('without history the last photo stays until something new comes', () => {
  const wall = new Wall({ history: false });
  wall.takeAll([added(1), added(2)]);
  wall.pass(HOUR);
  assert.deepEqual(wall.seen, ['2', '1']);
});

test('settings change the pace', () => {
  const wall = new Wall({ interval: 30, quiet: 100 });
  wall.takeAll(many(1, 3));
  wall.pass(60 * SECOND + SETTLE + 100 * SECOND + 70 * SECOND);
  assert.deepEqual(wall.seen, ['3', '2', '1', '3', '2', '1']);
  assert.deepEqual(wall.times, [30000, 30000, 100000, 30000, 30000]);
});

test('two together stay a quarter longer, also in history', () => {
  const wall = new Wall({}, LANDSCAPE);
  wall.takeAll(many(1, 4, { images: TALL }));
  wall.pass(3 * MINUTE);
  assert.deepEqual(wall.plans.slice(0, 4).map(({ ids }) => ids.join('+')), ['4+3', '2+1', '4+3', '2+1']);
  assert.deepEqual(wall.times.slice(0, 3), [18750, 40000, 18750]);
});
