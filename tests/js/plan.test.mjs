// Which photos stand together: pairs, stacks, and mosaics.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { added, by, hello, LANDSCAPE, MINUTE, PORTRAIT, removed, SECOND, TALL, updated, Wall, WIDE } from './support/wall.mjs';

const many = (from, to, more) => Array.from({ length: to - from + 1 }, (_, i) => added(from + i, more));
const SETTLED = 200;

test('two portraits stand side by side on a landscape screen, two landscapes one over the other on an upright one', () => {
  const shape = (width, height) => [{ url: 'https://live.example/1', width, height }];
  const cases = [
    ['portraits', LANDSCAPE, shape(683, 1024), 'pair'],
    ['portraits', PORTRAIT, shape(683, 1024), 'single'],
    ['landscapes', LANDSCAPE, shape(1024, 683), 'single'],
    ['landscapes', PORTRAIT, shape(1024, 683), 'stack'],
    ['panoramas', LANDSCAPE, shape(1024, 300), 'single'],
    ['panoramas', PORTRAIT, shape(1024, 300), 'stack'],
    ['squares', LANDSCAPE, shape(500, 500), 'single'],
    ['squares', PORTRAIT, shape(500, 500), 'single'],
    ['photos without measures', LANDSCAPE, [{ url: 'https://live.example/1' }], 'single'],
    ['portraits on a square screen', { width: 800, height: 800 }, shape(683, 1024), 'single'],
    ['landscapes on a square screen', { width: 800, height: 800 }, shape(1024, 683), 'single'],
  ];
  cases.forEach(([name, screen, images, layout]) => {
    const wall = new Wall({}, screen);
    wall.takeAll(many(1, 2, { images }));
    wall.pass(SETTLED);
    assert.equal(wall.layout, layout, name);
    assert.equal(wall.shows, layout === 'single' ? '2' : '2+1', name);
  });
});

test('who wants one photo at a time gets no pairs and no mosaics', () => {
  const wall = new Wall({ layout: 'single' });
  wall.takeAll(many(1, 20, { images: TALL }));
  wall.pass(5 * MINUTE);
  assert.ok(wall.plans.every(({ layout }) => layout === 'single'));
});

test('the first in order decides, and its partner is the next of its kind', () => {
  const wall = new Wall();
  wall.takeAll([added(1, { images: TALL }), added(2), added(3, { images: TALL })]);
  wall.pass(SETTLED);
  assert.equal(wall.shows, '3+1');
  wall.pass(19 * SECOND);
  assert.equal(wall.shows, '2');
});

test('while few wait a partner may come from another class, and else not', () => {
  const tall = { images: TALL };
  const few = new Wall();
  few.take(added(1, tall), 'tags');
  few.take(added(2, tall), 'my_faves');
  few.pass(SETTLED);
  assert.equal(few.shows, '2+1');
  const more = new Wall();
  more.take(added(1, tall), 'tags');
  more.takeAll([added(2), added(3), added(4)], 'geo');
  more.take(added(5, tall), 'my_faves');
  more.pass(SETTLED);
  assert.equal(more.shows, '5');
});

test('a partner is not of the same owner while a photo of another owner waits, whatever its shape', () => {
  const wall = new Wall();
  const tall = (owner) => by(owner, { images: TALL });
  wall.takeAll([added(1, by('b')), added(2, tall('a')), added(3, tall('a'))]);
  wall.pass(SETTLED);
  assert.equal(wall.shows, '3');
  wall.take(removed(1));
  wall.pass(16 * SECOND);
  assert.equal(wall.shows, '2');
  wall.takeAll([added(4, tall('a')), added(5, tall('a'))]);
  wall.pass(16 * SECOND);
  assert.equal(wall.shows, '5+4');
});

test('photos from before stand together too', () => {
  const wall = new Wall();
  wall.takeAll([added(1, { images: TALL }), added(2), added(3)]);
  wall.pass(20 * SECOND);
  wall.takeAll([added(4, { images: TALL })]);
  wall.pass(2 * MINUTE + 20 * SECOND);
  assert.deepEqual(wall.plans.map(({ ids }) => ids.join('+')).slice(0, 6), ['3', '2', '4+1', '3', '2', '4+1']);
});

test('the one of two that stays when the other goes is shown alone, and then what is new', () => {
  const wall = new Wall();
  wall.takeAll([added(1, { images: TALL }), added(2, { images: TALL }), added(3, { images: WIDE })].reverse());
  wall.pass(SETTLED);
  assert.equal(wall.shows, '1+2');
  wall.take(removed(2));
  assert.equal(wall.deck.current, null);
  wall.pass(10);
  assert.equal(wall.shows, '1');
  wall.pass(3 * SECOND);
  assert.equal(wall.shows, '3');
});

test('when many wait four are shown at once, and one tile after the other changes each 4 s', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 20));
  wall.pass(SETTLED);
  assert.deepEqual([wall.layout, wall.shows], ['mosaic', '20+19+18+17']);
  wall.pass(16 * SECOND);
  assert.deepEqual(wall.plans.map(({ swap }) => swap), [-1, 0, 1, 2, 3]);
  assert.equal(wall.shows, '16+15+14+13');
  assert.deepEqual(wall.times, [4000, 4000, 4000, 4000]);
});

