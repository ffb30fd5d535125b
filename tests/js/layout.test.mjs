// Where photos stand, and how large.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxes, fit, proportion, suits, UPSCALE } from '../../static/layout.js';
import { clean } from '../../static/photo.js';

const shape = (...images) => proportion(clean({ id: '1', images: images.map((it) => ({ url: 'https://live.example', ...it })) }));

test('proportions are those of the largest size whose pixels are known, and rather of a named one', () => {
  assert.equal(shape({ width: 75, height: 75 }, { width: 1500, height: 1000 }, {}), 1.5);
  assert.equal(shape({ width: 1500, height: 1000 }, { width: 2048, height: 1366, derived: true }), 1.5);
  assert.equal(shape({ width: 300, height: 200, derived: true }), 1.5);
  for (const odd of [{}, { width: 100 }, { width: 0, height: 100 }, { width: 'x', height: 7 }]) assert.equal(shape(odd), 0);
  assert.equal(shape(), 0);
});

test('boxes cover the screen to the last pixel, and do not overlap', () => {
  const count = { single: 1, pair: 2, stack: 2, mosaic: 4 };
  for (const screen of [{ width: 3840, height: 2160 }, { width: 1081, height: 1921 }, { width: 321, height: 567 }]) {
    Object.keys(count).forEach((layout) => {
      const all = boxes(layout, screen);
      assert.equal(all.length, count[layout]);
      const area = all.reduce((sum, { width, height }) => sum + width * height, 0);
      assert.equal(area, screen.width * screen.height, layout);
      all.forEach((a, i) => all.slice(i + 1).forEach((b) => {
        const apart = a.left + a.width <= b.left || a.top + a.height <= b.top || b.left + b.width <= a.left;
        assert.ok(apart, `${layout} ${JSON.stringify([a, b])}`);
      }));
    });
  }
});

test('boxes come row by row', () => {
  const at = (layout) => boxes(layout, { width: 101, height: 50 }).map(({ left, top, width, height }) => [left, top, width, height]);
  assert.deepEqual(at('single'), [[0, 0, 101, 50]]);
  assert.deepEqual(at('pair'), [[0, 0, 50, 50], [50, 0, 51, 50]]);
  assert.deepEqual(at('stack'), [[0, 0, 101, 25], [0, 25, 101, 25]]);
  assert.deepEqual(at('mosaic'), [[0, 0, 50, 25], [50, 0, 51, 25], [0, 25, 50, 25], [50, 25, 51, 25]]);
});

test('what is no screen suits nothing but a single photo', () => {
  for (const odd of [undefined, null, {}, { width: NaN, height: 7 }, 7]) {
    assert.deepEqual(['single', 'pair', 'stack', 'mosaic'].map((layout) => suits(layout, odd)), [true, false, false, false]);
  }
});

test('a picture fills its box in its own proportions', () => {
  assert.deepEqual(fit({ width: 1600, height: 1067 }, { width: 1920, height: 1080 }), { width: 1619, height: 1080 });
  assert.deepEqual(fit({ width: 683, height: 1024 }, { width: 1920, height: 1080 }), { width: 720, height: 1080 });
  assert.deepEqual(fit({ width: 4000, height: 500 }, { width: 960, height: 1080 }), { width: 960, height: 120 });
});

test('a small picture grows by half at most', () => {
  assert.equal(UPSCALE, 1.5);
  assert.deepEqual(fit({ width: 500, height: 333 }, { width: 1920, height: 1080 }), { width: 750, height: 500 });
});

test('a picture without pixels has no size', () => {
  for (const odd of [{ width: 0, height: 0 }, { width: 0, height: 10 }, {}]) {
    const { width, height } = fit(odd, { width: 100, height: 100 });
    assert.ok(width >= 0 && width <= 100 && height >= 0 && height <= 100);
  }
});
