// What of a script Safari 12 and Chrome 64 do not understand or do not have.

import * as acorn from 'acorn';

const SAFARI = 'Safari 12';
const CHROME = 'Chrome 64';
const BOTH = `${SAFARI} and ${CHROME}`;

/** Methods and properties, whatever they belong to, and which of our oldest browsers lacks them. */
const MEMBERS = {
  // Arrays, strings, objects, promises. Chrome 69: flat; 66: trimStart; 73: matchAll, fromEntries; 76: allSettled.
  flat: CHROME, flatMap: CHROME, at: BOTH, findLast: BOTH, findLastIndex: BOTH, toSorted: BOTH, toReversed: BOTH,
  toSpliced: BOTH, group: BOTH, groupBy: BOTH, replaceAll: BOTH, matchAll: BOTH, trimStart: CHROME,
  trimEnd: CHROME, fromEntries: BOTH, hasOwn: BOTH, allSettled: BOTH, any: BOTH, withResolvers: BOTH,
  isWellFormed: BOTH, description: BOTH, fromAsync: BOTH,
  // The document. Chrome 86: replaceChildren; 69: toggleAttribute. Safari 13.1: animate.
  replaceChildren: BOTH, toggleAttribute: CHROME, checkVisibility: BOTH, getAnimations: BOTH, animate: SAFARI,
  setHTML: BOTH, setHTMLUnsafe: BOTH, moveBefore: BOTH, showModal: SAFARI, showPopover: BOTH, hidePopover: BOTH,
  togglePopover: BOTH, adoptedStyleSheets: BOTH, replaceSync: BOTH, startViewTransition: BOTH, scrollend: BOTH,
  // What belongs to the window or the navigator. Safari 15: timeOrigin; 15.4: randomUUID.
  timeOrigin: SAFARI, randomUUID: BOTH, wakeLock: BOTH, userAgentData: BOTH, getInstalledRelatedApps: BOTH,
  requestIdleCallback: SAFARI, visualViewport: SAFARI, requestVideoFrameCallback: BOTH, deviceMemory: SAFARI,
  transferControlToOffscreen: BOTH, throwIfAborted: BOTH, formatRange: BOTH, scheduler: BOTH,
};

/** Names of the global object. */
const GLOBALS = {
  globalThis: BOTH, queueMicrotask: BOTH, structuredClone: BOTH, reportError: BOTH, AbortController: CHROME,
  AbortSignal: CHROME, AggregateError: BOTH, BigInt: BOTH, BigInt64Array: BOTH, WeakRef: BOTH, FinalizationRegistry: BOTH,
  ResizeObserver: SAFARI, IntersectionObserver: SAFARI, PointerEvent: SAFARI, EventTarget: SAFARI, BroadcastChannel: SAFARI,
  OffscreenCanvas: BOTH, createImageBitmap: SAFARI, TransformStream: BOTH,
  CompressionStream: BOTH, DecompressionStream: BOTH, requestIdleCallback: SAFARI,
  visualViewport: SAFARI, cookieStore: BOTH, navigation: BOTH, trustedTypes: BOTH, Highlight: BOTH, Iterator: BOTH,
  TextDecoderStream: BOTH, ClipboardItem: BOTH, scheduler: BOTH,
};

/** Of `Intl`. */
const INTL = {
  RelativeTimeFormat: BOTH, ListFormat: BOTH, DisplayNames: BOTH, PluralRules: SAFARI, Locale: BOTH, Segmenter: BOTH,
  DurationFormat: BOTH, supportedValuesOf: BOTH,
};

