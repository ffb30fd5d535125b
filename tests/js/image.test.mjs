// Which size of a picture a place on the screen gets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose, isSmall } from '../../static/image.js';

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

test('a larger size is asked for when the place has a fifth more pixels than the largest', () => {
  const place = (width, height, ratio = 1) => ({ width, height, ratio });
  assert.ok(!isSmall(landscape, place(1920, 1080)));
  assert.ok(isSmall(landscape, place(3840, 2160)));
  assert.ok(isSmall(landscape, place(1920, 1080, 2)));
  assert.ok(!isSmall([], place(1920, 1080)) && !isSmall([{ url: 'https://live.example/x' }], place(1920, 1080)));
});
