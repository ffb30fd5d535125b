// The order of photos on a wall, on time that the test makes pass. Run with `node --test tests/js/`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BURST, Cards, HOLD, KEEP, QUIET, RETRY, SETTLE, WAITING, WALK } from '../../static/cards.js';
import { GONE } from '../../static/gone.js';

const images = [{ url: 'https://live.example/1_b.jpg', width: 1024, height: 683 }];
const added = (id, more) => ({ change: 'added', id: String(id), title: `photo ${id}`, images, ...more });
const updated = (id, updates, more) => ({ change: 'updated', updates, id: String(id), images, ...more });
const removed = (id, more) => ({ change: 'removed', id: String(id), ...more });

/** A wall without pixels: shows at each beat what the cards say, and notes it. */
function wall() {
  const cards = new Cards();
  const seen = [];
  let now = 1e6;
  const beat = () => {
    const card = cards.next(now);
    if (card === null) return;
    cards.shown(card.id, now);
    seen.push(card.id);
  };
  return {
    cards,
    seen,
    get now() {
      return now;
    },
    take: (event) => cards.take(event, now),
    pass(milliseconds) {
      for (const end = now + milliseconds; now < end; ) {
        now += 10;
        beat();
      }
      return seen;
    },
    last: () => seen[seen.length - 1],
  };
}

test('the first photo is shown at once', () => {
  const it = wall();
  assert.equal(it.take(added(1)), 'new');
  it.pass(SETTLE);
  assert.deepEqual(it.seen, ['1']);
});

test('of the history, the newest is shown first, and then the others, 5 s each', () => {
  const it = wall();
  for (let id = 1; id <= 10; id += 1) it.take(added(id));
  it.pass(SETTLE);
  assert.deepEqual(it.seen, ['10']);
  it.pass(HOLD);
  assert.deepEqual(it.seen, ['10', '9']);
  it.pass(8 * HOLD);
  assert.deepEqual(it.seen, ['10', '9', '8', '7', '6', '5', '4', '3', '2', '1']);
});

test('a burst that does not end does not keep the wall empty', () => {
  const it = wall();
  for (let id = 1; id <= 60; id += 1) {
    it.take(added(id));
    it.pass(SETTLE / 2);
  }
  assert.ok(it.seen.length >= 1 && Number(it.seen[0]) <= BURST / (SETTLE / 2) + 1, it.seen.join());
});

test('a newer photo waits until the one on show has been up for 5 s', () => {
  const it = wall();
  it.take(added(1));
  it.pass(1000);
  it.take(added(2));
  it.pass(HOLD - 1000 - 50);
  assert.equal(it.last(), '1');
  it.pass(SETTLE + 100);
  assert.equal(it.last(), '2');
  it.pass(HOLD + 1000);
  it.take(added(3));
  it.pass(SETTLE);
  assert.equal(it.last(), '3');
});

test('of a burst of 500, the newest ten are shown, and nothing grows', () => {
  const it = wall();
  it.take(added('first'));
  it.pass(HOLD);
  for (let id = 1; id <= 500; id += 1) it.take(added(id));
  assert.equal(it.cards.waiting.length, WAITING);
  assert.equal(it.cards.cards.size, KEEP);
  it.pass(SETTLE);
  assert.equal(it.last(), '500');
  it.pass(9 * HOLD);
  assert.deepEqual(it.seen.slice(1), ['500', '499', '498', '497', '496', '495', '494', '493', '492', '491']);
});

test('the photo on show keeps its card through any burst', () => {
  const it = wall();
  it.take(added('first'));
  it.pass(1000);
  for (let id = 1; id <= 500; id += 1) it.take(added(id));
  assert.ok(it.cards.get('first'));
});

