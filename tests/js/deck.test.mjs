// Which cards there are, and what becomes of them. Run with `node --test tests/js/*.test.mjs`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GONE } from '../../static/gone.js';
import { CROWD, WAITING } from '../../static/order.js';
import { SETTLE } from '../../static/pacing.js';
import { AGAIN } from '../../static/seen.js';
import { HISTORY, RETRY } from '../../static/stock.js';
import { added, by, hello, HOUR, MINUTE, NOON, removed, SECOND, TALL, updated, Wall, WIDE } from './support/wall.mjs';

test('a photo for several reasons is one card with all of them, and stays where it is', () => {
  const wall = new Wall();
  assert.equal(wall.take(added(1, { faved_by: { name: 'Ada' } }), 'contacts_faves'), 'new');
  assert.equal(wall.take(added(1), 'tags'), 'changed');
  assert.equal(wall.take(updated(1, ['faves'], { faved_by: { name: 'Bob' } }), 'contacts_faves'), 'changed');
  assert.equal(wall.take(updated(1, ['faves'], { faved_by: { name: 'Ada' } }), 'contacts_faves'), 'changed');
  const card = wall.deck.get('1');
  assert.deepEqual(card.events, ['contacts_faves', 'tags']);
  assert.deepEqual(card.favers, ['Bob', 'Ada']);
  assert.equal(wall.deck.waiting, 1);
});

test('a fave makes a card of a photo not known before, and of a known one the newest', () => {
  const wall = new Wall();
  wall.takeAll([added('first'), added(1), added(2)]);
  assert.equal(wall.take(updated(9, ['faves'])), 'new');
  wall.pass(SECOND);
  assert.equal(wall.shows, '9');
  assert.equal(wall.take(updated('first', ['tags', 'faves'], { faved_by: { name: 'Ada' } })), 'changed');
  wall.pass(16 * SECOND);
  assert.equal(wall.shows, 'first');
  assert.equal(wall.deck.get('first').photo.title, 'photo first');
});

test('a fave of the photo on show changes its card, and shows nothing twice', () => {
  const wall = new Wall();
  wall.take(added(1));
  wall.pass(SECOND);
  assert.equal(wall.take(updated(1, ['faves'], { faved_by: { name: 'Ada' } })), 'changed');
  wall.pass(2 * HOUR);
  assert.equal(wall.take(updated(1, ['faves'], { faved_by: { name: 'Bob' } })), 'changed');
  wall.pass(MINUTE);
  assert.deepEqual(wall.seen, ['1']);
  assert.deepEqual(wall.deck.get('1').favers, ['Bob', 'Ada']);
});

test('a photo that was shown as new is not new again within an hour, and is after it', () => {
  const wall = new Wall({ history: false });
  wall.take(added(1));
  wall.pass(16 * SECOND);
  wall.take(added(2));
  wall.pass(16 * SECOND);
  assert.equal(wall.take(updated(1, ['faves'], { faved_by: { name: 'Ada' } })), 'changed');
  wall.pass(AGAIN - 17 * SECOND);
  assert.deepEqual(wall.seen, ['1', '2']);
  assert.equal(wall.take(updated(1, ['faves'], { faved_by: { name: 'Bob' } })), 'new');
  wall.pass(SECOND);
  assert.deepEqual(wall.seen, ['1', '2', '1']);
});

test('other updates change a card in place, and never make one', () => {
  const wall = new Wall();
  wall.take(updated(1, ['faves'], { title: 'old', faved_by: { name: 'Ada' } }));
  wall.take(added(2));
  wall.pass(SETTLE + 10);
  assert.equal(wall.take(updated(1, ['title'], { title: 'new' })), 'changed');
  const { photo } = wall.deck.get('1');
  assert.deepEqual([photo.title, photo.faved_by.name], ['new', 'Ada']);
  wall.take(updated(1, ['title']));
  assert.equal(wall.deck.get('1').photo.title, '', 'known to have none');
  wall.take(updated(1, ['geo'], { images: [] }));
  assert.deepEqual(wall.deck.get('1').photo.images.map(({ url }) => url), WIDE.map(({ url }) => url));
  assert.equal(wall.take(updated(3, ['title', 'tags'])), 'ignored');
  assert.equal(wall.deck.get('3'), undefined);
  assert.deepEqual([wall.shows, wall.deck.waiting], ['2', 1]);
});

