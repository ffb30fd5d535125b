// The fave test's page: begins a test without leaving the page, so that the screen on it stays, and shows each hop as it
// comes. Without scripts the form does the same, and the page is loaded anew each second.

/** How often the test is looked at, in milliseconds. */
const PACE = 150;
/** What a program asks for. */
const JSON_PLEASE = { Accept: 'application/json' };

const test = /** @type {HTMLElement} */ (document.getElementById('test'));
const refusal = /** @type {HTMLElement} */ (document.getElementById('refusal'));
const begin = /** @type {HTMLFormElement | null} */ (document.getElementById('begin'));

/** @param {any} told the test, as the server tells it */
function show(told) {
  test.hidden = false;
  test.dataset.id = String(told.id);
  test.dataset.over = String(told.over);
  const stops = test.querySelectorAll('.stop');
  for (let n = 0; n < stops.length && n < told.hops.length; n += 1) {
    const stop = stops[n], hop = told.hops[n];
    stop.className = 'stop ' + hop.stand;
    for (const part of ['time', 'said', 'usually']) {
      const element = stop.querySelector('.' + part);
      if (element !== null) element.textContent = hop[part];
    }
  }
  for (const part of ['doing', 'summary', 'cleaned']) {
    const element = document.getElementById(part);
    if (element !== null) element.textContent = told[part];
  }
}

async function follow() {
  if (test.dataset.over === 'true') return;
  try {
    const answer = await fetch('/debug/fave/' + test.dataset.id, { headers: JSON_PLEASE });
    if (!answer.ok) return;
    show(await answer.json());
  } catch {
    // The server is away for a moment: it is asked again.
  }
  setTimeout(follow, PACE);
}

if (begin !== null) {
  begin.addEventListener('submit', async (event) => {
    event.preventDefault();
    refusal.hidden = true;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(begin)) body.append(name, String(value));
    try {
      const answer = await fetch('/debug/fave', { method: 'POST', headers: JSON_PLEASE, body });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.error);
      show(told);
      follow();
    } catch (cause) {
      refusal.textContent = cause instanceof Error ? cause.message : String(cause);
      refusal.hidden = false;
    }
  });
}

follow();
