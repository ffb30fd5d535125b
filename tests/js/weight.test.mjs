// How much an old tablet on a slow line has to load before the wall lives.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as acorn from 'acorn';
import { reach, read, served } from './support/files.mjs';

const MOST = 40000;

test('the page of the wall with its script and style is at most 40 kB, compressed as the server does', (context) => {
  const scripts = reach('wall.js').map((name) => ({ name, bytes: gzipSync(served(read(`static/${name}`))).length }));
  const others = ['templates/wall.html', 'templates/guard.js', 'static/wall.css'];
  const all = others.map((name) => ({ name, bytes: gzipSync(read(name)).length })).concat(scripts);
  const sum = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = all.sort((a, b) => b.bytes - a.bytes).slice(0, 5).map(({ name, bytes }) => `${name} ${bytes}`).join(', ');
  context.diagnostic(`the wall: ${sum} bytes in ${all.length} files, and ${MOST} at most; the largest: ${largest}`);
  assert.ok(sum <= MOST, `${sum} bytes, and ${MOST} at most; the largest: ${largest}`);
});

test('a script without its comments is the same script, line by line', () => {
  const tokens = (source) => [...acorn.tokenizer(source, { ecmaVersion: 2018, sourceType: 'module', locations: true })]
    .map(({ type, value, loc }) => [type.label, value && value.pattern ? String(value.value) : value, loc.start.line, loc.end.line]);
  const names = readdirSync(new URL('../../static', import.meta.url)).filter((name) => name.endsWith('.js'));
  names.forEach((name) => {
    const source = read(`static/${name}`);
    assert.deepEqual(tokens(served(source)), tokens(source), name);
    assert.doesNotMatch(served(source), /^ *(\/\/|\/\*)/m, name);
  });
});

test('comments on lines of their own are left out, and all else is served as it is', () => {
  const cases = [
    ['// a\nb(); // c\n', '\nb(); // c\n'],
    ['  /** a\n   * b\n   */\n  c();\n', '  \n\n\n  c();\n'],
    ["/** @type {any} */ (a).b = '// c';\n", " (a).b = '// c';\n"],
    ['a(/* b */ c);', 'a(/* b */ c);'],
    ['', ''],
  ];
  cases.forEach(([source, expected]) => assert.equal(served(source), expected, source));
});