test('the same message again is nothing new', () => {
  const wall = new Wall();
  wall.take(added(1));
  wall.pass(16 * SECOND);
  wall.take(added(2));
  wall.pass(16 * SECOND);
  assert.equal(wall.take(added(1)), 'ignored');
  wall.pass(SECOND);
  assert.equal(wall.shows, '2');
});

test('an old event that comes late adds what was missing, and takes nothing back', () => {
  const wall = new Wall();
  wall.take(added(1, { title: 'new', updated: '2026-11-25T11:59:00Z' }));
  wall.take(updated(1, ['title'], { title: 'old', licence: 'https://licence.example', updated: '2026-11-25T11:58:00Z' }));
  const { photo } = wall.deck.get('1');
  assert.deepEqual([photo.title, photo.licence], ['new', 'https://licence.example']);
});

test('settings choose between uploads and faves, and what is not wanted makes no card', () => {
  const fave = updated(1, ['faves'], { faved_by: { name: 'Ada' } });
  const whoFaved = added(2, { faved_by: { name: 'Ada' } });
  const both = updated(3, ['created', 'faves']);
  const made = (show) => [added(0), fave, whoFaved, both].map((event) => new Wall({ show }).take(event) === 'new');
  assert.deepEqual(made('all'), [true, true, true, true]);
  assert.deepEqual(made('uploads'), [true, false, false, true]);
  assert.deepEqual(made('faves'), [false, true, true, true]);
});

test('a photo that changed more than six hours ago is nothing new, but something for quiet times', () => {
  const wall = new Wall();
  const before = (hours) => new Date(NOON - hours * HOUR).toISOString();
  assert.equal(wall.take(added('old', { published: before(1), updated: before(7) })), 'changed');
  assert.equal(wall.take(added('older', { published: before(6.1) })), 'changed');
  assert.equal(wall.take(added('fresh', { published: before(7), updated: before(5.9) })), 'new');
  assert.equal(wall.take(added('someday', { updated: 'yesterday or so' })), 'new');
  assert.equal(wall.take(added('tomorrow', { updated: before(-24) })), 'new');
  assert.equal(wall.deck.waiting, 3);
  wall.pass(2 * 16 * SECOND + 2 * MINUTE);
  assert.deepEqual(wall.seen.slice(0, 5), ['tomorrow', 'someday', 'fresh', 'older', 'old']);
});

test('a removed photo is gone at once from everywhere, and stays gone', () => {
  const wall = new Wall();
  wall.takeAll([added(1), added(2), added(3)]);
  wall.pass(SETTLE + 10);
  assert.equal(wall.take(removed(2)), 'removed');
  assert.equal(wall.take(removed(2)), 'ignored');
  assert.equal(wall.take(added(2)), 'ignored');
  assert.equal(wall.take(updated(2, ['faves'])), 'ignored');
  assert.equal(wall.take(removed(3)), 'removed');
  assert.equal(wall.deck.current, null);
  wall.pass(10);
  assert.deepEqual(wall.seen, ['3', '1']);
  wall.pass(10 * MINUTE);
  assert.deepEqual(wall.seen, ['3', '1']);
});

test('a photo removed before it came does not come', () => {
  const wall = new Wall();
  wall.take(removed(1));
  assert.equal(wall.take(added(1)), 'ignored');
});

test('a photo made public again returns, when its event is known to be later', () => {
  const wall = new Wall();
  wall.take(removed(1, { updated: '2026-11-25T11:00:00Z' }));
  assert.equal(wall.take(added(1, { updated: '2026-11-25T10:59:59.5Z' })), 'ignored');
  assert.equal(wall.take(added(1, { updated: '2026-11-25T11:00:00.5Z' })), 'new');
});

