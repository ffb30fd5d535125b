// What a click, a key and a wheel mean on the map. Run with `node --test tests/js/`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as map from '../../static/map.js';

const WORLD = { x: 0, y: 0, width: map.WIDTH };

test('a click is a place, and the edges are the edges of the world', () => {
  const check = (x, y, latitude, longitude) =>
    assert.deepEqual(map.placeAt(WORLD, x, y, 720), { latitude, longitude }, `${x}, ${y}`);
  check(0, 0, 90, -180);
  check(1, 1, -90, 180);
  check(0.5, 0.5, 0, 0);
  check(387 / 720, 75 / 360, 52.5, 13.5);
  check(-3, 4, -90, -180);
});

test('a small map is not more exact than its pixels, and a close one is', () => {
  assert.deepEqual(map.placeAt(WORLD, 0.537, 0.2083, 320), { latitude: 52.5, longitude: 13.3 });
  const close = { ...map.centered({ ...WORLD, width: map.CLOSEST }, { latitude: 52.52, longitude: 13.405 }) };
  assert.deepEqual(map.placeAt(close, 0.5, 0.5, 720), { latitude: 52.52, longitude: 13.405 });
  assert.equal(map.errorKm(WORLD, 720), 28);
  assert.equal(map.errorKm(close, 720), 0.4);
});

test('what was written is read back, and what the map cannot read is left to the server', () => {
  for (const place of [{ latitude: 52.52, longitude: 13.405 }, { latitude: -0.5, longitude: -180 }]) {
    assert.deepEqual(map.readPlace(map.written(place)), place);
  }
  assert.deepEqual(map.readPlace(' 52.52;13.405 '), { latitude: 52.52, longitude: 13.405 });
  assert.deepEqual(map.readPlace('\u221233.9 18.4'), { latitude: -33.9, longitude: 18.4 });
  for (const text of ['', 'Berlin', '52', '91, 0', '0, 181', '52,5 13,4', '1e3, 2', '52°N 13°E']) {
    assert.equal(map.readPlace(text), null, text);
  }
});

test('a radius is what the server takes', () => {
  assert.equal(map.readRadius(''), 5);
  assert.equal(map.readRadius('2,5 km'), 2.5);
  for (const text of ['0', '33', 'wide', '-1', 'NaN', 'Infinity']) assert.equal(map.readRadius(text), null, text);
});

test('what is under the wheel stays under it', () => {
  const [x, y] = [0.7, 0.3];
  const before = map.placeAt(WORLD, x, y, 1e6);
  const after = map.placeAt(map.zoomed(WORLD, 4, x, y), x, y, 1e6);
  assert.ok(Math.abs(before.latitude - after.latitude) < 1e-3 && Math.abs(before.longitude - after.longitude) < 1e-3);
});

test('a view never leaves the map, whatever is done to it', () => {
  let seed = 7;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  let view = WORLD;
  for (let n = 0; n < 5000; n += 1) {
    const keys = ['+', '-', '=', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
    const place = { latitude: chance() * 180 - 90, longitude: chance() * 360 - 180 };
    const steps = [
      () => map.keyed(view, keys[Math.floor(chance() * keys.length)]),
      () => map.zoomed(view, chance() * 4, chance(), chance()),
      () => map.moved(view, chance() * 4 - 2, chance() * 4 - 2),
      () => map.centered(view, place),
    ];
    view = steps[Math.floor(chance() * steps.length)]();
    assert.ok(view.width >= map.CLOSEST && view.width <= map.WIDTH);
    assert.ok(view.x >= 0 && view.x + view.width <= map.WIDTH + 1e-9 && view.y >= 0);
    assert.ok(view.y + view.width / 2 <= map.HEIGHT + 1e-9);
  }
  assert.equal(map.keyed(view, 'a'), null);
});

test('a circle on the ground is wider near the poles', () => {
  const at = (latitude) => map.ellipse({ latitude, longitude: 0 }, 30);
  assert.ok(Math.abs(at(0).wide - at(0).high) < 1e-9);
  assert.ok(Math.abs(at(60).wide / at(60).high - 2) < 1e-9);
  assert.ok(at(90).wide <= map.WIDTH);
});