test('when nothing new comes for 40 s, earlier photos return, least recently shown first, 15 s each', () => {
  const it = wall();
  for (const id of ['a', 'b', 'c']) {
    it.take(added(id));
    it.pass(HOLD + 1000);
  }
  it.pass(QUIET - HOLD - 1000 - 50);
  assert.deepEqual(it.seen, ['a', 'b', 'c']);
  it.pass(100);
  assert.deepEqual(it.seen, ['a', 'b', 'c', 'a']);
  it.pass(WALK - 100);
  assert.equal(it.last(), 'a');
  it.pass(3 * WALK);
  assert.deepEqual(it.seen, ['a', 'b', 'c', 'a', 'b', 'c', 'a']);
});

test('photos that a burst left out are the first to return, the newest of them first', () => {
  const it = wall();
  for (let id = 1; id <= 13; id += 1) it.take(added(id));
  it.pass(SETTLE + 10 * HOLD + 3 * WALK);
  assert.deepEqual(it.seen.slice(10), ['3', '2', '1']);
});

test('a new photo interrupts the walk', () => {
  const it = wall();
  it.take(added(1));
  it.take(added(2));
  it.pass(QUIET + WALK + HOLD + 1000);
  it.take(added(3));
  it.pass(HOLD);
  assert.equal(it.last(), '3');
});

test('a single photo stays, for hours', () => {
  const it = wall();
  it.take(added(1));
  assert.deepEqual(it.pass(3600000), ['1']);
});

test('a fave makes a card the newest, and makes one of a photo not known before', () => {
  const it = wall();
  it.take(added(1));
  it.pass(HOLD);
  it.take(added(2));
  it.pass(HOLD);
  assert.equal(it.take(updated(1, ['tags', 'faves'], { faved_by: { name: 'Ada' } })), 'new');
  it.pass(SETTLE);
  assert.equal(it.last(), '1');
  assert.equal(it.cards.get('1').photo.title, 'photo 1');
  assert.equal(it.take(updated(9, ['faves'])), 'new');
  assert.equal(it.cards.cards.size, 3);
});

test('a fave of the photo on show changes its card and shows nothing twice', () => {
  const it = wall();
  it.take(added(1));
  it.pass(1000);
  it.take(updated(1, ['faves'], { faved_by: { name: 'Ada' } }));
  it.pass(2 * HOLD);
  assert.deepEqual(it.seen, ['1']);
  assert.equal(it.cards.get('1').photo.faved_by.name, 'Ada');
});

test('other updates change a card in place, and never make one', () => {
  const it = wall();
  it.take(updated(1, ['faves'], { title: 'old', faved_by: { name: 'Ada' } }));
  it.take(added(2));
  it.pass(SETTLE);
  assert.equal(it.take(updated(1, ['title'], { title: 'new' })), 'changed');
  const { photo } = it.cards.get('1');
  assert.deepEqual([photo.title, photo.faved_by.name], ['new', 'Ada']);
  assert.deepEqual([...it.cards.cards.keys()], ['1', '2']);
  it.take(updated(1, ['title']));
  assert.equal(it.cards.get('1').photo.title, undefined);
  it.take(updated(1, ['geo'], { images: [] }));
  assert.deepEqual(it.cards.get('1').photo.images, images);
  assert.equal(it.take(updated(3, ['title', 'tags'])), 'ignored');
  assert.equal(it.cards.get('3'), undefined);
});

test('the same message again is nothing new', () => {
  const it = wall();
  it.take(added(1));
  it.pass(HOLD);
  it.take(added(2));
  it.pass(HOLD);
  assert.equal(it.take(added(1)), 'ignored');
  it.pass(HOLD);
  assert.equal(it.last(), '2');
});