test('removals are remembered within bounds', () => {
  const wall = new Wall();
  for (let id = 0; id < GONE + 100; id += 1) wall.take(removed(id));
  assert.equal(wall.deck.stock.gone.times.size, GONE);
  assert.equal(wall.take(added(GONE + 99)), 'ignored');
});

test('when the last photo is removed the wall is empty until the next', () => {
  const wall = new Wall();
  wall.take(added(1));
  wall.pass(SECOND);
  wall.take(removed(1));
  wall.pass(2 * MINUTE);
  assert.deepEqual([wall.seen, wall.deck.current], [['1'], null]);
  wall.take(added(2));
  wall.pass(SECOND);
  assert.equal(wall.shows, '2');
});

test('a photo that goes while its picture is on its way is not on show', () => {
  const wall = new Wall();
  wall.take(added(1));
  wall.now += SECOND;
  const plan = wall.deck.next(wall.now, wall.screen);
  wall.take(removed(1));
  wall.deck.shown(plan, wall.now);
  assert.equal(wall.deck.current, null);
});

test('a hidden photo and all of a muted owner leave at once, and come back only when they are shown again', () => {
  const wall = new Wall();
  wall.takeAll([added(1), added(2, by('1@N00')), added(3, by('2@N00'))]);
  wall.pass(SETTLE + 10);
  assert.equal(wall.shows, '3');
  assert.deepEqual(wall.deck.hear(hello({ hidden: ['3'], muted: [{ nsid: '1@N00', name: 'Ann' }] })), ['3']);
  assert.deepEqual([wall.deck.current, wall.deck.get('3'), wall.deck.get('2')], [null, undefined, undefined]);
  wall.pass(10 * MINUTE);
  assert.deepEqual(wall.seen, ['3', '1']);
  assert.equal(wall.take(added(4, by('1@N00'))), 'ignored');
  assert.equal(wall.take(updated(3, ['faves'], by('2@N00'))), 'ignored');
  assert.deepEqual(wall.deck.hear(hello()), []);
  wall.pass(10 * MINUTE);
  assert.deepEqual(wall.seen.slice(2, 5), ['2', '3', '1']);
});

test('an owner is muted by nsid, and by name where there is none', () => {
  const cases = [
    [{ nsid: '1@N00', name: 'Ann' }, { nsid: '1@N00', name: 'Other' }, true],
    [{ nsid: '1@N00', name: 'Ann' }, { nsid: '2@N00', name: 'Ann' }, false],
    [{ nsid: '1@N00', name: 'Ann' }, { name: 'Ann' }, true],
    [{ name: 'Ann' }, { nsid: '2@N00', name: 'Ann' }, true],
    [{ nsid: '1@N00' }, {}, false],
    [{}, { page: 'https://flickr.example/ann' }, false],
  ];
  cases.forEach(([muted, owner, isMuted]) => {
    const wall = new Wall();
    wall.deck.hear(hello({ muted: [muted] }));
    assert.equal(wall.take(added(1, { owner })), isMuted ? 'ignored' : 'new', JSON.stringify([muted, owner]));
  });
});

test('an update that tells that the photo on show is a muted owner’s takes it away', () => {
  const wall = new Wall();
  wall.deck.hear(hello({ muted: [{ nsid: '1@N00' }] }));
  wall.take(added(1));
  wall.pass(SECOND);
  assert.equal(wall.take(updated(1, ['title'], by('1@N00'))), 'removed');
  assert.equal(wall.deck.current, null);
});

test('a card without a picture waits until it has one', () => {
  const wall = new Wall();
  assert.equal(wall.take(added(1, { images: undefined })), 'changed');
  wall.take(added(2, { images: [{ url: 'javascript:alert(1)' }, null, {}, { url: 7 }] }));
  wall.pass(2 * MINUTE);
  assert.deepEqual(wall.seen, []);
  assert.equal(wall.take(updated(1, ['media'])), 'new');
  wall.pass(SECOND);
  assert.deepEqual(wall.seen, ['1']);
});

