// The map of the topics page: a click sets a place with no reload; wheel, fingers, keys and buttons zoom and move it.
// Without this script the same buttons and the same picture do it with a round trip to the server, and the fields say
// the same in both. A unit of the map is half a degree, counted from 180° W, 90° N (src/web/topics/map.rs).

export const WIDTH = 720;
export const HEIGHT = 360;
export const CLOSEST = WIDTH / 64;
const KM_PER_DEGREE = 111.2;
const SVG = 'http://www.w3.org/2000/svg';

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** A view (its left upper corner and its width, in units), pushed back to where there is a map. */
export function within(view) {
  const width = clamp(view.width, CLOSEST, WIDTH);
  return { x: clamp(view.x, 0, WIDTH - width), y: clamp(view.y, 0, HEIGHT - width / 2), width };
}

/** So many times closer, while the point at this share of the view (0 to 1 each) stays where it is. */
export function zoomed(view, factor, shareX, shareY) {
  const width = clamp(view.width / factor, CLOSEST, WIDTH);
  const x = view.x + (view.width - width) * shareX;
  return within({ x, y: view.y + ((view.width - width) / 2) * shareY, width });
}

/** With a place in the middle. */
export function centered(view, place) {
  const { x, y } = toUnits(place);
  return within({ x: x - view.width / 2, y: y - view.width / 4, width: view.width });
}

export function moved(view, shareX, shareY) {
  return within({ x: view.x + view.width * shareX, y: view.y + (view.width / 2) * shareY, width: view.width });
}

export function toUnits({ latitude, longitude }) {
  return { x: (longitude + 180) * 2, y: (90 - latitude) * 2 };
}

/** The place at a share of the view, to as many digits as one of so many pixels can tell. */
export function placeAt(view, shareX, shareY, pixels) {
  const x = view.x + view.width * clamp(shareX, 0, 1);
  const y = view.y + (view.width / 2) * clamp(shareY, 0, 1);
  const digits = Math.max(1, Math.ceil(-Math.log10(view.width / 2 / pixels)));
  const rounded = (it) => Number(it.toFixed(digits)) + 0;
  return { latitude: rounded(90 - y / 2), longitude: rounded(x / 2 - 180) };
}

/** How far a click may be off, in kilometers at the equator: half a pixel. */
export function errorKm(view, pixels) {
  const km = (view.width / 2 / pixels / 2) * KM_PER_DEGREE;
  return km < 2 ? Math.max(0.1, Math.round(km * 10) / 10) : Math.round(km);
}

export const written = ({ latitude, longitude }) => `${latitude}, ${longitude}`;

