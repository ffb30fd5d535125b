// The wall page: what the stream says becomes cards, and one card after the other becomes the photo on the screen.

import { Caption, describe } from './caption.js';
import { Cards } from './cards.js';
import { Frames } from './frame.js';
import { choose, load, release as letGo } from './image.js';
import { fillScreenOnF, hideRestingPointer } from './manners.js';
import { Stream } from './stream.js';

/** @typedef {import('./stream.js').Message} Message */

/** How often the wall looks whether it is time for another photo; what arrives is looked at at once. */
const BEAT = 250;
/** After a failed look for the new release, the next one. */
const RENEW = 30000;
/** How long the wall is alone before it asks whether it is still a wall. */
const ALONE = 15000;

/** @param {string} id */
const element = (id) => /** @type {any} */ (document.getElementById(id));
/** A clock that never jumps, unlike the time of day on a small computer that has just started. */
const now = () => performance.now();

const { dataset } = document.body;
const why = element('why');
const cards = new Cards();
const frames = new Frames(element('stage'), element('frame'), () => {
  element('idle').hidden = true;
});
const caption = new Caption(element('caption'));
const stream = new Stream(dataset.stream || '', onMessage, (connection) => {
  dataset.connection = connection;
  if (connection === 'gone') location.reload(); // The server has just spoken: it says the rest on its page.
  if (connection === 'away') setTimeout(lookForWall, ALONE);
});

/** @type {string | null} id of the photo that is being loaded: one at a time */
let loading = null;
/** @type {string | null} what the server was when the page was new */
let release = null;
/** Whether the server has become another one since. */
let isOld = false;

/** @param {Message} message */
function onMessage(message) {
  if (message.type === 'hello') onHello(message);
  if (message.type === 'photo') onPhoto(message.photo);
  // After a gap the newest follow by themselves. What else there was may have been deleted meanwhile: nobody knows.
  if (message.type === 'gap') cards.forgetOthers();
  // What was missed is before where the stream is now, and may still be in the history.
  if (message.type === 'missed') stream.connect();
}

/** @param {Message} hello */
function onHello(hello) {
  cards.forgive();
  if (typeof hello.version !== 'string') return;
  const theirs = hello.version + ' ' + hello.build;
  if (release === null) release = theirs;
  isOld = theirs !== release;
}

/** @param {any} photo */
function onPhoto(photo) {
  const before = cards.current;
  const taken = cards.take(photo, now());
  if (taken === 'ignored') return;
  const card = cards.current === null ? undefined : cards.get(cards.current);
  if (taken === 'removed') {
    if (before !== null && card === undefined) takeDown();
    else frames.keep(1); // It may be the photo that is just fading away.
  } else if (card !== undefined && card.id === photo.id) {
    frames.describe(describe(card.photo).alt);
    if (dataset.photo === card.id) caption.write(card.photo);
  }
  beat();
}

/** Nothing of the photo on show may be seen any longer. */
function takeDown() {
  frames.clear();
  caption.clear();
  delete dataset.photo;
  why.textContent = 'waiting for the next photo';
  element('idle').hidden = false;
}

function beat() {
  if (loading !== null) return;
  if (isOld && stream.connection === 'live' && cards.isRested(now())) renew();
  const card = cards.next(now());
  if (card === null) return;
  loading = card.id;
  const screen = { width: innerWidth, height: innerHeight, ratio: devicePixelRatio || 1 };
  load(choose(card.photo.images, screen))
    .then((img) => show(card.id, img), () => setAside(card.id))
    .catch((error) => console.warn('wall: cannot show', error))
    .then(() => {
      loading = null;
      beat();
    });
}

/**
 * @param {string} id
 * @param {HTMLImageElement} img
 */
function show(id, img) {
  const card = cards.get(id);
  if (card === undefined) {
    letGo(img); // It was removed while it was on its way.
    return;
  }
  cards.shown(id, now());
  frames.show(img, describe(card.photo).alt);
  caption.show(card, () => {
    dataset.photo = id;
  });
}

/** @param {string} id */
function setAside(id) {
  cards.broken(id, now());
  why.textContent = 'photos came, but their pictures cannot be loaded from here';
}

/** Loads the page of the new release, but never from a server that cannot serve it: that would end the wall. */
function renew() {
  isOld = false;
  fetch(location.href, { cache: 'no-store', credentials: 'same-origin' })
    .then((response) => {
      if (!response.ok) throw new Error('status ' + response.status);
      location.reload();
    })
    .catch(() => {
      setTimeout(() => {
        isOld = true;
      }, RENEW);
    });
}

/** A wall that was revoked while nobody could tell it so: a refused socket looks like a lost network. */
function lookForWall() {
  if (stream.connection !== 'away') return;
  fetch(location.href, { method: 'HEAD', cache: 'no-store', credentials: 'same-origin' }).then(
    (response) => {
      if (response.status === 404) location.reload();
      else setTimeout(lookForWall, ALONE);
    },
    () => setTimeout(lookForWall, ALONE),
  );
}

why.hidden = false;
hideRestingPointer();
fillScreenOnF();
stream.start();
setInterval(beat, BEAT);
// The page's guard looks whether everything has arrived.
/** @type {any} */ (window).wallRuns = true;