test('a removed photo is gone at once from everywhere, and stays gone', () => {
  const it = wall();
  it.take(added(1));
  it.take(added(2));
  it.take(added(3));
  it.pass(SETTLE);
  assert.equal(it.take(removed(2)), 'removed');
  assert.equal(it.take(removed(2)), 'ignored');
  assert.equal(it.take(added(2)), 'ignored');
  assert.equal(it.take(updated(2, ['faves'])), 'ignored');
  assert.equal(it.take(removed(3)), 'removed');
  assert.equal(it.cards.current, null);
  it.pass(10);
  assert.deepEqual(it.seen, ['3', '1']);
  it.pass(10 * WALK);
  assert.deepEqual(it.seen, ['3', '1']);
});

test('a photo removed before it came does not come', () => {
  const it = wall();
  it.take(removed(1));
  assert.equal(it.take(added(1)), 'ignored');
});

test('a photo made public again returns, when its event is known to be later', () => {
  const it = wall();
  it.take(removed(1, { updated: '2026-11-22T22:00:00Z' }));
  assert.equal(it.take(added(1, { updated: '2026-11-22T21:59:59.5Z' })), 'ignored');
  assert.equal(it.take(added(1, { updated: '2026-11-22T22:00:00.5Z' })), 'new');
});

test('removals are remembered within bounds', () => {
  const it = wall();
  for (let id = 0; id < GONE + 100; id += 1) it.take(removed(id));
  assert.equal(it.cards.gone.times.size, GONE);
  assert.equal(it.take(added(GONE + 99)), 'ignored');
});

test('when the last photo is removed the wall is empty until the next', () => {
  const it = wall();
  it.take(added(1));
  it.pass(1000);
  it.take(removed(1));
  it.pass(QUIET * 2);
  assert.deepEqual(it.seen, ['1']);
  it.take(added(2));
  it.pass(SETTLE);
  assert.equal(it.last(), '2');
});

test('a card without an image is never shown, until it has one', () => {
  const it = wall();
  it.take(added(1, { images: undefined }));
  it.take(added(2, { images: [{ url: 'javascript:alert(1)' }, null, {}, { url: 7 }] }));
  it.pass(QUIET * 2);
  assert.deepEqual(it.seen, []);
  it.take(updated(1, ['media']));
  it.pass(SETTLE);
  assert.deepEqual(it.seen, ['1']);
});

test('a broken photo is skipped, and tried again later or when the network is back', () => {
  const { cards } = wall();
  cards.take(added(1), 0);
  cards.take(added(2), 0);
  cards.broken('2', 1000);
  assert.equal(cards.next(1000).id, '1');
  cards.broken('1', 1000);
  assert.equal(cards.next(1001), null);
  assert.equal(cards.next(1000 + RETRY).id, '2');
  cards.broken('2', 1000 + RETRY);
  cards.broken('1', 1000 + RETRY);
  cards.forgive();
  assert.equal(cards.next(1001 + RETRY).id, '2');
});

test('what is no photo event is ignored', () => {
  const it = wall();
  for (const odd of [null, undefined, 7, 'x', [], {}, { id: 7, change: 'added' }, { id: '', change: 'added' }, { id: '1' }]) {
    assert.equal(it.take(odd), 'ignored');
  }
});

test('after a gap only the photo on show is still known', () => {
  const it = wall();
  for (const id of [1, 2, 3]) it.take(added(id));
  it.pass(2000);
  const current = it.cards.current;
  assert.notEqual(current, null);
  it.cards.forgetOthers();
  assert.deepEqual([...it.cards.cards.keys(), it.cards.current, ...it.cards.waiting], [current, current]);
});

test('weeks of events leave no trace beyond the bounds', () => {
  const it = wall();
  for (let i = 0; i < 20000; i += 1) {
    const id = (i * 7919) % 3000;
    it.take(i % 11 === 0 ? removed(id) : i % 5 === 0 ? updated(id, ['faves'], { updated: String(i) }) : added(id, { title: String(i) }));
    if (i % 50 === 0) it.pass(100);
    assert.ok(it.cards.cards.size <= KEEP && it.cards.waiting.length <= WAITING && it.cards.gone.times.size <= GONE);
  }
});
