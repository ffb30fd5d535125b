// How a wall behaves towards the one who stands before it: the pointer hides when it rests, `f` fills the screen.

/** The pointer hides after so long without a movement. */
const REST = 2000;

/** Hides the pointer while it rests. CSS does it by `data-pointer`. */
export function hideRestingPointer() {
  const { dataset } = document.body;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  const move = () => {
    if (dataset.pointer !== 'moving') dataset.pointer = 'moving';
    clearTimeout(resting);
    resting = setTimeout(() => {
      dataset.pointer = 'resting';
    }, REST);
  };
  document.addEventListener('mousemove', move);
  move();
}

/** `f` fills the screen with the wall, and `f` again gives the screen back. */
export function fillScreenOnF() {
  document.addEventListener('keydown', (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
    if (!isPlain || String(event.key).toLowerCase() !== 'f') return;
    const page = /** @type {any} */ (document);
    const root = /** @type {any} */ (document.documentElement);
    const isFull = page.fullscreenElement || page.webkitFullscreenElement;
    const change = isFull
      ? page.exitFullscreen || page.webkitExitFullscreen
      : root.requestFullscreen || root.webkitRequestFullscreen;
    const done = change && change.call(isFull ? page : root);
    if (done) done.catch(() => {}); // A browser may refuse; the wall hangs just as well in a window.
  });
}
