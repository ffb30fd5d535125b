// What a wall says about a photo, and in what size.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type } from '../../static/type.js';
import { describe, licence, place } from '../../static/words.js';

const TIME = Date.parse('2026-11-25T12:00:00Z');
const card = (photo) => ({ id: '1', photo: { id: '1', change: 'added', updates: [], images: [], ...photo }, events: [], favers: [] });
const words = (photo) => describe(card(photo), new Map(), TIME);

test('a photo says its title, its owner, its age, its place and its licence', () => {
  const said = words({
    title: ' Kittens ',
    owner: { name: 'Ann', nsid: '1@N00' },
    published: '2026-11-25T11:58:00Z',
    position: { latitude: 52.52, longitude: -13.405 },
    licence: 'https://creativecommons.org/licenses/by-nc/2.0/',
    page: 'https://www.flickr.com/photos/ann/1/',
    video: true,
  });
  assert.equal(said.title, 'Kittens');
  assert.equal(said.owner, 'Ann');
  assert.equal(said.age, '2 min ago');
  assert.equal(said.place, '52.52° N, 13.40° W');
  assert.equal(said.licence, 'CC BY-NC 2.0');
  assert.equal(said.page, 'https://www.flickr.com/photos/ann/1/');
  assert.ok(said.isVideo);
});

test('what is not known is not said, and nothing that is no text is shown', () => {
  const nothing = { title: '', owner: '', age: '', place: '', licence: '', isVideo: false, page: '', alt: 'Photo' };
  const strip = ({ why, ...rest }) => rest;
  assert.deepEqual(strip(words({})), nothing);
  assert.deepEqual(strip(words({ title: 7, owner: [], published: {}, position: 'here', licence: 1, page: 'javascript:x' })), nothing);
  assert.equal(words({ owner: { name: 'Ann' } }).alt, 'Photo by Ann');
});

test('a place is south and west below zero', () => {
  assert.equal(place({ latitude: -33.8688, longitude: 151.2093 }), '33.87° S, 151.21° E');
  assert.equal(place({ latitude: 'x', longitude: 1 }), '');
});

test('a licence that gives something away has a short name', () => {
  const check = (address, expected) => assert.equal(licence(address), expected, address);
  check('http://creativecommons.org/licenses/by-sa/4.0/deed.en', 'CC BY-SA 4.0');
  check('https://creativecommons.org/publicdomain/zero/1.0/', 'CC0');
  check('https://creativecommons.org/publicdomain/mark/1.0/', 'Public domain');
  check('https://www.flickr.com/commons/usage/', 'No known copyright restrictions');
  check('https://www.flickrhelp.com/all-rights-reserved', '');
});

test('letters are readable from three metres on every screen, and larger for short titles', () => {
  for (const [width, height] of [[3840, 2160], [1920, 1080], [1080, 1920], [1024, 768], [320, 568]]) {
    for (const text of ['small', 'normal', 'large']) {
      const screen = { width, height };
      const sizes = ['Cat', 'A cat on a mat, and a hat on the cat', 'x'.repeat(200)].map((title) => type(screen, screen, title, text));
      for (const { title, least, byline } of sizes) {
        assert.ok(title >= least && least >= 20 && least >= 0.034 * Math.min(width, height), `${width} ${title}`);
        assert.ok(byline >= 13 && byline < title, `${width} ${byline}`);
      }
      assert.ok(sizes[0].title >= sizes[1].title && sizes[1].title >= sizes[2].title);
    }
  }
});
