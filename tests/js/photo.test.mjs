// What of an event is usable, and what is known after the next one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNews, learn, newCard, REASONS, timeOf } from '../../static/card.js';
import { changed, clean, isWeb, merge } from '../../static/photo.js';
import { AGAIN, SEEN, Seen } from '../../static/seen.js';

const EARLY = '2026-11-25T10:00:00Z';
const LATE = '2026-11-25T11:00:00Z';
const event = (more) => clean({ change: 'added', id: '1', images: [{ url: 'https://live.example/1' }], ...more });

test('what is no photo event is none', () => {
  for (const odd of [null, undefined, 7, 'x', [], {}, { id: 7 }, { id: '' }, { id: null }, () => 1]) {
    assert.equal(clean(odd), null);
  }
});

test('an event keeps what is usable and nothing else', () => {
  const whole = {
    change: 'updated',
    updates: ['faves'],
    id: '53000000001',
    title: 'Kitten <b>',
    page: 'https://www.flickr.com/photos/ann/53000000001/',
    owner: { name: 'Ann', nsid: '1@N00', page: 'https://www.flickr.com/people/ann/', icon: 'https://live.example/i.jpg' },
    faved_by: { name: 'Bob', nsid: undefined, page: undefined, icon: undefined },
    published: EARLY,
    updated: LATE,
    taken: '2026-11-24T08:00:00',
    tags: ['cat'],
    position: { latitude: 52.5, longitude: 13.4 },
    licence: 'https://creativecommons.org/licenses/by/2.0/',
    video: true,
    images: [{ url: 'https://live.example/1_b.jpg', width: 1024, height: 683, derived: undefined }],
  };
  assert.deepEqual(clean({ ...whole, other: 'x' }), whole);
});

test('a field that is not what it should be is as good as missing', () => {
  const odd = { toString: 1, valueOf: 2 };
  const photo = clean({
    change: odd, updates: [7, 'tags', null], id: '1', title: odd, page: 7, owner: 'Ann', faved_by: null, published: odd,
    updated: {}, taken: [], tags: 'cat', position: { latitude: 'x', longitude: 1 }, licence: odd, video: 'yes',
    images: [null, 7, {}, { url: 'javascript:alert(1)' }, { url: 'HTTP://live.example/1', width: '7', height: -1 }],
  });
  assert.deepEqual(JSON.parse(JSON.stringify(photo)),
    { change: '', updates: ['tags'], id: '1', images: [{ url: 'HTTP://live.example/1' }] });
});

test('texts and lists are bounded', () => {
  const long = 'x'.repeat(1e5);
  const photo = event({ title: long, page: `https://${long}`, tags: Array(1e4).fill('t'), images: Array(1e4).fill({ url: 'http://a' }) });
  assert.ok(photo.title.length === 1000 && photo.page === undefined);
  assert.ok(photo.tags.length === 100 && photo.images.length === 100);
  assert.equal(clean({ id: long }), null);
});

test('an address of the web is one', () => {
  assert.ok(isWeb('https://a') && isWeb('HTTP://a'));
  for (const odd of ['javascript:1', 'data:,', '//a', ' https://a', 7, null]) assert.ok(!isWeb(odd), String(odd));
});

test('the newer event wins, and what it does not mention stays', () => {
  const before = event({ title: 'old', tags: ['cat'], updated: EARLY });
  const after = merge(before, event({ title: 'new', images: [], updated: LATE }));
  assert.deepEqual([after.title, after.tags, after.images, after.updated], ['new', ['cat'], before.images, LATE]);
});

test('a title that was taken away is gone', () => {
  assert.equal(event({}).title, undefined);
  assert.equal(merge(event({ title: 'old' }), event({ change: 'updated', updates: ['title'] })).title, '');
});

test('an event that comes late adds only what was missing', () => {
  const before = event({ title: 'new', updated: LATE, images: [] });
  const after = merge(before, event({ title: 'old', licence: 'x', updated: EARLY }));
  assert.deepEqual([after.title, after.licence, after.updated, after.images.length], ['new', 'x', LATE, 1]);
});

test('when a photo last changed: as it says, and now when it says nothing or what cannot be yet', () => {
  const noon = Date.parse('2026-11-25T12:00:00Z');
  assert.equal(changed(event({ published: EARLY, updated: LATE })), Date.parse(LATE));
  assert.equal(timeOf(event({ published: EARLY }), noon), Date.parse(EARLY));
  for (const updated of [undefined, 'x', '', '2099-01-01T00:00:00Z']) assert.equal(timeOf(event({ updated }), noon), noon);
  assert.equal(timeOf(event({ updated: LATE }), NaN), 0);
});

test('uploads and faves are news', () => {
  const updated = (updates) => event({ change: 'updated', updates });
  const news = (photo) => ['all', 'uploads', 'faves', 'nonsense'].filter((show) => isNews(photo, show));
  assert.deepEqual(news(event({})), ['all', 'uploads', 'nonsense']);
  assert.deepEqual(news(updated(['created'])), ['all', 'uploads', 'nonsense']);
  assert.deepEqual(news(updated(['faves', 'tags'])), ['all', 'faves', 'nonsense']);
  assert.deepEqual(news(event({ faved_by: { name: 'Ada' } })), ['all', 'faves', 'nonsense']);
  for (const updates of [[], ['title'], ['tags', 'geo']]) assert.deepEqual(news(updated(updates)), []);
});

test('a card keeps fifty reasons of each kind: the newest favers and the first event names', () => {
  const card = newCard(event({}));
  for (let n = 1; n <= 3 * REASONS; n += 1) {
    assert.ok(learn(card, event({ change: 'updated', updates: ['faves'], faved_by: { name: `f${n}` } }), `e${n}`));
  }
  assert.deepEqual([card.favers.length, card.favers[0]], [REASONS, `f${3 * REASONS}`]);
  assert.deepEqual([card.events.length, card.events[0]], [REASONS, 'e1']);
});

test('what a card knows already is nothing new, and who faved twice counts once', () => {
  const card = newCard(event({}));
  const fave = event({ updates: ['faves'], faved_by: { name: 'Ada' } });
  assert.deepEqual([learn(card, fave, 'a'), learn(card, fave, 'a'), learn(card, fave, 'b'), learn(card, fave, '')],
    [true, false, true, false]);
  assert.deepEqual([card.events, card.favers], [['a', 'b'], ['Ada']]);
});

test('a photo shown as new is remembered for an hour, and the last two thousand of them', () => {
  const seen = new Seen();
  seen.add('0', 0);
  assert.deepEqual([seen.has('0', AGAIN - 1), seen.has('0', AGAIN), seen.has('1', 0)], [true, false, false]);
  for (let id = 1; id < SEEN; id += 1) seen.add(String(id), id);
  seen.add('0', SEEN);
  seen.add('last', SEEN);
  assert.equal(seen.times.size, SEEN);
  assert.deepEqual(['0', '1', '2', 'last'].map((id) => seen.has(id, SEEN)), [true, false, true, true]);
});
