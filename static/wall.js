// The wall page: what the stream says becomes cards, and one plan after the other becomes what is on the screen.
import { now, ServerClock } from './clock.js';
import { listen } from './controls.js';
import { Deck } from './deck.js';
import { Hidden } from './hidden.js';
import { suits } from './layout.js';
import { Awake, hideRestingPointer, side, sway, toggleFullscreen } from './manners.js';
import { BLOCKED, closeAll, greet, idleLine, say, sayAsleep, sayName, sayProblems, tell, toggleHelp } from './notes.js';
import { MANY, SETTLE } from './pacing.js';
import { Presenter } from './presenter.js';
import { isOurs, probe } from './probe.js';
import { Release } from './renew.js';
import { Screen, summary } from './screen.js';
import { Sleep } from './sleep.js';
import { Stage } from './stage.js';
import { Stream } from './stream.js';
import { describe } from './words.js';

/** @typedef {import('./stream.js').Message} Message */
/** @typedef {{screen: string, show: string, layout: string, transition: string, backdrop: string, interval: number,
 *   quiet: number, history: boolean, caption: string, corner: 'auto' | 'left' | 'right', text: 'small' | 'normal' | 'large',
 *   qr: boolean, line: string, night: any[], zone: string, shift: boolean, motion: string, contrast: string,
 *   controls: boolean, awake: boolean}} Settings as the README has them, with all defaults filled in */

/** How often the wall looks whether it is time for another photo; what arrives is looked at at once. */
const BEAT = 250;
/** How often what stands still is moved, and what the words say about time is made true again. */
const MINUTE = 60000;
/** How long the wall is alone before it says so or asks whether it is still a wall. */
const ALONE = 10000;
/** The same key takes back what was hidden so long ago. */
const REGRET = 5000;
/** A screen that is being turned is looked at when it rests. */
const TURNED = 200;
/** What wakes a dark screen. */
const AWAKENING = ['toggle', 'next', 'previous', 'fullscreen'];
/** A pause that nobody ends is ended. */
const LONGEST_PAUSE = 3600000;
/** The day's time and our clock drift apart by more than this: the machine slept, or its time was set. */
const LEAP = 60000;

/** @param {string} id */
const element = (id) => /** @type {any} */ (document.getElementById(id));
const { dataset } = document.body;
const link = String(dataset.link);
/** @type {Settings} */
const settings = JSON.parse(String(dataset.settings));
const isPreview = dataset.preview === 'yes';

const clock = new ServerClock();
const screen = new Screen(link, settings.screen);
const deck = new Deck(settings);
const hidden = new Hidden(link);
// A preview shows how it looks, at any hour.
const sleep = new Sleep(isPreview ? { night: [], zone: '' } : settings);
const awake = new Awake();
const release = new Release();
const stage = new Stage(element('stage'), element('tile'), settings, link, () => {
  element('idle').hidden = true;
});
const presenter = new Presenter({ deck, stage, settings, link, isAsked: dataset.sizes === 'yes' }, onShown, onFree);
// Where nothing is shown again, the newest is what stays.
const address = dataset.stream + (isPreview ? '' : screen.query()) + (settings.history ? '' : '&last=1');
const stream = new Stream(address, onMessage, onConnection);
/** When somebody paused it, or null. @type {number | null} */
let pausedAt = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let turning;
/** When something was last hidden at the screen, and by which key. */
let hiddenAt = -Infinity;
let hiddenBy = '';
/** What was asked for while a photo was on its way. @type {'next' | 'previous' | null} */
let pending = null;
let drift = Date.now() - now();
let minuteAt = -Infinity;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let looking;

/** @param {Message} message */
function onMessage(message) {
  if (message.type === 'hello') {
    clock.hear(message.time);
    release.hear(message);
    deck.forgive();
    report();
  }
  if (message.type === 'wall') onWall(message);
  if (message.type === 'photo') onPhoto(message);
  if (message.type === 'command') act(message.do, message);
  // After a gap the newest follow by themselves. What else there was may have been deleted meanwhile: nobody knows.
  if (message.type === 'gap') deck.forgetOthers();
  // What was missed is before where the stream is now, and may still be in the history.
  if (message.type === 'missed') stream.connect('websocket');
}

/** @param {import('./stream.js').Connection} connection */
function onConnection(connection) {
  dataset.connection = connection;
  dataset.transport = stream.kind;
  clearTimeout(looking);
  if (connection === 'gone') lookForWall();
  if (connection === 'away') looking = setTimeout(lookForWall, ALONE);
}

/** @param {any} message what the wall is now */
function onWall(message) {
  if (typeof message.title === 'string') document.title = message.title;
  if (deck.lastNew === -Infinity) greet(message);
  deck.hear(hidden.add(message)).forEach((id) => takeDown(id));
  rewrite();
  beat();
}

