// The delivery log comes alive: records appear as they are made, and change when a screen paints. A file is delivered when
// it is dropped. Without this script the page is what it was when it was loaded, and its forms work.
import { Stream } from './stream.js';

/** Rows that stay on the page. */
const ROWS = 200;
/** Records that wait while the page is paused; what is more is loaded with the page. */
const HELD = 500;
/** How long a row that has just come is marked. */
const ARRIVING = 1700;

/**
 * A row, as the server says it; see src/web/debug/row.rs.
 * @typedef {{id: number, mood: string, datetime: string, time: string, [name: string]: any}} Row
 */

/** @param {string} id */
const element = (id) => /** @type {any} */ (document.getElementById(id));
const log = element('log');
/** Rows that wait, by their record's number. @type {Map<number, {row: Row, isNew: boolean}>} */
const held = new Map();
let isPaused = false;
/** Whether what comes is new, and not what there was when the stream was opened. */
let backlog = 0;

/** @param {string} text @param {boolean} [isBad] @param {string} [href] */
function say(text, isBad = false, href = '') {
  const notice = element('notice');
  notice.textContent = text;
  if (href !== '') {
    const link = document.createElement('a');
    link.href = href;
    link.textContent = 'Open its record';
    notice.append(' ', link);
  }
  notice.classList.toggle('bad', isBad);
  notice.hidden = text === '';
}

/** The time of day where the reader is. @param {Element} time */
function localise(time) {
  const at = new Date(time.getAttribute('datetime') || '');
  if (isNaN(at.getTime())) return;
  time.textContent = at.toLocaleTimeString([], { hour12: false });
  time.setAttribute('title', at.toLocaleString());
}

/** @param {Element} item @param {Row} row */
function fill(item, row) {
  item.className = 'record ' + row.mood;
  /** @type {any} */ (item).dataset.id = String(row.id);
  item.querySelector('a').href = '/debug/records/' + row.id;
  item.querySelectorAll('[data-text]').forEach((/** @type {any} */ it) => {
    it.textContent = row[it.dataset.text];
    it.hidden = row[it.dataset.text] === '';
  });
  const time = item.querySelector('time');
  time.setAttribute('datetime', row.datetime);
  localise(time);
}

/** @param {Row} row @param {boolean} isNew */
function show(row, isNew) {
  const items = Array.from(log.children);
  let item = items.find((it) => Number(it.dataset.id) === row.id);
  // A record that changed, and is on no page any more.
  if (item === undefined && !isNew) return;
  if (item === undefined) {
    item = element('row').content.firstElementChild.cloneNode(true);
    const older = items.find((it) => Number(it.dataset.id) < row.id) || null;
    if (older === null && items.length >= ROWS) return;
    log.insertBefore(item, older);
    if (log.children.length > ROWS) log.lastElementChild.remove();
  }
  fill(item, row);
  if (backlog <= 0) {
    item.classList.add('arriving');
    setTimeout(() => item.classList.remove('arriving'), ARRIVING);
  }
  element('empty').hidden = true;
}

/** @param {any} message */
function onMessage(message) {
  // Whoever comes back gets the newest as they are now: they may have changed meanwhile.
  stream.after = '';
  if (message.type === 'hello') backlog = Number(message.backlog) || 0;
  if (message.type === 'missed') say('This page was too slow for some of them: reload it to see all.', true);
  if (message.type !== 'record') return;
  if (isPaused) {
    const before = held.get(message.row.id);
    if (before !== undefined || held.size < HELD) {
      held.set(message.row.id, { row: message.row, isNew: message.new || (before !== undefined && before.isNew) });
    }
    sayState();
  } else {
    show(message.row, message.new);
  }
  backlog -= 1;
}

function sayState() {
  const words = { connecting: 'connecting', live: 'live', away: 'reconnecting', gone: 'signed out: reload this page' };
  const state = element('state');
  state.parentElement.dataset.connection = isPaused ? 'paused' : stream.connection;
  const waiting = Array.from(held.values()).filter((it) => it.isNew).length;
  state.textContent = isPaused ? 'paused' + (waiting > 0 ? ', ' + waiting + ' new' : '') : words[stream.connection];
}

function togglePause() {
  isPaused = !isPaused;
  const button = element('pause');
  button.setAttribute('aria-pressed', String(isPaused));
  button.textContent = isPaused ? 'Go on' : 'Pause';
  if (!isPaused) {
    held.forEach(({ row, isNew }) => show(row, isNew));
    held.clear();
  }
  sayState();
}

/** @param {FormData} form */
async function deliver(form) {
  const headers = { Accept: 'application/json' };
  try {
    const answer = await fetch('/debug/deliver', { method: 'POST', body: form, headers });
    if (answer.status === 201) {
      say('Delivered.', false, answer.headers.get('Location') || '');
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const sentence = page.querySelector('.lead') || page.body;
    say(String(sentence && sentence.textContent).trim() || 'It was not taken.', true);
  } catch (error) {
    console.warn('debug: not delivered', error);
    say('The server cannot be reached.', true);
  }
}

/** @param {DragEvent} event */
async function onDrop(event) {
  const files = event.dataTransfer ? Array.from(event.dataTransfer.files) : [];
  element('dropping').hidden = true;
  if (files.length === 0) return;
  event.preventDefault();
  if (element('event').value.trim() === '') {
    element('deliver').open = true;
    element('event').focus();
    say('To which event name? Say it here, and drop the file once more.', true);
    return;
  }
  for (const file of files) {
    const form = new FormData();
    form.append('form', element('drop').elements.form.value);
    form.append('event', element('event').value);
    form.append('file', file);
    await deliver(form);
  }
}

function listenForFiles() {
  const isFile = (/** @type {DragEvent} */ event) => event.dataTransfer !== null && Array.from(event.dataTransfer.types).includes('Files');
  addEventListener('dragover', (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    element('dropping').hidden = false;
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) element('dropping').hidden = true;
  });
  addEventListener('drop', (event) => void onDrop(event));
  element('drop').addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    void deliver(new FormData(element('drop')));
  });
  document.querySelectorAll('[data-script]').forEach((it) => it.removeAttribute('hidden'));
}

/** Buttons that copy what is in an element. */
function offerCopies() {
  document.querySelectorAll('[data-copy]').forEach((/** @type {any} */ button) => {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const source = element(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = 'Copied';
      } catch (error) {
        // Over plain http there is no clipboard: it is selected, and the reader copies it.
        getSelection().selectAllChildren(source);
        button.textContent = 'Selected';
      }
    });
  });
}

document.querySelectorAll('time.at').forEach(localise);
document.querySelectorAll('[data-zone]').forEach((it) => { it.textContent = 'those of your clock'; });
offerCopies();
if (element('drop') !== null) listenForFiles();
const address = log === null ? undefined : log.dataset.stream;
const stream = new Stream(address || '', onMessage, () => sayState());
if (address !== undefined) {
  element('live').hidden = false;
  element('pause').addEventListener('click', togglePause);
  stream.start();
}
