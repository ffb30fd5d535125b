// The stage: puts one frame over the other, changes one tile of a mosaic, and takes away what is no longer to be seen.
import { boxes } from './layout.js';
import { Tile } from './tile.js';

/** @typedef {import('./deck.js').Plan} Plan */
/** @typedef {import('./words.js').Words} Words */
/** @typedef {import('./wall.js').Settings} Settings */

/** As long as the crossfade in wall.css, and a little more. */
const FADE = 1400;
/** The most that anything moves against burn-in, as a part of its place. */
const SHIFT = 0.012;

export class Stage {
  /**
   * @param {HTMLElement} element
   * @param {HTMLTemplateElement} template
   * @param {Settings} settings
   * @param {string} link of the wall
   * @param {() => void} onSettled called when nothing but the newest frame is to be seen any more
   */
  constructor(element, template, settings, link, onSettled) {
    this.element = element;
    this.template = template;
    this.settings = settings;
    this.link = link;
    this.onSettled = onSettled;
    /** @type {HTMLElement | null} the newest frame */
    this.frame = null;
    /** @type {Tile[]} its tiles, in the order of their boxes */
    this.tiles = [];
    /** @type {Tile[]} what is fading away */
    this.leaving = [];
    /** @type {import('./layout.js').Layout} */
    this.layout = 'single';
    this.x = 0;
    this.y = 0;
    /** Counts the tiles, so that the newest can be told. */
    this.turn = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.tidying = undefined;
  }

  /** @returns {{width: number, height: number}} CSS pixels */
  screen() {
    return { width: innerWidth, height: innerHeight };
  }

  /**
   * A new frame over the one that is there.
   * @param {Plan} plan
   * @param {HTMLImageElement[]} pictures loaded and decoded, one for each of its ids
   * @param {boolean} isCut
   */
  show(plan, pictures, isCut) {
    this.tidy();
    const screen = this.screen();
    const places = boxes(plan.layout, screen);
    const frame = document.createElement('div');
    frame.className = 'frame';
    frame.dataset.layout = plan.layout;
    frame.dataset.turn = this.turn % 2 === 0 ? 'even' : 'odd';
    this.leaving = this.tiles;
    this.leaving.forEach((tile) => tile.element.classList.add('leaving'));
    this.layout = plan.layout;
    this.tiles = plan.ids.map((id, i) => this.tile(id, pictures[i], frame, places[i], screen));
    this.frame = frame;
    this.element.appendChild(frame);
    this.settle(isCut);
  }

  /**
   * Another photo in one tile; the others stay.
   * @param {number} index
   * @param {string} id
   * @param {HTMLImageElement} picture
   * @param {boolean} isCut
   */
  swap(index, id, picture, isCut) {
    if (this.frame === null) return;
    this.tidy();
    const screen = this.screen();
    const before = this.tiles[index];
    this.tiles[index] = this.tile(id, picture, this.frame, boxes(this.layout, screen)[index], screen);
    this.tiles[index].element.classList.add('swapped');
    if (before !== undefined) {
      before.element.classList.add('leaving');
      this.leaving = [before];
    }
    this.settle(isCut);
  }

  /**
   * @param {string} id
   * @param {HTMLImageElement} picture
   * @param {HTMLElement} frame
   * @param {import('./tile.js').Box} box
   * @param {{width: number, height: number}} screen
   */
  tile(id, picture, frame, box, screen) {
    const tile = new Tile(this.template, id, picture, this.settings, this.link);
    this.turn += 1;
    tile.turn = this.turn;
    frame.appendChild(tile.element);
    tile.place(box, screen);
    tile.shift(this.x, this.y, SHIFT);
    return tile;
  }

  /** @param {boolean} isCut */
  settle(isCut) {
    const settled = () => {
      this.tidy();
      // What has come needs not come again, whatever styles change.
      this.each((tile) => tile.element.classList.add('still'));
      this.onSettled();
    };
    if (isCut) settled();
    else this.tidying = setTimeout(settled, FADE);
  }

  /** Nothing but the newest frame stays; called before pictures are loaded too, so that few are alive at once. */
  tidy() {
    clearTimeout(this.tidying);
    this.leaving.forEach((tile) => tile.remove());
    this.leaving = [];
    while (this.element.children.length > 1) this.element.removeChild(this.element.children[0]);
  }

  /**
   * Takes this photo off the screen at once, wherever it is.
   * @param {string} id
   */
  remove(id) {
    this.tidy();
    const all = this.tiles.filter(Boolean);
    const hit = all.filter((tile) => tile.id === id);
    if (hit.length === 0) return;
    if (this.layout === 'mosaic') {
      hit.forEach((tile) => {
        delete this.tiles[this.tiles.indexOf(tile)];
        tile.remove();
      });
    }
    if (this.layout !== 'mosaic' || !this.tiles.some(Boolean)) {
      this.clear();
    }
  }

  /** Takes everything off the screen at once. */
  clear() {
    this.tidy();
    this.each((tile) => tile.remove());
    this.tiles = [];
    if (this.frame !== null) this.element.removeChild(this.frame);
    this.frame = null;
  }

  /** @param {(tile: Tile) => void} work */
  each(work) {
    this.tiles.filter(Boolean).forEach(work);
  }

  /** The screen has other measures now. */
  refit() {
    const screen = this.screen();
    const places = boxes(this.layout, screen);
    this.tiles.forEach((tile, i) => tile.place(places[i], screen));
    this.each((tile) => tile.shift(this.x, this.y, SHIFT));
  }

  /**
   * @param {number} x from -1 to 1
   * @param {number} y from -1 to 1
   */
  shift(x, y) {
    this.x = x;
    this.y = y;
    this.each((tile) => tile.shift(x, y, SHIFT));
  }

  isMosaic() {
    return this.frame !== null && this.layout === 'mosaic';
  }

  /** Pictures that are alive. */
  count() {
    return this.tiles.concat(this.leaving).filter(Boolean).length;
  }

  /** @returns {string[]} the photos on show, by their places; '' where there is none */
  inPlace() {
    return Array.from(this.tiles, (tile) => (tile === undefined ? '' : tile.id));
  }

  /** @returns {string[]} the photos on show, the newest first */
  ids() {
    return this.tiles.filter(Boolean).sort((a, b) => b.turn - a.turn).map((tile) => tile.id);
  }

  /** What is on show, in one sentence, for those who hear it. */
  said() {
    const newest = this.tiles.filter(Boolean).sort((a, b) => b.turn - a.turn)[0];
    if (newest === undefined || newest.words === null) return '';
    const { alt, owner, why } = newest.words;
    return [alt, owner && alt.indexOf(owner) < 0 ? 'by ' + owner : '', why].filter(Boolean).join(', ');
  }
}
