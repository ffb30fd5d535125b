// The few words that are not about a photo: a line when nothing is new, how many more wait, the screen's name, help, and
// what is wrong. All of them go by themselves.

/** How long each stays, in milliseconds. */
const STAY = { name: 12000, help: 15000, problems: 30000, asleep: 6000, told: 5000 };
/** With nothing new for so long, the wall says something charming … */
const IDLE = 180000;
/** … and something else after so long. */
const TURN = 300000;
const LINES = [
  'blue tickles pink',
  'pink nudges blue',
  'the shutter yawns',
  'somewhere a kitten poses',
  'waiting for the light',
  'two dots and a long afternoon',
];

/** What is wrong, and what would help, when the server answers and its stream does not come. */
export const BLOCKED =
  'The server answers, but no photos can come: WebSockets and event streams are both blocked on the way, perhaps by a ' +
  'proxy. Whoever runs the network must let /stream through.';
/** So many of the things that come to a wall are named. */
const NAMED = 3;

/** @param {string} id */
const element = (id) => /** @type {any} */ (document.getElementById(id));

/** @type {{[id: string]: ReturnType<typeof setTimeout>}} */
const leaving = {};

/**
 * @param {string} id
 * @param {string} text '' takes it away
 */
export function say(id, text) {
  const it = element(id);
  if (it.textContent !== text) it.textContent = text;
  it.hidden = text === '';
}

/**
 * Shows an element for a while.
 * @param {'name' | 'help' | 'problems' | 'asleep' | 'told'} id
 * @param {number} stay milliseconds
 */
function showFor(id, stay) {
  clearTimeout(leaving[id]);
  element(id).hidden = false;
  leaving[id] = setTimeout(() => {
    element(id).hidden = true;
  }, stay);
}

/** @param {string} name of this screen */
export function sayName(name) {
  closeAll();
  say('name', name);
  showFor('name', STAY.name);
}

/**
 * A dim sign of life of a dark screen.
 * @param {string} until such as `07:30`, or ''
 * @param {boolean} isDriven whether it has keys
 */
export function sayAsleep(until, isDriven) {
  say('asleep', 'asleep' + (until && ' until ' + until) + (isDriven ? ' · OK or a touch wakes' : ''));
  showFor('asleep', STAY.asleep);
}

/** Shows the keys, or takes them away. */
export function toggleHelp() {
  const isAsked = element('help').hidden;
  closeAll();
  if (isAsked) showFor('help', STAY.help);
}

export function closeAll() {
  ['help', 'name'].forEach((id) => {
    element(id).hidden = true;
  });
}

/** @param {string} text what was just done at the screen */
export function tell(text) {
  say('told', text);
  showFor('told', STAY.told);
}

/** @param {string[]} problems with the wall's address */
export function sayProblems(problems) {
  if (problems.length === 0) return;
  say('problems', problems.join(' · '));
  showFor('problems', STAY.problems);
}

/**
 * The line for a wall that has heard nothing new for a while; '' before that.
 * @param {number} quiet milliseconds since something new came
 * @param {string} own a line of one's own, or ''
 */
export function idleLine(quiet, own) {
  if (quiet < IDLE) return '';
  return own || LINES[Math.floor((quiet - IDLE) / TURN) % LINES.length];
}

/**
 * Before the first photo: which wall this is, and what comes here.
 * @param {any} wall the stream's message about it
 */
export function greet({ title, events }) {
  const words = (Array.isArray(events) ? events : []).map((it) => it && it.words).filter((it) => typeof it === 'string');
  say('greeting', String(title));
  say('waiting', words.slice(0, NAMED).concat('waiting for the first photo').join(' · '));
}