/** @param {any} message */
function onPhoto(message) {
  const taken = deck.take(message, now(), clock.time());
  if (taken === 'ignored') return;
  const id = String(message.photo.id);
  if (taken === 'removed') takeDown(id);
  else rewrite();
  beat();
  setTimeout(beat, SETTLE + 5);
}

/**
 * Nothing of this photo may be seen any longer.
 * @param {string} id
 */
function takeDown(id) {
  stage.remove(id);
  onShown(false);
  if (stage.frame !== null) return;
  say('waiting', 'waiting for the next photo');
  element('idle').hidden = false;
}

/**
 * What is on show has changed.
 * @param {boolean} isNew
 */
function onShown(isNew) {
  const ids = stage.ids();
  if (ids.length > 0) dataset.photo = ids.join(',');
  else delete dataset.photo;
  dataset.layout = stage.layout;
  dataset.side = side(settings.corner, now());
  rewrite();
  sayMore();
  if (isNew) say('said', stage.said());
  if (now() - deck.lastNew < MINUTE) say('line', '');
  report(isNew);
}

/** Writes the words of what is on show as they are now. */
function rewrite() {
  stage.each((tile) => {
    const card = deck.get(tile.id);
    if (card !== undefined) tile.write(describe(card, deck.topics, clock.time()));
  });
}

/** Another photo may be presented. */
function onFree() {
  if (presenter.isVain && stage.frame === null) say('waiting', 'photos came, but their pictures cannot be loaded from here');
  if (pending !== null) step(pending, now());
  beat();
}

function beat() {
  const at = now();
  lookAtClock(at);
  const isAsleep = sleep.is(clock.time());
  if (isAsleep !== (dataset.asleep === 'yes')) turn(isAsleep);
  if (pausedAt !== null && at - pausedAt > LONGEST_PAUSE) setPaused(false);
  if (at - minuteAt > MINUTE) eachMinute(at);
  sayWhatIsWrong(at);
  if (presenter.isBusy(at) || isHeld()) return;
  const plan = isAsleep ? null : deck.next(at, stage.screen());
  // A new release is loaded between two photos, or when nothing else is to come soon.
  const isBetween = plan !== null || deck.current === null || at - presenter.shownAt > MINUTE;
  if (isBetween && stream.connection === 'live' && release.isDue(at)) {
    presenter.wait(release.go(location.pathname + location.search, at));
  } else if (plan !== null) {
    presenter.present(plan, at);
  }
}

/** Whether what is on show stays since somebody paused it. What had to leave is replaced all the same. */
function isHeld() {
  return pausedAt !== null && deck.current !== null && deck.current.ids.indexOf('') < 0;
}

/** @param {number} at */
function lookAtClock(at) {
  const before = drift;
  drift = Date.now() - at;
  // Whatever the reason, the connection may be a dead one; opening it again loses nothing.
  if (Math.abs(drift - before) > LEAP && stream.connection === 'live') stream.connect('websocket');
}

/** @param {number} at */
function eachMinute(at) {
  minuteAt = at;
  dataset.side = side(settings.corner, at);
  if (settings.shift) {
    const { x, y } = sway(at);
    stage.shift(x, y);
  }
  rewrite();
  const line = idleLine(at - Math.max(deck.lastNew, 0), settings.line);
  if (stage.frame !== null) say('line', line);
  else if (line !== '') say('greeting', line);
}

/** @param {boolean} isAsleep */
function turn(isAsleep) {
  dataset.asleep = isAsleep ? 'yes' : 'no';
  awake.want(settings.awake && !isAsleep);
  if (isAsleep) {
    presenter.giveUp();
    pending = null;
    stage.clear();
    deck.rest();
    onShown(false);
    sayAsleep(sleep.until(clock.time()), settings.controls);
  } else {
    say('asleep', '');
    element('idle').hidden = false;
  }
  report();
}

function sayMore() {
  const waiting = deck.waiting;
  say('more', waiting > MANY && stage.frame !== null ? '+' + waiting : '');
}

/** @param {number} at */
function sayWhatIsWrong(at) {
  const isBlocked = stream.isBlocked && stream.connection !== 'live' && at - stream.since > ALONE;
  if (isBlocked === (dataset.blocked === 'yes')) return;
  dataset.blocked = isBlocked ? 'yes' : 'no';
  say('hint', isBlocked ? BLOCKED : '');
}

/** @param {boolean} isPaused */
function setPaused(isPaused) {
  pausedAt = isPaused ? now() : null;
  dataset.paused = isPaused ? 'yes' : 'no';
  element('paused').hidden = !isPaused;
  report();
}