/** Events that are never fired there, as they are called for `addEventListener`. */
const EVENTS = /^(pointer\w+|gotpointercapture|lostpointercapture|scrollend|beforematch|toggle)$/;
/** Regular expressions. Lookbehind: Safari 16.4. The flags d, v and y beyond g i m s u: Safari 15, 17. */
const LOOKBEHIND = /\(\?<[=!]/;
const FLAGS = /[dv]/;

/**
 * All nodes of a syntax tree.
 * @param {any} node
 * @param {(node: any) => void} look
 */
function walk(node, look) {
  if (node === null || typeof node !== 'object') return;
  if (typeof node.type === 'string') look(node);
  Object.keys(node).forEach((key) => walk(node[key], look));
}

const nameOf = ({ property, computed }) => (computed ? property.value : property.name);
const lacks = (list, name) => (Object.prototype.hasOwnProperty.call(list, name) ? list[name] : undefined);

/**
 * Names that the script asks for before it uses them: in a `typeof`, before an `in`, or as all of a condition.
 * @param {any} tree
 */
function askedFor(tree) {
  const names = new Set();
  const ask = (node) => {
    if (node.type === 'Identifier') names.add(node.name);
    if (node.type === 'MemberExpression') names.add(nameOf(node));
    if (node.type === 'UnaryExpression') ask(node.argument);
    if (node.type === 'LogicalExpression') [node.left, node.right].forEach(ask);
  };
  walk(tree, (node) => {
    if (node.type === 'UnaryExpression' && node.operator === 'typeof') ask(node.argument);
    if (node.type === 'BinaryExpression' && node.operator === 'in') names.add(node.left.value);
    if (node.type === 'IfStatement' || node.type === 'ConditionalExpression') ask(node.test);
  });
  return names;
}

/**
 * @param {string} source of a script
 * @param {{ecmaVersion?: any, sourceType?: any}} [options] as acorn has them
 * @returns {string[]} what is wrong, each with its line
 */
export function tooYoung(source, options = {}) {
  let tree;
  try {
    tree = acorn.parse(source, { ecmaVersion: 2018, sourceType: 'module', locations: true, ...options });
  } catch (error) {
    return [`line ${error.loc ? error.loc.line : '?'}: ${error.message}, for a browser that knows ES2018 and nothing later`];
  }
  const asked = askedFor(tree);
  const problems = [];
  const say = (node, what, who) => {
    if (who !== undefined) problems.push(`line ${node.loc.start.line}: ${what} is not in ${who}`);
  };
  const unless = (node, list, name, what = name) => {
    if (!asked.has(name)) say(node, what, lacks(list, name));
  };
  walk(tree, (node) => {
    if (node.type === 'MemberExpression') {
      const name = nameOf(node);
      const isIntl = node.object.type === 'Identifier' && node.object.name === 'Intl';
      const isWindow = node.object.type === 'Identifier' && /^(window|self)$/.test(node.object.name);
      unless(node, MEMBERS, name, `.${name}`);
      if (isIntl) unless(node, INTL, name, `Intl.${name}`);
      if (isWindow) unless(node, GLOBALS, name);
    }
    if (node.type === 'ObjectPattern') {
      node.properties.forEach(({ key }) => key && unless(node, MEMBERS, key.name, `.${key.name}`));
    }
    if (node.type === 'Identifier') unless(node, GLOBALS, node.name);
    if (node.type === 'Literal' && node.regex) lookAtPattern(node, node.regex.pattern, node.regex.flags, say);
    if (node.type === 'NewExpression' && node.callee.name === 'RegExp') {
      const [pattern = {}, flags = {}] = node.arguments;
      lookAtPattern(node, String(pattern.value), String(flags.value || ''), say);
    }
    if (node.type === 'CallExpression') lookAtListener(node, say);
  });
  return problems;
}

function lookAtPattern(node, pattern, flags, say) {
  if (LOOKBEHIND.test(pattern)) say(node, 'lookbehind', SAFARI);
  if (FLAGS.test(flags)) say(node, `the flag ${flags}`, BOTH);
}

function lookAtListener(node, say) {
  if (node.callee.type !== 'MemberExpression' && node.callee.type !== 'Identifier') return;
  const name = node.callee.type === 'Identifier' ? node.callee.name : nameOf(node.callee);
  if (name !== 'addEventListener') return;
  const [event = {}, , options = {}] = node.arguments;
  if (EVENTS.test(event.value)) say(node, `the event ${event.value}`, SAFARI);
  const isQuery = node.callee.object && node.callee.object.type === 'CallExpression' && node.callee.object.callee.name === 'matchMedia';
  if (isQuery) say(node, 'addEventListener of matchMedia', SAFARI);
  const hasSignal = options.type === 'ObjectExpression' && options.properties.some(({ key }) => key && key.name === 'signal');
  if (hasSignal) say(node, 'the option signal', BOTH);
}
