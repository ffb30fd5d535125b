// Random lives of a wall: what comes in, what people do, how the screen is turned, and how long nothing happens.

import fc from 'fast-check';
import { TOPICS } from './wall.mjs';

const url = 'https://live.example/1.jpg';
const SHAPES = [[], [{ url }], [{ url, width: 1024, height: 683 }], [{ url, width: 683, height: 1024 }], [{ url, width: 3000, height: 900 }]];
const SCREENS = [[1920, 1080], [1080, 1920], [800, 800], [320, 568], [568, 320]];
const IDS = 40;

const NSIDS = ['1@N00', '2@N00', '3@N00', '4@N00', '5@N00'];
const OWNERS = [...NSIDS.map((nsid) => ({ nsid, name: `name of ${nsid}` })), { name: 'Ann' }, undefined];

const number = fc.integer({ min: 0, max: IDS });
const id = number.map(String);
const nsid = fc.constantFrom(...NSIDS);
/** Hours ago; more than six of them is old. */
const age = fc.option(fc.double({ min: -1, max: 8, noNaN: true }), { nil: undefined });
const updates = fc.subarray(['faves', 'created', 'title', 'tags']);
const faved_by = fc.option(fc.constantFrom({ name: 'Ada' }, { name: 'Bob' }), { nil: undefined });

const photo = fc.record({
  kind: fc.constant('photo'),
  event: fc.constantFrom('kittens', ...TOPICS),
  age,
  // A photo never changes hands.
  photo: fc
    .record({ number, change: fc.constantFrom('added', 'added', 'updated'), updates, faved_by, images: fc.constantFrom(...SHAPES) })
    .map(({ number, ...more }) => ({ id: String(number), owner: OWNERS[number % OWNERS.length], ...more })),
});
const burst = fc.array(photo, { maxLength: 60 }).map((photos) => ({ kind: 'burst', photos }));
const stranger = fc.record({ kind: fc.constant('flood'), count: fc.integer({ min: 1, max: 150 }), event: fc.constantFrom(...TOPICS), owner: fc.constantFrom(...OWNERS) });
const pass = fc.record({ kind: fc.constant('pass'), beats: fc.integer({ min: 1, max: 400 }), beat: fc.constantFrom(50, 100, 250) });
const doings = fc.oneof(
  { weight: 6, arbitrary: photo },
  { weight: 2, arbitrary: burst },
  { weight: 1, arbitrary: stranger },
  { weight: 6, arbitrary: pass },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('late'), beats: fc.integer({ min: 0, max: 50 }), photos: fc.array(photo, { maxLength: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove'), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bar'), hidden: fc.array(id, { maxLength: 5 }), muted: fc.array(nsid, { maxLength: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('turn'), screen: fc.constantFrom(...SCREENS) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('skip', 'previous') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('broken'), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('forgive', 'gap', 'rest') }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'hours' }) },
);

export const settings = fc.record({
  layout: fc.constantFrom('auto', 'auto', 'single', 'mosaic'),
  interval: fc.constantFrom(5, 15, 60),
  quiet: fc.constantFrom(10, 40, 300),
  history: fc.boolean(),
  show: fc.constantFrom('all', 'all', 'uploads', 'faves'),
});
export const script = fc.array(doings, { maxLength: 80, size: 'max' });
