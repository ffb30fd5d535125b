// What of a style sheet Safari 12 and Chrome 64 do not understand. They drop a declaration that they cannot read, and a
// rule whose selector they cannot read: that is fine for an ornament, and not for what is listed here.

const SAFARI = 'Safari 12';
const CHROME = 'Chrome 64';
const BOTH = `${SAFARI} and ${CHROME}`;

/** Properties without which the page looks broken. */
const PROPERTIES = [
  [/^inset(-|$)/, BOTH],
  [/^aspect-ratio$/, BOTH],
  [/^(margin|padding)-(inline|block)(-start|-end)?$/, BOTH],
  [/^border-(inline|block)/, BOTH],
  [/^(min-|max-)?(inline|block)-size$/, SAFARI],
  [/^(translate|rotate|scale)$/, BOTH],
  [/^(container|contain-intrinsic|content-visibility|view-transition|anchor-name|position-area)/, BOTH],
  [/^row-gap$|^column-gap$/, BOTH],
];

/** Parts of values. Before a declaration with one of them must stand another of the same property without. */
const VALUES = [
  [/(^|[\s,(*/+-])(min|max|clamp)\(/, BOTH, 'min(), max() or clamp()'],
  [/(^|[\s,(])env\(/, CHROME, 'env()'],
  [/\d[sdl]v(h|w|min|max|i|b)\b/, BOTH, 'the units dvh, svh and lvh'],
  [/\d(cqw|cqh|cqi|cqb|lh|rlh)\b/, BOTH, 'container and line units'],
  [/(^|[\s,(])(color-mix|oklch|oklab|lab|lch|hwb|light-dark|color|conic-gradient|repeating-conic-gradient|image-set)\(/, BOTH, 'young colours and images'],
  [/\b(rgb|rgba|hsl|hsla)\(\s*[\d.%]+\s+[\d.%]/, BOTH, 'colours without commas'],
  [/\b(rgb|hsl)\([^)]*,[^)]*,[^)]*,/, CHROME, 'rgb() with four numbers'],
  [/^(flow-root)$/, SAFARI, 'flow-root'],
  [/^(clip|revert|revert-layer)$/, BOTH, 'clip and revert'],
  [/(^|\s)(abs|sign|round|mod|rem|sin|cos|tan|pow|sqrt)\(/, BOTH, 'mathematics'],
];

/** Selectors. A rule with one of them is dropped as a whole, with all its other selectors. */
const SELECTORS = [
  [/:(is|where|has|matches)\(/, BOTH, ':is, :where and :has'],
  [/:not\([^()]*(?:\([^()]*\)[^()]*)*,/, CHROME, ':not with a list'],
  [/&/, BOTH, 'nested rules'],
  [/:(popover-open|modal|dir\(|state\(|user-valid|user-invalid)/, BOTH, 'young pseudo-classes'],
  [/,[^,]*:focus-visible|:focus-visible[^,]*,/, BOTH, ':focus-visible in a list'],
];

const AT_RULES = /^@(layer|container|property|scope|starting-style|view-transition|position-try)\b/;
/** `(width >= 600px)` */
const RANGES = /[<>]/;

/**
 * @param {string} css
 * @returns {{prelude: string, line: number, declarations: {name: string, value: string, line: number}[]}[]} all rules, also
 *   those inside of others
 */
export function rules(css) {
  const text = css.replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/"[^"\n]*"|'[^'\n]*'/g, (it) => it.replace(/[{};:,&]/g, '_'));
  const found = [];
  const open = [];
  let start = 0;
  const lineAt = (at) => text.slice(0, at).split('\n').length;
  const take = (end) => {
    const piece = text.slice(start, end);
    const at = start + piece.length - piece.trimStart().length;
    start = end + 1;
    return { piece: piece.trim(), line: lineAt(at) };
  };
  const declare = ({ piece, line }) => {
    const [name, ...value] = piece.split(':');
    if (open.length > 0 && value.length > 0) open[open.length - 1].declarations.push({ name: name.trim(), value: value.join(':').trim(), line });
    else if (piece.startsWith('@')) found.push({ prelude: piece, line, declarations: [] });
  };
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '{') {
      const { piece, line } = take(i);
      open.push({ prelude: piece, line, declarations: [] });
    }
    if (text[i] === ';') declare(take(i));
    if (text[i] === '}') {
      declare(take(i));
      found.push(open.pop());
    }
  }
  return found;
}

/**
 * @param {string} css
 * @returns {string[]} what is wrong, each with its line
 */
export function tooYoung(css) {
  const problems = [];
  const say = (line, what, who) => problems.push(`line ${line}: ${what}: not in ${who}`);
  rules(css).forEach(({ prelude, line, declarations }) => {
    if (AT_RULES.test(prelude)) say(line, prelude, BOTH);
    if (/^@media/.test(prelude) && RANGES.test(prelude)) say(line, prelude, BOTH);
    if (!prelude.startsWith('@')) SELECTORS.filter(([it]) => it.test(prelude)).forEach(([, who, what]) => say(line, what, who));
    declarations.forEach((it, i) => lookAt(it, declarations.slice(0, i), declarations, say));
  });
  return problems;
}

function lookAt({ name, value, line }, before, all, say) {
  PROPERTIES.filter(([it]) => it.test(name)).forEach(([, who]) => say(line, name, who));
  if (name === 'gap') {
    const isGrid = all.some((it) => it.name === 'display' && /grid/.test(it.value));
    const hasOld = before.some((it) => it.name === 'grid-gap');
    if (!isGrid) say(line, 'gap without a grid', BOTH);
    else if (!hasOld) say(line, 'gap without grid-gap before it', CHROME);
  }
  if (/^--/.test(name) || /var\(/.test(value)) {
    // A variable is read too late for the declaration to be dropped: the one before it does not count any more.
    young(value).forEach(([, who, what]) => say(line, `${what} with a variable`, who));
    return;
  }
  const hasOld = before.some((it) => it.name === name && young(it.value).length === 0);
  if (!hasOld) young(value).forEach(([, who, what]) => say(line, `${name}: ${what}, with nothing before it`, who));
}

const young = (value) => VALUES.filter(([it]) => it.test(value));
