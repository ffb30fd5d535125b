// Stepping back to what was on show, and forward again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STEPS } from '../../static/trail.js';
import { added, hello, LANDSCAPE, MINUTE, PORTRAIT, removed, SECOND, TALL, Wall } from './support/wall.mjs';

const many = (from, to, more) => Array.from({ length: to - from + 1 }, (_, i) => added(from + i, more));

test('next is at once, whatever waits or does not', () => {
  const wall = new Wall({ history: false });
  assert.equal(wall.skip(), null);
  wall.takeAll(many(1, 3));
  ['3', '2', '1', '3', '2'].forEach((id) => {
    wall.skip();
    assert.equal(wall.shows, id);
  });
});

test('with a single photo there is no next and no previous', () => {
  const wall = new Wall();
  wall.take(added(1));
  wall.pass(SECOND);
  assert.deepEqual([wall.skip(), wall.previous()], [null, null]);
});

test('previous goes back step by step, next forward again to where the wall was, and then on', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 5));
  [1, 2, 3, 4].forEach(() => wall.skip());
  assert.equal(wall.shows, '2');
  const back = [1, 2, 3].map(() => wall.previous().ids[0]);
  assert.deepEqual(back, ['3', '4', '5']);
  assert.equal(wall.previous(), null);
  const forth = [1, 2, 3, 4].map(() => wall.skip().ids[0]);
  assert.deepEqual(forth, ['4', '3', '2', '1']);
  assert.deepEqual(wall.plans.slice(-4).map(({ isNew }) => isNew), [false, false, false, true]);
});

test('what somebody went back to is up as long as a new photo, and then the wall goes on', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 4));
  [1, 2].forEach(() => wall.skip());
  wall.previous();
  assert.equal(wall.shows, '4');
  wall.pass(15 * SECOND - 10);
  assert.equal(wall.shows, '4');
  wall.pass(10);
  assert.equal(wall.shows, '2');
  assert.deepEqual(wall.previous().ids, ['3']);
});

test('one can go back twenty steps', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 30));
  for (let n = 0; n < 30; n += 1) wall.skip();
  let steps = 0;
  while (wall.previous() !== null) steps += 1;
  assert.equal(steps, STEPS);
  assert.ok(wall.deck.trail.plans.length <= STEPS + 1);
});

test('what has gone meanwhile, or was hidden, is passed over', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 4));
  [1, 2, 3, 4].forEach(() => wall.skip());
  wall.take(removed(2));
  wall.deck.hear(hello({ hidden: ['3'] }));
  assert.deepEqual(wall.previous().ids, ['4']);
  assert.deepEqual(wall.skip().ids, ['1']);
});

test('what is on show already is no step', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 2));
  [1, 2, 3].forEach(() => wall.skip());
  assert.deepEqual(wall.seen, ['2', '1', '2']);
  wall.take(removed(1));
  assert.equal(wall.previous(), null);
});

test('two together come back together, and on a turned screen the first of them alone', () => {
  const wall = new Wall({}, LANDSCAPE);
  wall.takeAll(many(1, 4, { images: TALL }));
  [1, 2].forEach(() => wall.skip());
  assert.deepEqual([wall.previous().layout, wall.shows], ['pair', '4+3']);
  wall.screen = PORTRAIT;
  assert.deepEqual([wall.skip().layout, wall.shows], ['single', '2']);
  assert.deepEqual([wall.previous().layout, wall.shows], ['single', '4']);
});

test('in a mosaic a step is one tile', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 20));
  [1, 2, 3].forEach(() => {
    wall.now += SECOND;
    wall.skip();
  });
  assert.equal(wall.shows, '16+15+18+17');
  assert.deepEqual([wall.previous().swap, wall.shows], [1, '16+19+18+17']);
  assert.deepEqual([wall.previous().swap, wall.shows], [0, '20+19+18+17']);
  assert.deepEqual([wall.skip().swap, wall.shows], [0, '16+19+18+17']);
});

test('after the last photo has gone one can still go back', () => {
  const wall = new Wall({ history: false });
  wall.takeAll(many(1, 2));
  wall.pass(MINUTE);
  wall.take(removed(1));
  wall.pass(MINUTE);
  assert.equal(wall.deck.current, null);
  assert.deepEqual(wall.previous().ids, ['2']);
});