/** A place in plain decimal degrees; null for all else, which the server may understand and the map does not show. */
export function readPlace(text) {
  const match = /^\s*([-+]?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*([-+]?\d{1,3}(?:\.\d+)?)\s*$/.exec(text.replace(/\u2212/g, '-'));
  if (match === null) return null;
  const [latitude, longitude] = [Number(match[1]), Number(match[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

/** Kilometers; null when it is no radius that works. */
export function readRadius(text) {
  const km = text.trim() === '' ? 5 : Number(text.replace(/km\s*$/, '').replace(',', '.'));
  return km >= 0.05 && km <= 32 ? km : null;
}

/** Half the width and height of a circle on the ground, in units: it is wider far from the equator. */
export function ellipse(place, km) {
  const high = (km / KM_PER_DEGREE) * 2;
  return { wide: Math.min(high / Math.max(Math.cos((place.latitude * Math.PI) / 180), 1e-9), WIDTH), high };
}

/** What a key does to a view; null when it is none of the map's. */
export function keyed(view, key) {
  switch (key) {
    case '+':
    case '=':
      return zoomed(view, 2, 0.5, 0.5);
    case '-':
      return zoomed(view, 0.5, 0.5, 0.5);
    case 'ArrowLeft':
      return moved(view, -0.125, 0);
    case 'ArrowRight':
      return moved(view, 0.125, 0);
    case 'ArrowUp':
      return moved(view, 0, -0.125);
    case 'ArrowDown':
      return moved(view, 0, 0.125);
    default:
      return null;
  }
}

function drawn(name, attributes, parent) {
  const element = document.createElementNS(SVG, name);
  Object.keys(attributes).forEach((it) => element.setAttribute(it, attributes[it]));
  return parent.appendChild(element);
}

/** Land and borders, out of the picture that the page shows anyhow. */
async function land(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the map: ${answer.status}`);
  // Parsed as a document, its style would count as an inline one, which our policy forbids.
  const picture = await answer.text();
  return ['land', 'borders'].map((name) => ({ name, d: new RegExp(`id="${name}"[^>]* d="([^"]+)"`).exec(picture)[1] }));
}

class WorldMap {
  constructor(box, paths) {
    this.box = box;
    this.form = box.closest('form');
    this.svg = box.querySelector('svg');
    this.remembered = this.form.elements.view;
    const [x, y, width] = this.remembered.value.split(' ').map(Number);
    this.view = within({ x, y, width });
    this.svg.textContent = '';
    const ground = drawn('g', { transform: 'scale(.2)' }, this.svg);
    paths.forEach(({ name, d }) => drawn('path', { class: name, d }, ground));
    this.cross = drawn('path', { class: 'cross' }, this.svg);
    this.pins = drawn('g', {}, this.svg);
    this.svg.removeAttribute('aria-hidden');
    this.svg.setAttribute('tabindex', '0');
    this.svg.setAttribute('role', 'application');
    this.svg.setAttribute('aria-label', 'Map of the world. Arrows move it, plus and minus zoom, Enter sets the place in the middle.');
    box.querySelector('input[type=image]').hidden = true;
    box.classList.add('live');
    this.listen();
    this.draw();
  }

  get picked() {
    const radio = this.box.querySelector('input[name=pick]:checked');
    return radio === null ? '1' : radio.value;
  }

  field(kind, number) {
    return this.form.elements[kind + number];
  }

  show(view) {
    this.view = view;
    this.draw();
  }

  set(shareX, shareY) {
    const field = this.field('place', this.picked);
    field.value = written(placeAt(this.view, shareX, shareY, this.svg.clientWidth));
    field.removeAttribute('aria-invalid');
    this.draw();
  }

  draw() {
    const { x, y, width } = this.view;
    const pixel = width / (this.svg.clientWidth || WIDTH);
    this.svg.setAttribute('viewBox', `${x} ${y} ${width} ${width / 2}`);
    this.remembered.value = `${x} ${y} ${width}`;
    const [middleX, middleY, arm] = [x + width / 2, y + width / 4, pixel * 9];
    this.cross.setAttribute('d', `M${middleX - arm} ${middleY}h${arm * 2}M${middleX} ${middleY - arm}v${arm * 2}`);
    this.pins.textContent = '';
    ['1', '2', '3'].forEach((number) => {
      const place = readPlace(this.field('place', number).value);
      if (place === null) return;
      const at = toUnits(place);
      const pin = drawn('g', { class: number === this.picked ? 'pin picked' : 'pin' }, this.pins);
      const km = readRadius(this.field('radius', number).value);
      if (km !== null) {
        const { wide, high } = ellipse(place, km);
        drawn('ellipse', { cx: at.x, cy: at.y, rx: wide, ry: high }, pin);
      }
      drawn('circle', { cx: at.x, cy: at.y, r: pixel * 4 }, pin);
      const text = { x: at.x + pixel * 7, y: at.y - pixel * 6, 'font-size': pixel * 16 };
      drawn('text', text, pin).textContent = number;
    });
    const [out, closer] = [this.box.querySelector('[value=out]'), this.box.querySelector('[value=in]')];
    // A button that is switched off while it has the focus would lose it.
    [[out, width >= WIDTH], [closer, width <= CLOSEST]].forEach(([it, isOver]) => it.setAttribute('aria-disabled', isOver));
    out.disabled = closer.disabled = false;
    const km = errorKm(this.view, this.svg.clientWidth || WIDTH);
    this.box.querySelector('#exact').textContent = `A click is exact to about ${km} km${width > CLOSEST ? ': zoom in for more' : ''}.`;
  }

  /** Where on the map something happened, as a share of it. */
  share(event) {
    const box = this.svg.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  listen() {
    this.form.addEventListener('input', () => this.draw());
    this.form.addEventListener('focusin', (event) => {
      const match = /^(?:place|radius)([123])$/.exec(event.target.name || '');
      if (match === null) return;
      this.box.querySelector(`input[name=pick][value="${match[1]}"]`).checked = true;
      this.draw();
    });
    this.box.addEventListener('change', () => {
      const place = readPlace(this.field('place', this.picked).value);
      this.show(place === null ? this.view : centered(this.view, place));
    });
    this.box.querySelector('.zoom').addEventListener('click', (event) => {
      if (event.target.name !== 'zoom') return;
      event.preventDefault();
      const place = readPlace(this.field('place', this.picked).value);
      const view = place === null || event.target.value === 'out' ? this.view : centered(this.view, place);
      this.show(zoomed(view, event.target.value === 'in' ? 2 : 0.5, 0.5, 0.5));
    });
    this.svg.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const view = keyed(this.view, event.key);
      if (view !== null) this.show(view);
      else if (event.key === 'Enter' || event.key === ' ') this.set(0.5, 0.5);
      else return;
      event.preventDefault();
    });
    this.svg.addEventListener('wheel', (event) => {
      // Who scrolls past the map scrolls the page; the wheel is the map's once it was clicked.
      if (document.activeElement !== this.svg && !event.ctrlKey) return;
      const view = zoomed(this.view, event.deltaY < 0 ? 1.25 : 0.8, ...this.share(event));
      if (view.width === this.view.width) return;
      event.preventDefault();
      this.show(view);
    }, { passive: false });
    this.listenToDrags();
  }

  /** One finger or the mouse moves the map, two fingers zoom it; what did not move is a click. */
  listenToDrags() {
    let last = null;
    let way = 0;
    const begin = (points) => {
      last = points;
    };
    const middle = (points) => {
      const n = points.length;
      return { clientX: points.reduce((sum, it) => sum + it.clientX, 0) / n, clientY: points.reduce((sum, it) => sum + it.clientY, 0) / n };
    };
    const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    const move = (points) => {
      const [[fromX, fromY], [toX, toY]] = [this.share(middle(last)), this.share(middle(points))];
      let view = moved(this.view, fromX - toX, fromY - toY);
      if (points.length === 2 && last.length === 2) view = zoomed(view, apart(points) / apart(last), toX, toY);
      way += Math.hypot(middle(points).clientX - middle(last).clientX, middle(points).clientY - middle(last).clientY);
      last = points;
      if (way > 4) this.show(view);
    };
    const points = (event) => Array.from(event.touches).slice(0, 2).map(({ clientX, clientY }) => ({ clientX, clientY }));
    this.svg.addEventListener('mousedown', (event) => {
      way = 0;
      if (event.button === 0) begin([event]);
    });
    addEventListener('mousemove', (event) => {
      if (last !== null && event.buttons === 1) move([event]);
    });
    addEventListener('mouseup', () => {
      last = null;
    });
    this.svg.addEventListener('touchstart', (event) => {
      if (event.touches.length === 1) way = 0;
      begin(points(event));
    }, { passive: true });
    this.svg.addEventListener('touchmove', (event) => {
      // The whole world has nowhere to go: one finger scrolls the page.
      if (last === null || (event.touches.length === 1 && this.view.width >= WIDTH)) return;
      if (points(event).length !== last.length) begin(points(event));
      event.preventDefault();
      move(points(event));
    }, { passive: false });
    this.svg.addEventListener('touchend', (event) => {
      last = event.touches.length > 0 ? points(event) : null;
    });
    this.svg.addEventListener('click', (event) => {
      this.svg.focus({ preventScroll: true });
      if (way <= 4) this.set(...this.share(event));
    });
    addEventListener('resize', () => this.draw());
  }
}

/** Brings the map of this page to life. When its land does not arrive, the picture stays, and works as it did. */
async function start() {
  const box = document.getElementById('map');
  const picture = box.querySelector('input[type=image]');
  new WorldMap(box, await land(picture.src.split('#')[0]));
}

/** The form can have a list of errors on top: that is where to read on. */
function begin() {
  const errors = document.getElementById('errors');
  if (errors !== null && location.hash === '') errors.focus();
  start().catch((cause) => console.warn(cause));
}

if (typeof document !== 'undefined') begin();
