// Which size of a picture a screen gets, and how large it stands there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose, fit } from '../../static/image.js';

const sized = (width, height, derived) => ({ url: `https://live.example/${width}`, width, height, derived });
const landscape = [sized(240, 160), sized(500, 333, true), sized(1024, 683), sized(1600, 1067), sized(2048, 1365)];
const widths = (images, width, height, ratio = 1) => choose(images, { width, height, ratio }).map((image) => image.width);

test('the smallest size with all the pixels that the screen can show', () => {
  assert.equal(widths(landscape, 320, 568)[0], 500);
  assert.equal(widths(landscape, 1024, 768)[0], 1024);
  assert.equal(widths(landscape, 1920, 1080)[0], 1600);
  assert.equal(widths(landscape, 320, 568, 3)[0], 1024);
});

test('else the largest', () => {
  assert.equal(widths(landscape, 3840, 2160)[0], 2048);
});

test('when it fails: the named ones, the next smaller first', () => {
  assert.deepEqual(widths(landscape, 1024, 768), [1024, 240, 1600]);
  assert.deepEqual(widths([sized(640, 480, true), sized(1024, 768)], 320, 568), [640, 1024]);
});

test('sizes without pixels are the last resort, the largest of them', () => {
  const unknown = [{ url: 'https://live.example/s' }, { url: 'https://live.example/b' }];
  assert.equal(choose(unknown, { width: 800, height: 600, ratio: 1 })[0].url, 'https://live.example/b');
  assert.deepEqual(choose([], { width: 800, height: 600, ratio: 1 }), []);
});

test('a picture fills the screen in its own proportions', () => {
  assert.deepEqual(fit({ width: 1600, height: 1067 }, { width: 1920, height: 1080 }), { width: 1619, height: 1080 });
  assert.deepEqual(fit({ width: 683, height: 1024 }, { width: 1920, height: 1080 }), { width: 720, height: 1080 });
});

test('a small picture grows by half at most', () => {
  assert.deepEqual(fit({ width: 500, height: 333 }, { width: 1920, height: 1080 }), { width: 750, height: 500 });
});
