// All that the wall page loads is understood by Safari 12 and Chrome 64: tablets and TVs that hang there for years.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reach, read } from './support/files.mjs';
import * as script from './support/script.mjs';
import * as style from './support/style.mjs';

test('the scripts of the wall are old enough', () => {
  const modules = reach('wall.js');
  assert.ok(modules.length > 10 && modules.includes('deck.js'), modules.join());
  const problems = modules.flatMap((name) => script.tooYoung(read(`static/${name}`)).map((it) => `static/${name} ${it}`));
  assert.deepEqual(problems, []);
});

test('the guard of the page runs where its modules do not even start', () => {
  assert.deepEqual(script.tooYoung(read('templates/guard.js'), { ecmaVersion: 5, sourceType: 'script' }), []);
});

test('the style of the wall is old enough', () => {
  assert.deepEqual(style.tooYoung(read('static/wall.css')).map((it) => `static/wall.css ${it}`), []);
});

test('no script of the wall looks at the clock or at the page where it must not', () => {
  const pure = ['age', 'barred', 'card', 'deck', 'gone', 'layout', 'night', 'onshow', 'order', 'pacing', 'photo', 'plan',
    'reason', 'seen', 'stock', 'trail'];
  pure.forEach((name) => {
    const code = read(`static/${name}.js`).replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
    assert.doesNotMatch(code, /\b(document|window|navigator|localStorage|performance|setTimeout|setInterval|Date\.now|Math\.random)\b|new Date\(\)/, name);
  });
});

test('young syntax, members, globals, events and patterns are found in scripts, and old ones are not', () => {
  const young = [
    'a?.b', 'a ?? b', 'a ??= b', 'class A { b = 1 }', 'class A { #b() {} }', 'try { a() } catch { b() }', '1_000', '1n',
    'import("./a.js")', 'import.meta.url', 'export * as a from "./b.js"', 'await a()', 'a.flat()', 'a.at(-1)', "a['flatMap'](b)",
    's.replaceAll("a", "b")', 'Promise.allSettled([])', 'Object.fromEntries(a)', 'element.replaceChildren()',
    'new AbortController()', 'globalThis.a', 'queueMicrotask(a)', 'new ResizeObserver(a)', 'window.structuredClone(a)',
    'class A extends EventTarget {}', 'new Intl.ListFormat("en")', '/(?<=a)b/', '/(?<!a)b/', 'new RegExp("(?<=a)b")',
    'new RegExp("a", "d")', 'addEventListener("pointerdown", a)', 'matchMedia("(a)").addEventListener("change", b)',
    'a.addEventListener("click", b, { signal: c })', 'const { wakeLock } = navigator', 'performance.timeOrigin',
    'crypto.randomUUID()', 'element.animate([], 1)',
  ];
  young.forEach((code) => assert.equal(script.tooYoung(code).length > 0, true, code));
  const old = [
    'a && a.b', 'const { b, ...c } = { ...a }', 'async () => { for await (const a of b) c(a) }', '/(?<year>a)b/su', 'a ** b',
    'try { a() } catch (error) { b() }', 'a.includes(b)', 'Object.entries(a)', 'p.finally(a)', 'img.decode()',
    'addEventListener("touchstart", a, { passive: true })', 'matchMedia("(a)").addListener(b)', 'const flat = 1; f(flat)',
    'const { wakeLock } = navigator; if (!wakeLock) stop()', 'if ("wakeLock" in navigator) navigator.wakeLock.request()',
    'typeof BroadcastChannel === "function" && new BroadcastChannel("a")', '// a?.b and a.flat()', '"a.flat()"',
  ];
  old.forEach((code) => assert.deepEqual(script.tooYoung(code), [], code));
  assert.match(script.tooYoung('\na.flat()')[0], /^line 2: \.flat is not in Chrome 64$/);
  assert.match(script.tooYoung('\n\na?.b')[0], /^line 3: .*ES2018/);
});

test('young properties, values, selectors and rules are found in styles, and old ones are not', () => {
  const young = [
    'a { inset: 0 }', 'a { inset-inline: 0 }', 'a { aspect-ratio: 1 }', 'a { display: flex; gap: 1px }', 'a { gap: 1px }',
    'a { display: grid; gap: 1px }', 'a { row-gap: 1px }', ':is(a, b) { color: red }', 'a:where(b) { color: red }',
    'a:has(b) { color: red }', 'a:not(b, c) { color: red }', 'a, b:focus-visible { color: red }', '@layer a { b { color: red } }',
    '@layer a;', '@container (width > 1px) { a { color: red } }', 'a { & b { color: red } }', 'a { b:is(c) { color: red } }',
    'a { width: min(1px, 2px) }', 'a { width: calc(1px + max(1px, 2px)) }', 'a { width: 1px; height: clamp(1px, 2px, 3px) }',
    'a { width: min(1px, 2px); width: 1px }', 'a { width: 1px; width: min(var(--a), 2px) }', 'a { --a: clamp(1px, 2px, 3px) }',
    'a { height: 100dvh }', 'a { padding: env(a, 0px) }', 'a { margin-inline: 1px }', 'a { padding-block-start: 1px }',
    'a { color: rgb(0 0 0 / 50%) }', 'a { color: color-mix(in srgb, red, blue) }', 'a { display: flow-root }', 'a { scale: 2 }',
    'a { overflow: clip }', '@media (width >= 1px) { a { color: red } }', '@media screen { a { inset: 0 } }',
  ];
  young.forEach((code) => assert.equal(style.tooYoung(code).length > 0, true, code));
  const old = [
    'a { top: 0; right: 0 }', 'a { display: grid; grid-gap: 1px; gap: 1px }', 'a { width: 1px; width: min(1px, 2px) }',
    'a { padding: 1px; padding: calc(1px + env(a, 0px)) }', 'a { height: 100vh; height: 100dvh }', 'a:not(b):not(c) { color: red }',
    'a:focus:not(:focus-visible) { color: red }', 'a { color: rgba(0, 0, 0, .5) }', '/* a { inset: 0 } */', 'a { content: "; inset: 0" }',
    '@media (min-width: 1px) { a { min-width: 1px; max-height: 2px } }', '@keyframes a { from { opacity: 0 } to { opacity: 1 } }',
    'a { grid-template-columns: repeat(2, minmax(0, 1fr)) }', 'a { transform: scale(2) rotate(3deg) }', 'a { text-wrap: balance }',
    'a { width: calc(1px + var(--a)) }', 'a { background: url(data:image/png;base64,iVBO) }',
  ];
  old.forEach((code) => assert.deepEqual(style.tooYoung(code), [], code));
  assert.match(style.tooYoung('a {\n  color: red;\n  inset: 0;\n}')[0], /^line 3: inset: not in Safari 12 and Chrome 64$/);
});