/**
 * Does what somebody wants, at the screen or from afar.
 * @param {string} what
 * @param {{[name: string]: any}} more
 */
function act(what, more = {}) {
  const at = now();
  const shown = deck.get(stage.ids()[0] || '');
  if (dataset.asleep === 'yes' && more.type === undefined && what !== 'doze') {
    // Who touches a dark screen wants to see it, and nothing else.
    if (AWAKENING.indexOf(what) >= 0) sleep.peek(clock.time());
    else sayAsleep(sleep.until(clock.time()), settings.controls);
    beat();
    return;
  }
  if (what === 'next' || what === 'previous') step(what, at);
  if (what === 'toggle') setPaused(pausedAt === null);
  if (what === 'pause') setPaused(true);
  if (what === 'play') setPaused(false);
  if (what === 'doze') sleep.say(dataset.asleep !== 'yes', clock.time());
  if (what === 'sleep' || what === 'wake') sleep.say(what === 'sleep', clock.time());
  if (what === 'name') sayName(screen.name);
  if (what === 'caption') dataset.words = dataset.words === 'off' ? 'on' : 'off';
  if (what === 'help') toggleHelp();
  if (what === 'close') closeAll();
  if (what === 'fullscreen') toggleFullscreen();
  if (what === 'hide' || what === 'mute') hide(what, shown, at);
  if (what === 'open' && typeof more.wall === 'string') {
    release.go('/wall/' + encodeURIComponent(more.wall) + location.search, at);
  }
  beat();
}

/**
 * Hides what is in focus at this screen, or brings back what the same key has just hidden.
 * @param {'hide' | 'mute'} what
 * @param {any} shown the card in focus, if any
 * @param {number} at
 */
function hide(what, shown, at) {
  if (hiddenBy === what && at - hiddenAt < REGRET) {
    hiddenBy = '';
    onWall(hidden.undo());
    tell('It may be shown again.');
  } else if (shown !== undefined) {
    const { title, owner } = describe(shown, deck.topics, clock.time());
    [hiddenBy, hiddenAt] = [what, at];
    onWall(what === 'hide' ? hidden.photo(shown.id) : hidden.owner(shown.photo.owner));
    const subject = what === 'hide' ? title || 'This photo' : 'Everything by ' + (owner || 'its owner');
    tell(subject + ' is hidden on this screen · ' + what.charAt(0) + ' again brings it back');
  }
}

/** The screen was turned: what no longer suits it is laid out anew. */
function onTurned() {
  if (stage.frame === null || suits(stage.layout, stage.screen())) return;
  deck.rest();
  beat();
}

/**
 * One on, or one back; while a photo is on its way, after it.
 * @param {'next' | 'previous'} way
 * @param {number} at
 */
function step(way, at) {
  pending = presenter.isBusy(at) ? way : null;
  if (pending !== null || dataset.asleep === 'yes') return;
  presenter.present(way === 'next' ? deck.skip(at, stage.screen()) : deck.previous(at, stage.screen()), at);
}

/** @param {boolean} [isPainted] whether a photo is new on the screen */
function report(isPainted = false) {
  if (isPreview || stream.connection !== 'live') return;
  screen.report(() => ({
    photos: stage.ids().map((id) => deck.get(id)).filter(Boolean).map(summary),
    layout: stage.layout,
    waiting: deck.waiting,
    paused: pausedAt !== null,
    asleep: dataset.asleep === 'yes',
  }), isPainted);
}

/** A wall that was revoked while nobody could tell it so: a refused stream looks like a lost network. */
function lookForWall() {
  if (stream.connection === 'live') return;
  probe(location.pathname, 'GET').then((answer) => {
    const isRevoked = answer.status === 404 && isOurs(answer);
    if (isRevoked) location.reload(); // The server says the rest on its page.
    else if (answer.status === 200 && isOurs(answer) && stream.connection === 'gone') stream.connect('websocket');
    else looking = setTimeout(lookForWall, ALONE);
  });
}

element('waiting').hidden = false;
dataset.paused = 'no';
dataset.text = settings.text;
dataset.transition = settings.transition;
if (settings.motion !== 'auto') dataset.motion = settings.motion;
if (settings.contrast !== 'auto') dataset.contrast = settings.contrast;
hideRestingPointer();
sayProblems(JSON.parse(String(dataset.problems)));
if (settings.controls) listen((what) => act(what));
addEventListener('resize', () => {
  stage.refit();
  clearTimeout(turning);
  turning = setTimeout(onTurned, TURNED);
});
awake.want(settings.awake);
stream.start();
setInterval(beat, BEAT);
// The page's guard looks whether everything has arrived.
/** @type {any} */ (window).wallRuns = true;
