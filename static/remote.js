// The remote comes alive: what the screens show is looked at every two seconds, and a button does not load the page
// anew. Without this script everything works by plain forms.

const EVERY = 2000;
/** A screen needs a moment to do what it was told, and to say so. */
const SOON = 500;
const NOTICE = 4000;
/** A phone that changes its network leaves requests behind that never end. */
const PATIENCE = 8000;

const main = document.querySelector('main');
const address = '/remote/' + main.dataset.token;
const notice = document.getElementById('notice');
const screens = document.getElementById('screens');
const several = Boolean(document.querySelector('#all .open'));

/** @type {number | undefined} */
let timer;
/** @type {number | undefined} */
let noticeTimer;
/** @type {HTMLButtonElement | null} */
let pressed = null;
let asked = 0;
let away = false;
let gone = false;
let awayShown = '';

/**
 * A photo on show, and a screen, as the server tells of them.
 * @typedef {{id: string, title?: string, owner?: string, nsid?: string, image?: string}} Photo
 * @typedef {{name: string, instance: string, target: string, wall: string, wall_title: string, state: string,
 *   photos: Photo[], paused: boolean, asleep: boolean}} Screen
 * @typedef {{owner?: string, photo?: string, name?: string, title?: string, wall: string, wall_title: string,
 *   when: string}} Row
 */

/** @param {string} text @param {boolean} [bad] @param {boolean} [stays] */
function say(text, bad, stays) {
  clearTimeout(noticeTimer);
  notice.textContent = text;
  notice.classList.toggle('bad', Boolean(bad));
  notice.hidden = !text;
  if (text && !stays) noticeTimer = setTimeout(() => say(''), NOTICE);
}

/** @param {Element} within @param {string} name @param {string} text */
function write(within, name, text) {
  for (const element of within.querySelectorAll('[data-text=' + name + ']')) {
    if (element.textContent !== text) element.textContent = text;
  }
}

/** @param {Element} within @param {string} name @param {string} value */
function enter(within, name, value) {
  for (const input of within.querySelectorAll('input[name=' + name + ']')) input.value = value;
}

/** @param {string} id */
function copy(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (template.content.cloneNode(true)).firstElementChild;
}

/** @param {Screen} screen @param {Photo} photo */
function photoOf(screen, photo) {
  const item = copy('photo');
  const image = item.querySelector('img');
  image.hidden = !photo.image;
  // A picture that does not load leaves its dark place.
  image.onerror = () => { image.hidden = true; };
  if (photo.image) image.src = photo.image;
  const owner = photo.owner || photo.nsid || '';
  write(item, 'title', photo.title || 'A photo without a title');
  write(item, 'owner', owner);
  item.querySelector('.owner').hidden = !owner;
  item.querySelector('[value=mute]').hidden = !photo.nsid;
  enter(item, 'screen', screen.target);
  enter(item, 'at', screen.instance);
  enter(item, 'wall', screen.wall);
  enter(item, 'photo', photo.id);
  enter(item, 'owner', photo.nsid || '');
  return item;
}

/** @param {Element} card @param {Screen} screen */
function fill(card, screen) {
  card.id = 's-' + screen.instance;
  card.dataset.instance = screen.instance;
  card.classList.toggle('asleep', screen.asleep);
  write(card, 'name', screen.name);
  write(card, 'state', screen.state);
  write(card, 'wall_title', screen.wall_title);
  const stage = card.querySelector('.stage');
  stage.classList.toggle('good', screen.state.startsWith('on'));
  stage.classList.toggle('idle', !screen.state.startsWith('on'));
  const turn = card.querySelector('.turn');
  turn.classList.toggle('paused', screen.paused);
  turn.value = screen.paused ? 'play' : 'pause';
  turn.setAttribute('aria-label', screen.paused ? 'Go on' : 'Pause');
  const dark = card.querySelector('.dark');
  dark.value = screen.asleep ? 'wake' : 'sleep';
  dark.textContent = screen.asleep ? 'Wake' : 'Sleep';
  enter(card, 'screen', screen.target);
  enter(card, 'at', screen.instance);
  enter(card, 'wall', screen.wall);
  const select = card.querySelector('select');
  if (select && select.dataset.wall !== screen.wall) {
    select.dataset.wall = screen.wall;
    for (const option of select.options) option.hidden = option.disabled = option.value === screen.wall;
    const other = Array.from(select.options).find((option) => !option.disabled);
    if (other) select.value = other.value;
  }
  const shown = JSON.stringify([screen.photos, screen.target, screen.wall]);
  const photos = card.querySelector('.photos');
  if (photos.dataset.shown !== shown) {
    photos.dataset.shown = shown;
    photos.dataset.count = String(screen.photos.length);
    photos.textContent = '';
    for (const photo of screen.photos) photos.appendChild(photoOf(screen, photo));
  }
}

