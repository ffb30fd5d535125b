// What is said of a photo: why it is here, and since when.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { age } from '../../static/age.js';
import { why } from '../../static/reason.js';

const topics = new Map([
  ['mf', { topic: 'my_faves' }],
  ['cf', { topic: 'contacts_faves' }],
  ['cp', { topic: 'contacts_photos' }],
  ['pc', { topic: 'photos_of_contacts' }],
  ['pm', { topic: 'photos_of_me' }],
  ['mp', { topic: 'my_photos' }],
  ['home', { topic: 'geo', label: 'Home', words: 'photos within 5 km of 52.5° N, 13.4° E' }],
  ['place', { topic: 'geo', words: 'photos within 5 km of 52.5° N, 13.4° E' }],
  ['woe', { topic: 'geo', words: 'photos from 3 places' }],
  ['somewhere', { topic: 'geo' }],
  ['kitten', { topic: 'tags', tags: ['kitten'], words: 'photos tagged kitten', label: 'Sweet' }],
  ['pets', { topic: 'tags', tags: ['cat', 'dog', 'new york'], words: 'photos tagged cat, dog or new york' }],
  ['commons', { topic: 'commons' }],
  ['named', { label: 'The office' }],
  ['odd', { topic: 7, tags: 'x', words: {}, label: [] }],
  ['none', null],
]);
const card = (events, favers = [], tags = undefined) => ({ id: '1', photo: { tags }, events, favers });

test('why a photo is here', () => {
  const cases = [
    [card(['cf'], ['Nolan']), 'faved by Nolan'],
    [card(['cf'], ['Nolan', 'Ada']), 'faved by Nolan and Ada'],
    [card(['cf'], ['Nolan', 'Ada', 'Bob']), 'faved by Nolan and 2 others'],
    [card(['cf']), 'faved by a contact'],
    [card(['mf']), 'faved by you'],
    [card(['mf'], ['Ann']), 'faved by Ann'],
    [card(['cp']), 'new from a contact'],
    [card(['pc']), 'with a contact in it'],
    [card(['pm']), 'with you in it'],
    [card(['mp']), 'new from you'],
    [card(['home']), 'near Home'],
    [card(['place']), 'within 5 km of 52.5° N, 13.4° E'],
    [card(['woe']), 'from 3 places'],
    [card(['somewhere']), 'from a place'],
    [card(['kitten']), 'tagged kitten'],
    [card(['pets'], [], ['Dog', 'grass']), 'tagged dog'],
    [card(['pets'], [], ['New-York', 'cat']), 'tagged cat and new york'],
    [card(['pets'], [], ['grass']), 'tagged cat, dog or new york'],
    [card(['commons']), 'from the Commons'],
    [card(['named']), 'The office'],
    [card(['kittens of mine']), ''],
    [card(['kittens of mine'], ['Nolan']), 'faved by Nolan'],
    [card(['odd', 'none']), ''],
    [card([]), ''],
  ];
  cases.forEach(([given, expected]) => assert.equal(why(given, topics), expected, JSON.stringify(given)));
});

test('several reasons are merged, the best first, each once, and three at most', () => {
  assert.equal(why(card(['kitten', 'cf'], ['Nolan']), topics), 'faved by Nolan · tagged kitten');
  assert.equal(why(card(['commons', 'home', 'kitten', 'cp']), topics), 'new from a contact · near Home · tagged kitten');
  assert.equal(why(card(['cf', 'mf', 'kitten', 'kitten']), topics), 'faved by you · faved by a contact · tagged kitten');
});

test('who looks at somebody’s wall may be told the name', () => {
  assert.equal(why(card(['mf']), topics, 'Ann'), 'faved by Ann');
  assert.equal(why(card(['pm']), topics, 'Ann'), 'with Ann in it');
});

test('how long ago', () => {
  const at = (text) => new Date(text).getTime(); // in the machine's time zone, as walls do
  const now = at('2026-11-25T12:00:00');
  const cases = [
    ['2026-11-25T12:00:00', 'just now'],
    ['2026-11-25T11:59:01', 'just now'],
    ['2026-11-25T11:59:00', '1 min ago'],
    ['2026-11-25T11:00:01', '59 min ago'],
    ['2026-11-25T11:00:00', '1 h ago'],
    ['2026-11-24T12:00:01', '23 h ago'],
    ['2026-11-24T12:00:00', 'yesterday'],
    ['2026-11-24T00:00:00', 'yesterday'],
    ['2026-11-23T23:59:59', '23 Nov'],
    ['2026-01-01T00:00:00', '1 Jan'],
    ['2025-12-31T23:59:59', '31 Dec 2025'],
    ['2019-11-12T08:00:00', '12 Nov 2019'],
    ['2026-11-25T12:05:00', 'just now'],
    ['2026-11-25T12:05:01', ''],
  ];
  cases.forEach(([then, expected]) => assert.equal(age(at(then), now), expected, then));
  for (const odd of [NaN, undefined, 'x', {}, Infinity, -Infinity, -1e300]) assert.equal(age(odd, now), '', String(odd));
  assert.equal(age(now, NaN), '');
});
