// What is true of every wall, whatever happens to it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { age } from '../../static/age.js';
import { Deck } from '../../static/deck.js';
import { isNight } from '../../static/night.js';
import { REST } from '../../static/pacing.js';
import { clean, merge } from '../../static/photo.js';
import { why } from '../../static/reason.js';
import { Life } from './support/life.mjs';
import { script, settings } from './support/scripts.mjs';
import { added, HOUR, LANDSCAPE, MINUTE, SECOND } from './support/wall.mjs';

test('plans are whole, in order, fair to owners, new once an hour, never barred, and all is bounded', () => {
  fc.assert(fc.property(settings, script, (given, steps) => new Life(given).live(steps)), { numRuns: 400 });
});

test('on a quiet wall a new photo is on show within a second, whatever was before', () => {
  const quiet = (given, steps, history) => {
    const life = new Life({ ...given, show: 'all', history });
    life.live(steps);
    life.turn({ screen: [1920, 1080] });
    while (life.deck.waiting > 0) life.pass(MINUTE);
    life.pass(2 * MINUTE);
    // A photo from before that has just come up stays for 3 s.
    while (life.now - life.deck.onShow.since < REST) life.pass({ beats: 1, beat: 100 });
    if (life.deck.current !== null && life.deck.current.step >= 0) return;
    assert.equal(life.take(added('the one'), 'commons'), 'new');
    life.pass(SECOND);
    assert.ok(life.deck.current !== null && life.deck.current.ids.includes('the one'), JSON.stringify(life.deck.current));
  };
  fc.assert(fc.property(settings, script, fc.boolean(), quiet), { numRuns: 100 });
});

test('on an empty wall too, also when the burst does not end', () => {
  const burst = (given, gaps) => {
    const life = new Life({ ...given, show: 'all' });
    const end = life.now + SECOND;
    gaps.forEach((gap, n) => {
      life.take(added(n));
      life.pass({ beats: 1, beat: gap });
    });
    if (life.now < end) life.pass({ beats: Math.ceil((end - life.now) / 50), beat: 50 });
    assert.ok(life.plans.length > 0 && life.plans[0].at <= end + 119, JSON.stringify(life.plans[0]));
  };
  fc.assert(fc.property(settings, fc.array(fc.integer({ min: 1, max: 119 }), { minLength: 1, maxLength: 100 }), burst));
});

test('everything that waits is shown in the end, when nothing more comes', () => {
  const drain = (given, steps) => {
    const life = new Life(given);
    life.live(steps);
    for (let n = 0; n < 130 && life.deck.waiting > 0; n += 1) life.pass({ beats: 240, beat: 500 });
    assert.equal(life.deck.waiting, 0);
  };
  fc.assert(fc.property(settings, script, drain), { numRuns: 60 });
});

test('no owner has more than a quarter of the photos while four others wait', () => {
  const flood = (counts) => {
    const life = new Life({ layout: 'single' });
    counts.forEach((count, owner) => {
      for (let n = 0; n < count; n += 1) life.take(added(`${owner} ${n}`, { owner: { nsid: String(owner) } }), 'contacts_photos');
    });
    const waiting = counts.slice();
    life.pass({ beats: 4 * 60 * 20, beat: 250 });
    const order = life.plans.filter(({ isNew }) => isNew).map(({ ids: [id] }) => Number(id.split(' ')[0]));
    order.forEach((owner, n) => {
      const others = waiting.filter((left, it) => left > 0 && it !== owner).length;
      waiting[owner] -= 1;
      if (others >= 4) assert.ok(!order.slice(Math.max(0, n - 3), n).includes(owner), `${order} at ${n}`);
    });
  };
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 2, maxLength: 7 }), flood), { numRuns: 50 });
});

/** Anything that may come as JSON, and more; sometimes where a field is expected. */
const anything = fc.anything({ withNullPrototype: true, withObjectString: true, withBigInt: true, withDate: true, maxDepth: 3 });
const photo = fc.record(
  Object.fromEntries(['change', 'updates', 'id', 'title', 'page', 'owner', 'faved_by', 'published', 'updated', 'taken', 'tags',
    'position', 'licence', 'video', 'images'].map((field) => [field, anything])),
  { requiredKeys: [] },
);
const nearly = fc.record({
  photo: photo.chain((odd) => fc.constantFrom(
    { ...odd, id: '1', change: 'added' }, { ...odd, id: '2', change: 'added', images: [{ url: 'https://a' }, odd.images] },
    { ...odd, id: '2', updates: ['faves'], owner: { nsid: odd.owner, name: odd.title } }, odd)),
  event: fc.oneof(fc.constantFrom('a', 'b'), anything),
});
const wall = fc.record({
  events: fc.oneof(anything, fc.array(fc.record({ event: fc.constantFrom('a', 'b'), topic: anything, tags: anything, words: anything, label: anything }))),
  hidden: fc.oneof(anything, fc.array(anything)),
  muted: fc.oneof(anything, fc.array(fc.record({ nsid: anything, name: anything }))),
});

test('nothing that comes in makes anything throw', () => {
  const message = fc.oneof(anything, nearly);
  const steps = fc.array(fc.record({ message, wall: fc.option(fc.oneof(anything, wall)), now: fc.oneof(fc.nat(), fc.double()), time: fc.double() }));
  const odd = (given, list, screen) => {
    const deck = new Deck(given);
    list.forEach((step) => {
      if (step.wall !== null) deck.hear(step.wall);
      assert.ok(['new', 'changed', 'removed', 'ignored'].includes(deck.take(step.message, step.now, step.time)));
      [deck.next(step.now, screen), deck.skip(step.now, LANDSCAPE), deck.previous(step.now, screen)].forEach((plan) => {
        if (plan !== null) deck.shown(plan, step.now);
      });
      (deck.current === null ? [] : deck.current.ids).forEach((id) => {
        assert.equal(typeof why(deck.get(id), deck.topics), 'string');
      });
    });
  };
  fc.assert(fc.property(anything, steps, fc.oneof(anything, fc.constant(LANDSCAPE)), odd), { numRuns: 300 });
});

test('what was taken in stays JSON, and merging it again changes nothing', () => {
  fc.assert(
    fc.property(photo, photo, (a, b) => {
      const before = clean({ ...a, id: '1' });
      const event = clean({ ...b, id: '1' });
      const once = merge(before, event);
      assert.deepEqual(merge(once, event), once);
      assert.deepEqual(clean(JSON.parse(JSON.stringify(once))), clean(once));
    }),
  );
});

test('no schedule, zone or time makes the night or an age throw', () => {
  const span = fc.record({ days: anything, from: anything, to: anything });
  fc.assert(
    fc.property(fc.oneof(anything, fc.array(fc.oneof(span, anything))), fc.double(), (spans, time) => {
      assert.equal(typeof isNight(spans, time, 'UTC'), 'boolean');
      assert.equal(typeof age(time, HOUR), 'string');
    }),
  );
});