/** @param {Screen[]} all */
function showScreens(all) {
  const cards = new Map(Array.from(screens.children).map((card) => [card.dataset.instance, card]));
  let before = null;
  for (const screen of all) {
    const card = cards.get(screen.instance) || copy('card');
    cards.delete(screen.instance);
    fill(card, screen);
    // Moved only when it must be: a card that moves loses the finger that is on it.
    const place = before ? before.nextElementSibling : screens.firstElementChild;
    if (place !== card) screens.insertBefore(card, place);
    before = card;
  }
  for (const card of cards.values()) card.remove();
  document.getElementById('none').hidden = all.length > 0;
  document.getElementById('all').hidden = all.length < 2;
}

/** @param {Row[]} muted @param {Row[]} hidden */
function showAway(muted, hidden) {
  const shown = JSON.stringify([muted, hidden]);
  if (shown === awayShown) return;
  awayShown = shown;
  const list = document.getElementById('away-list');
  list.textContent = '';
  const add = (row, what, how, deed) => {
    const item = copy('away-row');
    write(item, 'what', what);
    write(item, 'how', how + (several ? ' on ' + row.wall_title : '') + ', ' + row.when);
    enter(item, 'photo', row.photo || '');
    enter(item, 'owner', deed === 'unmute' ? row.owner : '');
    enter(item, 'wall', row.wall);
    item.querySelector('button').value = deed;
    list.appendChild(item);
  };
  for (const row of muted) add(row, row.name, 'is muted', 'unmute');
  for (const row of hidden) add(row, row.title, (row.owner ? 'by ' + row.owner + ' ' : '') + 'is hidden', 'unhide');
  document.getElementById('away-count').textContent = String(muted.length + hidden.length);
  document.getElementById('away').hidden = muted.length + hidden.length === 0;
}

/** @param {string} url @param {RequestInit} [options] */
async function ask(url, options) {
  const abort = new AbortController();
  const patience = setTimeout(() => abort.abort(), PATIENCE);
  try {
    const answer = await fetch(url, { headers: { accept: 'application/json' }, signal: abort.signal, ...options });
    return { status: answer.status, ok: answer.ok, told: await answer.json() };
  } finally {
    clearTimeout(patience);
  }
}

/** @param {number} [wait] */
function lookIn(wait) {
  clearTimeout(timer);
  if (!gone && !document.hidden) timer = setTimeout(look, wait === undefined ? EVERY : wait);
}

async function look() {
  const mine = ++asked;
  try {
    const answer = await ask(address + '/state');
    if (answer.status === 404) {
      gone = true;
      say('This link drives no screens any more: a new one was made. The walls page has it.', true, true);
      return;
    }
    if (!answer.ok) throw new Error(answer.told.error);
    // An answer that was overtaken by a later one tells of the past.
    if (mine !== asked) return;
    showScreens(answer.told.screens);
    showAway(answer.told.muted, answer.told.hidden);
    if (away) say('Connected again.');
    away = false;
  } catch (error) {
    if (!away) say('No connection to the server: trying again.', true, true);
    away = true;
  }
  if (mine === asked) lookIn();
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement} button */
async function send(form, button) {
  const fields = new URLSearchParams(new FormData(form));
  fields.set('do', button.value);
  button.classList.add('sent');
  try {
    const { ok, told } = await ask(address, { method: 'POST', body: fields });
    say(told.said || told.error, !ok);
  } catch (error) {
    say('That did not get through: is there a network?', true);
  }
  button.classList.remove('sent');
  // What is being asked just now tells of the time before.
  asked++;
  lookIn(SOON);
}

document.addEventListener('click', (event) => {
  pressed = event.target.closest ? event.target.closest('button') : null;
});
document.addEventListener('submit', (event) => {
  const button = event.submitter || pressed;
  if (!button || !button.value) return;
  event.preventDefault();
  send(event.target, button);
});
document.addEventListener('visibilitychange', () => lookIn(0));

document.body.classList.add('live');
if (!notice.hidden) say(notice.textContent, notice.classList.contains('bad'));
lookIn(0);
