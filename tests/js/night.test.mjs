// When walls are dark.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNight } from '../../static/night.js';

const DAILY = [0, 1, 2, 3, 4, 5, 6];
const night = [{ days: DAILY, from: 22 * 60, to: 7 * 60 }];
const office = [{ days: [1, 2, 3, 4, 5], from: 19 * 60, to: 7 * 60 + 30 }, { days: [6, 0], from: 23 * 60, to: 9 * 60 }];
const dark = (spans, times, zone = 'UTC') => times.map((text) => isNight(spans, Date.parse(text + ':00Z'), zone));

test('a night begins on its minute, crosses midnight, and ends on its minute', () => {
  const times = ['2026-11-25T21:59', '2026-11-25T22:00', '2026-11-25T23:59', '2026-11-26T00:00', '2026-11-26T06:59', '2026-11-26T07:00'];
  assert.deepEqual(dark(night, times), [false, true, true, true, true, false]);
});

test('a night belongs to the day on which it begins', () => {
  // 2026-11-27 is a Friday.
  assert.deepEqual(dark(office, ['2026-11-27T19:00', '2026-11-28T07:29', '2026-11-28T07:30']), [true, true, false]);
  assert.deepEqual(dark(office, ['2026-11-28T22:59', '2026-11-28T23:00', '2026-11-29T08:59']), [false, true, true]);
  assert.deepEqual(dark(office, ['2026-11-29T23:00', '2026-11-30T08:59', '2026-11-30T09:00']), [true, true, false]);
  assert.deepEqual(dark(office, ['2026-11-30T18:59', '2026-11-30T19:00']), [false, true]);
});

test('a rest by day does not cross midnight, and one may end with the day', () => {
  const noon = [{ days: DAILY, from: 12 * 60, to: 13 * 60 }];
  assert.deepEqual(dark(noon, ['2026-11-25T11:59', '2026-11-25T12:00', '2026-11-25T13:00']), [false, true, false]);
  const evening = [{ days: [3], from: 20 * 60, to: 1440 }];
  assert.deepEqual(dark(evening, ['2026-11-25T23:59', '2026-11-26T00:00']), [true, false]);
});

test('a night that ends when it begins lasts a day', () => {
  const day = [{ days: [3], from: 600, to: 600 }];
  const times = ['2026-11-25T09:59', '2026-11-25T10:00', '2026-11-26T09:59', '2026-11-26T10:00'];
  assert.deepEqual(dark(day, times), [false, true, true, false]);
});

test('the clock is that of the time zone, with its day and its summer time', () => {
  assert.deepEqual(dark(night, ['2026-11-25T20:59', '2026-11-25T21:00'], 'Europe/Berlin'), [false, true]);
  assert.deepEqual(dark(night, ['2026-07-25T19:59', '2026-07-25T20:00'], 'Europe/Berlin'), [false, true]);
  assert.deepEqual(dark(night, ['2026-11-25T16:29', '2026-11-25T16:30'], 'Asia/Kolkata'), [false, true]);
  // Saturday evening in Auckland is Saturday morning in Greenwich.
  assert.deepEqual(dark(office, ['2026-11-28T09:59', '2026-11-28T10:00'], 'Pacific/Auckland'), [false, true]);
  // Midnight is never the 24th hour.
  assert.deepEqual(dark([{ days: [4], from: 0, to: 1 }], ['2026-11-25T23:00', '2026-11-25T23:01'], 'Europe/Berlin'), [true, false]);
});

test('a zone that the browser does not know is the machine’s own', (context) => {
  const warn = context.mock.method(console, 'warn', () => {});
  const at = new Date(2026, 10, 25, 22, 0).getTime();
  for (const zone of ['Mars/Olympus', '', undefined, 7]) {
    assert.deepEqual([isNight(night, at, zone), isNight(night, at - 60000, zone)], [true, false], String(zone));
  }
  assert.equal(warn.mock.callCount(), 1, 'said once');
});

test('what is no schedule is no night', () => {
  const noon = Date.parse('2026-11-25T12:00:00Z');
  const odd = [undefined, null, [], 'x', {}, [null], [7], [{}], [{ days: 'x', from: 0, to: 0 }], [{ days: DAILY }]];
  odd.forEach((spans) => assert.equal(isNight(spans, noon, 'UTC'), false, JSON.stringify(spans)));
  assert.equal(isNight(night, NaN, 'UTC'), false);
});
