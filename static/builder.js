// The page that writes a wall's link, alive: the wall beside the form, its link and its QR code follow what is chosen.
//
// The server reads what the form says (`settings.json`), so that there is one truth about settings; this only asks once
// a change has settled, and shows the answer. Without this script the form does the same with a round trip.

/** A change has settled after so long, in ms. */
const SETTLED = 400;
/** When the server does not answer, it is asked again after so long. */
const AGAIN = 4000;
/** A new preview takes the place of the old one when it shows a photo, or after so long. */
const READY = 2500;
/** The screens that the preview stands for, in pixels. */
const SCREENS = { lying: { width: 1280, height: 720 }, standing: { width: 720, height: 1280 } };

const find = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));

const form = find('settings');
const base = form.getAttribute('action');
const glass = find('glass');

/** @type {ReturnType<typeof setTimeout> | undefined} */
let due;
let asked = 0;
/** The query that the preview shows. */
let shown = new URL(find('open').href).search.slice(1);

/** Asks what the form says, after `wait` ms without another change. */
function follow(wait) {
  clearTimeout(due);
  due = setTimeout(ask, wait);
}

async function ask() {
  asked += 1;
  const mine = asked;
  try {
    const query = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    const response = await fetch(`${base}/settings.json?${query}`);
    if (response.status === 404) return say('This wall is no more, or its link was changed.');
    if (!response.ok) throw new Error(`status ${response.status}`);
    const answer = await response.json();
    if (mine === asked) show(answer);
  } catch (error) {
    if (mine !== asked) return;
    say('The server does not answer just now, so the link is not up to date. Trying again …');
    follow(AGAIN);
  }
}

/** Shows what the server read. @param {{query: string, address: string, problems: {name: string, sentence: string}[]}} answer */
function show(answer) {
  const search = answer.query === '' ? '' : `?${answer.query}`;
  find('address').value = answer.address;
  find('open').href = base + search;
  history.replaceState(null, '', `${base}/settings${search}`);
  say('');
  showProblems(answer.problems);
  if (answer.query === shown) return;
  shown = answer.query;
  find('code').src = `${base}/qr.svg${search}`;
  preview();
}

/** Puts every problem at its field. What was wrong in the address and belongs to none stays above the form. */
function showProblems(problems) {
  for (const error of form.querySelectorAll('.error')) {
    const name = error.id.replace('-error', '');
    const problem = problems.find((it) => it.name === name);
    error.textContent = problem === undefined ? '' : problem.sentence;
    error.hidden = problem === undefined;
    if (problem === undefined) find(name).removeAttribute('aria-invalid');
    else find(name).setAttribute('aria-invalid', 'true');
  }
}

function say(sentence) {
  find('said').textContent = sentence;
}

/** Loads the wall with the settings anew. The one before stays to be seen until the new one shows a photo. */
function preview() {
  // What was not ready yet is overtaken.
  for (const overtaken of glass.querySelectorAll('iframe + iframe')) overtaken.remove();
  const frame = document.createElement('iframe');
  frame.tabIndex = -1;
  frame.title = 'Preview';
  frame.src = `${base}?${shown === '' ? '' : `${shown}&`}preview=1`;
  frame.addEventListener('load', () => replace(frame, performance.now()), { once: true });
  glass.append(frame);
  fit();
}

function replace(frame, loaded) {
  if (frame.parentNode === null) return;
  const page = frame.contentDocument;
  const hasPhoto = page !== null && page.body !== null && page.body.dataset.photo !== undefined;
  if (!hasPhoto && performance.now() - loaded < READY) {
    setTimeout(() => replace(frame, loaded), 100);
    return;
  }
  while (glass.firstChild !== frame) glass.firstChild.remove();
}

/** Fits the whole screen into the room that there is. */
function fit() {
  const screen = SCREENS[document.querySelector('[name=shape]:checked').value];
  const isNarrow = getComputedStyle(glass.parentNode).position === 'sticky';
  const room = glass.parentNode.clientWidth - (isNarrow ? 32 : 0);
  const scale = Math.min(room / screen.width, (innerHeight * (isNarrow ? 0.28 : 0.5)) / screen.height);
  glass.style.width = `${screen.width * scale}px`;
  glass.style.height = `${screen.height * scale}px`;
  for (const frame of glass.querySelectorAll('iframe')) {
    frame.style.width = `${screen.width}px`;
    frame.style.height = `${screen.height}px`;
    frame.style.transform = `scale(${scale})`;
  }
}

/** Puts the link where it can be pasted. */
async function copy() {
  const address = find('address');
  try {
    await navigator.clipboard.writeText(address.value);
  } catch (error) {
    // Over plain http there is no clipboard for scripts; what is selected can be copied all the same.
    address.select();
    if (!document.execCommand('copy')) {
      say('Press Ctrl-C (or ⌘-C) to copy the link.');
      return;
    }
  }
  say('Copied.');
}

form.addEventListener('input', () => follow(SETTLED));
form.addEventListener('change', () => follow(0));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  follow(0);
});
for (const shape of document.querySelectorAll('[name=shape]')) shape.addEventListener('change', fit);
addEventListener('resize', fit);
find('copy').addEventListener('click', copy);
find('copy').hidden = false;
find('send').hidden = true;
find('preview').hidden = false;
preview();
