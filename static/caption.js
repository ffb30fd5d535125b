// The words over the photo: its title in big letters, whose it is, and why it is here. Text is text, never markup.

import { isWeb } from './photo.js';

/** @typedef {import('./photo.js').Photo} Photo */
/** @typedef {import('./cards.js').Card} Card */

/** As long as the caption's fade in wall.css. */
const FADE = 350;
/** Titles up to so many characters stand larger, and from so many on smaller. */
const SHORT = 24;
const LONG = 70;

/**
 * Text without blank ends, or '' for anything else.
 * @param {unknown} text
 */
const words = (text) => (typeof text === 'string' ? text.trim() : '');

/**
 * What the wall says about a photo.
 * @param {Photo} photo
 */
export function describe(photo) {
  const title = words(photo.title);
  const owner = words(photo.owner && photo.owner.name);
  const favedBy = words(photo.faved_by && photo.faved_by.name);
  return { title, owner, favedBy, alt: title || (owner ? 'Photo by ' + owner : 'Photo') };
}

export class Caption {
  /** @param {HTMLAnchorElement} element with #title, #video, #owner and #faved inside */
  constructor(element) {
    this.element = element;
    /** @param {string} id */
    const part = (id) => /** @type {HTMLElement} */ (element.querySelector('#' + id));
    this.title = part('title');
    this.video = part('video');
    this.owner = part('owner');
    this.faved = part('faved');
    this.faver = part('faver');
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.turning = undefined;
    addEventListener('resize', () => this.measure());
  }

  /**
   * Fades the old words out and the new ones in.
   * @param {Card} card
   * @param {() => void} onTurn called when the new words are there
   */
  show(card, onTurn) {
    clearTimeout(this.turning);
    const turn = () => {
      this.element.hidden = false;
      this.write(card.photo); // As it is by then.
      this.element.dataset.state = 'shown';
      onTurn();
    };
    if (this.element.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      turn();
      return;
    }
    this.element.dataset.state = 'leaving';
    this.turning = setTimeout(turn, FADE);
  }

  /** Takes all words off the screen at once. */
  clear() {
    clearTimeout(this.turning);
    this.element.hidden = true;
    this.write({ change: '', updates: [], id: '', images: [] });
  }

  /** @param {Photo} photo */
  write(photo) {
    const { title, owner, favedBy } = describe(photo);
    put(this.title, title);
    put(this.owner, owner);
    put(this.faver, favedBy);
    this.faved.hidden = favedBy === '';
    this.video.hidden = !photo.video;
    this.element.dataset.length = title.length <= SHORT ? 'short' : title.length >= LONG ? 'long' : 'middle';
    this.element.dir = getComputedStyle(title ? this.title : this.owner).direction;
    if (isWeb(photo.page)) this.element.href = String(photo.page);
    else this.element.removeAttribute('href');
    this.measure();
  }

  /** Says whether the title is longer than its three lines: CSS cannot, and cuts such a one more closely. */
  measure() {
    delete this.element.dataset.cut;
    if (this.title.scrollHeight > this.title.clientHeight + 1) this.element.dataset.cut = 'yes';
  }
}

/**
 * Only what differs is touched, so that a screen reader repeats nothing.
 * @param {HTMLElement} element
 * @param {string} text
 */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = text === '';
}