test('a broken photo is skipped, and tried again after ten minutes', () => {
  const wall = new Wall();
  wall.takeAll([added(1), added(2)]);
  wall.now += SECOND;
  wall.deck.broken('2', wall.now);
  assert.equal(wall.deck.waiting, 1);
  wall.pass(RETRY - 10);
  assert.deepEqual(wall.seen, ['1']);
  wall.pass(20);
  assert.deepEqual(wall.seen, ['1', '2']);
});

test('what was broken is new after all when the network is back, or other pictures of it are known', () => {
  const wall = new Wall();
  wall.takeAll([added(1), added(2), added(3)]);
  ['1', '2', '3'].forEach((id) => wall.deck.broken(id, wall.now));
  wall.pass(MINUTE);
  assert.deepEqual([wall.seen, wall.deck.waiting], [[], 0]);
  assert.equal(wall.take(updated(1, ['photo_url'], { images: TALL })), 'new');
  wall.pass(SECOND);
  assert.equal(wall.shows, '1');
  wall.deck.forgive();
  assert.equal(wall.deck.waiting, 2);
  wall.pass(16 * SECOND);
  assert.equal(wall.shows, '3');
});

test('what was broken again when its time came is no news any more', () => {
  const wall = new Wall();
  wall.take(added(1));
  wall.deck.broken('1', wall.now);
  wall.now += RETRY;
  assert.deepEqual(wall.deck.next(wall.now, wall.screen).ids, ['1']);
  wall.deck.broken('1', wall.now);
  wall.deck.forgive();
  assert.equal(wall.deck.waiting, 0);
  wall.pass(10);
  assert.deepEqual(wall.plans.map(({ ids, isNew }) => [ids, isNew]), [[['1'], false]]);
});

test('after a gap only what is on show is still known', () => {
  const wall = new Wall();
  wall.takeAll([added(1), added(2), added(3)]);
  wall.pass(2 * SECOND);
  wall.deck.forgetOthers();
  assert.deepEqual([[...wall.deck.stock.cards.keys()], wall.shows, wall.deck.waiting], [['3'], '3', 0]);
});

test('what comes back after the night begins with what was on show before', () => {
  const wall = new Wall({ history: false });
  wall.take(added(1));
  wall.pass(MINUTE);
  wall.deck.rest();
  assert.equal(wall.deck.current, null);
  wall.take(added(2));
  wall.now += 8 * HOUR;
  wall.pass(3 * SECOND + 20);
  assert.deepEqual(wall.seen, ['1', '1', '2']);
});

test('of a flood from strangers the newest wait, and the others are the first to return', () => {
  const wall = new Wall({ layout: 'single' });
  for (let id = 1; id <= CROWD + 3; id += 1) wall.take(added(id), 'tags');
  assert.equal(wall.deck.waiting, CROWD);
  wall.pass(CROWD * 15 * SECOND);
  assert.deepEqual(wall.seen.slice(0, 3), ['63', '62', '61']);
  wall.pass(40 * SECOND + 2 * 15 * SECOND);
  assert.deepEqual(wall.seen.slice(CROWD, CROWD + 3), ['3', '2', '1']);
});

test('photos from people one knows are not dropped for others, and not without limit', () => {
  const wall = new Wall();
  for (let id = 1; id <= CROWD; id += 1) wall.take(added(`known ${id}`), 'contacts_photos');
  assert.equal(wall.take(added('stranger'), 'geo'), 'changed');
  for (let id = CROWD; id <= 2 * WAITING; id += 1) wall.take(added(`known ${id}`), 'photos_of_me');
  assert.equal(wall.deck.waiting, WAITING);
  assert.ok(wall.deck.get(`known ${2 * WAITING}`).waits && !(wall.deck.get('known 1') || {}).waits);
});

test('the photo on show keeps its card through any burst, and nothing grows', () => {
  const wall = new Wall();
  wall.take(added('first'));
  wall.pass(SECOND);
  for (let id = 1; id <= 500; id += 1) wall.take(added(id));
  assert.ok(wall.deck.get('first'));
  assert.equal(wall.deck.stock.cards.size, 1 + CROWD + HISTORY);
  wall.pass(16 * SECOND);
  assert.equal(wall.seen[1], '500');
});