test('a mosaic goes on until only three wait, and its last tile has been up for 4 s', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 12));
  wall.pass(6 * 4 * SECOND + SETTLED);
  const last = wall.plans[wall.plans.length - 1];
  assert.deepEqual([last.layout, last.ids, wall.deck.waiting], ['single', ['3'], 2]);
  assert.deepEqual(wall.times, [4000, 4000, 4000, 4000, 4000, 4000]);
});

test('ten are not many', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 10));
  wall.pass(MINUTE);
  assert.ok(wall.plans.every(({ layout }) => layout === 'single'));
});

test('a mosaic has tiles of 240 pixels at least', () => {
  const layout = (width, height) => {
    const wall = new Wall({}, { width, height });
    wall.takeAll(many(1, 20));
    wall.pass(SETTLED);
    return wall.layout;
  };
  assert.deepEqual([layout(480, 480), layout(479, 800), layout(800, 479), layout(320, 568)],
    ['mosaic', 'stack', 'single', 'stack']);
});

test('who likes mosaics gets one from the fourth photo on, of what is new and what was there', () => {
  const wall = new Wall({ layout: 'mosaic' });
  wall.takeAll([added(1), added(2), added(3)]);
  wall.pass(MINUTE);
  assert.deepEqual([wall.layout, wall.shows], ['single', '1']);
  wall.take(added(4));
  wall.pass(SETTLED);
  assert.deepEqual([wall.layout, wall.shows], ['mosaic', '4+1+3+2']);
  wall.take(added(5));
  wall.pass(4 * SECOND);
  assert.equal(wall.shows, '5+1+3+2');
  wall.pass(40 * SECOND);
  assert.equal(wall.shows, '5+4+3+2', 'history comes into the tile that has been up the longest');
});

test('the tile of a photo that goes is filled at once, by what is new or else by what is old', () => {
  const wall = new Wall();
  wall.takeAll(many(1, 12));
  wall.pass(SETTLED);
  assert.equal(wall.shows, '12+11+10+9');
  assert.equal(wall.take(removed(10)), 'removed');
  assert.deepEqual(wall.deck.current.ids, ['12', '11', '', '9']);
  wall.pass(10);
  assert.deepEqual([wall.shows, wall.plans[1].swap], ['12+11+8+9', 2]);
  assert.deepEqual(wall.deck.hear(hello({ hidden: ['9', '12'] })).sort(), ['12', '9']);
  wall.pass(10);
  assert.deepEqual([wall.shows, wall.plans[2].swap], ['7+11+8+6', -1]);
});

test('a mosaic that cannot be filled ends with its newest photo', () => {
  const wall = new Wall({ layout: 'mosaic' });
  wall.takeAll(many(1, 4));
  wall.pass(SETTLED);
  wall.take(removed(2));
  wall.pass(10);
  assert.deepEqual([wall.layout, wall.shows], ['single', '4']);
  [1, 3, 4].forEach((id) => wall.take(removed(id)));
  assert.equal(wall.deck.current, null);
});

test('no owner has more than one of four while others wait, and of owners shown lately the one longest ago is next', () => {
  const wall = new Wall({ layout: 'single' });
  wall.takeAll([added('b1', by('b')), added('c1', by('c')), added('d1', by('d'))]);
  wall.takeAll(many(1, 6, by('a')));
  wall.pass(9 * 15 * SECOND);
  assert.deepEqual(wall.seen, ['6', 'd1', 'c1', 'b1', '5', '4', '3', '2', '1']);
  wall.takeAll([added('a', by('a')), added('d', by('d')), added('e', by('e'))]);
  wall.pass(46 * SECOND);
  assert.deepEqual(wall.seen.slice(9, 12), ['e', 'd', 'a']);
  wall.takeAll([added('e2', by('e')), added('d2', by('d')), added('a2', by('a'))]);
  wall.pass(46 * SECOND);
  assert.deepEqual(wall.seen.slice(12, 15), ['e2', 'd2', 'a2']);
});

test('class by class, and the newest first in each', () => {
  const wall = new Wall({ layout: 'single' });
  const at = (id, minute) => added(id, { updated: `2026-11-25T11:${minute}:00Z` });
  ['commons', 'tags', 'geo', 'kittens', 'contacts_photos', 'contacts_faves', 'my_faves'].forEach((event) => {
    wall.take(at(`${event} 2`, 20), event);
    wall.take(at(`${event} 1`, 10), event);
    wall.take(at(`${event} 3`, 30), event);
  });
  wall.pass(21 * 15 * SECOND);
  const expected = ['my_faves', 'contacts_faves', 'contacts_photos', 'kittens', 'geo', 'tags', 'commons'];
  assert.deepEqual(wall.seen.slice(0, 21), expected.flatMap((event) => [3, 2, 1].map((n) => `${event} ${n}`)));
});

test('a photo counts for the best of its reasons', () => {
  const wall = new Wall();
  wall.take(added(1), 'geo');
  wall.take(added(2), 'tags');
  wall.take(updated(2, ['faves']), 'contacts_faves');
  wall.pass(SETTLED);
  assert.equal(wall.shows, '2');
});

test('news that comes late does not make its photo older', () => {
  const wall = new Wall();
  const at = (minute) => ({ updated: `2026-11-25T11:${minute}:00Z` });
  wall.take(added(1, at(30)));
  wall.take(added(2, at(20)));
  wall.take(updated(1, ['faves'], { faved_by: { name: 'Ada' }, ...at(10) }));
  wall.pass(SETTLED);
  assert.equal(wall.shows, '1');
});
