// The photo on the screen: puts one frame over the other, and takes the old one away when the new one is fully there.

import { paint, wipe } from './backdrop.js';
import { fit, release } from './image.js';

/** As long as the crossfade in wall.css, and a little more. */
const FADE = 1400;

export class Frames {
  /**
   * @param {HTMLElement} stage
   * @param {HTMLTemplateElement} template
   * @param {() => void} onSettled called when nothing but the newest frame is to be seen any more
   */
  constructor(stage, template, onSettled) {
    this.stage = stage;
    this.template = template;
    this.onSettled = onSettled;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.tidying = undefined;
    addEventListener('resize', () => this.fitAll());
  }

  /**
   * @param {HTMLImageElement} img loaded and decoded
   * @param {string} description
   */
  show(img, description) {
    this.keep(1);
    const copy = /** @type {DocumentFragment} */ (document.importNode(this.template.content, true));
    const frame = /** @type {HTMLElement} */ (copy.querySelector('.frame'));
    const canvas = /** @type {HTMLCanvasElement} */ (copy.querySelector('canvas'));
    try {
      paint(canvas, img);
    } catch (error) {
      console.warn('wall: no backdrop', error);
    }
    img.className = 'picture';
    img.alt = description;
    frame.appendChild(img);
    this.fitAll(frame);
    this.stage.appendChild(copy);
    clearTimeout(this.tidying);
    this.tidying = setTimeout(() => {
      this.keep(1);
      this.onSettled();
    }, FADE);
  }

  /**
   * Describes the photo on show anew.
   * @param {string} description
   */
  describe(description) {
    const img = this.stage.lastElementChild && this.stage.lastElementChild.querySelector('img');
    if (img) img.alt = description;
  }

  /** Takes everything off the screen at once. */
  clear() {
    clearTimeout(this.tidying);
    this.keep(0);
  }

  /**
   * Removes all frames but the newest ones.
   * @param {number} count
   */
  keep(count) {
    while (this.stage.children.length > count) {
      const frame = this.stage.children[0];
      frame.querySelectorAll('img').forEach(release);
      frame.querySelectorAll('canvas').forEach(wipe);
      this.stage.removeChild(frame);
    }
  }

  /** @param {ParentNode} within */
  fitAll(within = this.stage) {
    const screen = { width: innerWidth, height: innerHeight };
    within.querySelectorAll('img').forEach((img) => {
      const size = fit({ width: img.naturalWidth, height: img.naturalHeight }, screen);
      img.style.width = size.width + 'px';
      img.style.height = size.height + 'px';
    });
  }
}
