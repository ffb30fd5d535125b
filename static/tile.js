// One photo on the screen: its picture, whole, before a blurred copy of itself, and its words over it.
import { paint, wipe } from './backdrop.js';
import { release } from './image.js';
import { fit } from './layout.js';
import { drawQr } from './qr.js';
import { type } from './type.js';

/** @typedef {import('./words.js').Words} Words */
/** @typedef {import('./wall.js').Settings} Settings */
/** @typedef {{left: number, top: number, width: number, height: number}} Box pixels */

/** A title that does not fit into its lines, or has a word longer than one, shrinks to these parts of its size. */
const SHRINK = [1, 0.86, 0.74, 0.64, 0.55];

/** What the line below the title says, as far as there is room. */
const FACTS = ['owner', 'why', 'place', 'age', 'licence'];

export class Tile {
  /**
   * @param {HTMLTemplateElement} template
   * @param {string} id of the photo
   * @param {HTMLImageElement} img loaded and decoded
   * @param {Settings} settings
   * @param {string} link of the wall
   */
  constructor(template, id, img, settings, link) {
    const copy = /** @type {DocumentFragment} */ (document.importNode(template.content, true));
    this.element = /** @type {HTMLElement} */ (copy.querySelector('.tile'));
    this.id = id;
    this.img = img;
    this.settings = settings;
    this.link = link;
    /** Which in the order of all tiles; the stage counts them. */
    this.turn = 0;
    /** @type {Box} */
    this.box = { left: 0, top: 0, width: 0, height: 0 };
    this.screen = { width: 0, height: 0 };
    /** The picture's own, in its place. */
    this.size = { width: 0, height: 0 };
    /** @type {Words | null} */
    this.words = null;
    this.page = '';
    img.className = 'picture';
    this.part('.mat').appendChild(img);
    this.paintBackdrop();
  }

  /**
   * @param {string} css
   * @returns {any}
   */
  part(css) {
    return this.element.querySelector(css);
  }

  paintBackdrop() {
    if (this.settings.backdrop === 'plain') return;
    try {
      paint(this.part('.backdrop'), this.img);
    } catch (error) {
      console.warn('wall: no backdrop', error);
    }
  }

  /**
   * @param {Box} box
   * @param {{width: number, height: number}} screen
   */
  place(box, screen) {
    this.box = box;
    this.screen = screen;
    put(this.element, box);
    const size = fit({ width: this.img.naturalWidth, height: this.img.naturalHeight }, box);
    this.size = size;
    put(this.part('.mat'), {
      left: Math.round((box.width - size.width) / 2),
      top: Math.round((box.height - size.height) / 2),
      width: size.width,
      height: size.height,
    });
    this.measure();
  }

  /**
   * Moves what stands still for long, against burn-in: the picture as far as there is room around it, and the words.
   * @param {number} x from -1 to 1
   * @param {number} y from -1 to 1
   * @param {number} most the part of the place that it moves at most
   */
  shift(x, y, most) {
    const { box, size } = this;
    const room = { x: (box.width - size.width) / 2, y: (box.height - size.height) / 2 };
    this.part('.mat').style.transform = move(x * Math.min(room.x, most * box.width), y * Math.min(room.y, most * box.height));
    // Within the shade, which stays: its edges must not be seen.
    const words = move(x * most * box.width, -Math.abs(y) * most * box.height);
    this.part('.words').style.transform = words;
    this.part('.qr').style.transform = words;
  }

  /**
   * Only what differs is touched, so that nothing flickers and a screen reader repeats nothing.
   * @param {Words} words
   */
  write(words) {
    this.words = words;
    this.img.alt = words.alt;
    const isFull = this.settings.caption === 'full';
    const isShared = this.box.width < this.screen.width || this.box.height < this.screen.height;
    const facts = isShared ? ['owner', 'why', 'age'] : FACTS;
    const title = this.part('.title');
    say(title, words.title);
    title.hidden = words.title === '';
    FACTS.forEach((name) => {
      const isSaid = (isFull && facts.indexOf(name) >= 0) || (name === 'owner' && words.title === '');
      const element = this.part('.' + name);
      say(element, isSaid ? /** @type {any} */ (words)[name] : '');
      // The dot between two stands outside of both, since the words may run the other way.
      element.parentNode.hidden = element.textContent === '';
    });
    const said = Array.from(this.part('.byline').children).filter((/** @type {any} */ it) => !it.hidden);
    said.forEach((it, i) => it.classList.toggle('more', i + 1 < said.length && !it.classList.contains('video')));
    this.part('.video').hidden = !words.isVideo;
    const link = this.part('.words');
    // Where nobody is to touch anything, nobody is led away either.
    if (words.page === '' || !this.settings.controls) link.removeAttribute('href');
    else if (link.getAttribute('href') !== words.page) link.setAttribute('href', words.page);
    if (this.page !== words.page && this.settings.qr && this.settings.caption !== 'off') {
      this.page = words.page;
      drawQr(this.part('.qr'), this.link, words.page);
    }
    this.part('.qr').hidden = this.page === ''; // It has its place before it is drawn.
    this.measure();
  }

  /** Finds the size at which the title fits into its lines, and every word into one. */
  measure() {
    const { words, box } = this;
    if (words === null || box.width === 0) return;
    const sizes = type(box, this.screen, words.title, this.settings.text);
    const title = this.part('.title');
    const caption = this.part('.caption');
    caption.style.fontSize = sizes.byline + 'px';
    caption.hidden = this.settings.caption === 'off';
    // The line below follows the title: both begin on one side.
    this.part('.words').dir = getComputedStyle(title.hidden ? this.part('.owner') : title).direction;
    delete this.element.dataset.long;
    for (const part of SHRINK) {
      title.style.fontSize = Math.max(sizes.least, Math.round(sizes.title * part)) + 'px';
      const isWhole = title.scrollHeight <= title.clientHeight + 1 && title.scrollWidth <= title.clientWidth + 1;
      if (isWhole) return;
    }
    this.element.dataset.long = 'yes'; // Words are broken now, and what is too much ends in an ellipsis.
  }

  /** Takes it off the screen, and lets go of its memory. */
  remove() {
    release(this.img);
    wipe(this.part('.backdrop'));
    if (this.element.parentNode !== null) this.element.parentNode.removeChild(this.element);
  }
}

/**
 * @param {number} x pixels
 * @param {number} y pixels
 */
const move = (x, y) => 'translate(' + Math.round(x) + 'px, ' + Math.round(y) + 'px)';

/**
 * @param {HTMLElement} element
 * @param {Box} box
 */
function put(element, box) {
  element.style.left = box.left + 'px';
  element.style.top = box.top + 'px';
  element.style.width = box.width + 'px';
  element.style.height = box.height + 'px';
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
