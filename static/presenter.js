// From a plan to the stage: loads the pictures of its photos, all of them or none, and shows them.
import { now } from './clock.js';
import { choose, isSmall, load, release } from './image.js';
import { boxes } from './layout.js';
import { clean } from './photo.js';
import { askSizes } from './sizes.js';
import { Smooth } from './smooth.js';

/** @typedef {import('./deck.js').Plan} Plan */

/** Pictures that are still on their way after so long never come: a browser has lost them. */
const STUCK = 60000;
/** Pictures alive at once, at most. */
const MOST = 6;
/** As long as the crossfade in wall.css. */
const FADE = 1300;

export class Presenter {
  /**
   * @param {{deck: any, stage: any, settings: any, link: string, isAsked: boolean}} with isAsked: the server can be asked
   *   for larger sizes
   * @param {(isNew: boolean) => void} onShown
   * @param {() => void} onFree called when the next plan may be presented
   */
  constructor({ deck, stage, settings, link, isAsked }, onShown, onFree) {
    this.deck = deck;
    this.stage = stage;
    this.settings = settings;
    this.link = link;
    this.isAsked = isAsked;
    this.onShown = onShown;
    this.onFree = onFree;
    this.smooth = new Smooth();
    /** Grows with each plan, so that one that was given up is not shown after all. */
    this.turn = 0;
    /** @type {number | null} since when something is on its way */
    this.since = null;
    /** When something was put on show last. */
    this.shownAt = -Infinity;
    /** Whether the last pictures could not be loaded. */
    this.isVain = false;
  }

  /** @param {number} at milliseconds */
  isBusy(at) {
    return this.since !== null && at - this.since < STUCK;
  }

  /**
   * @param {Promise<any>} errand nothing is to be presented before it has ended
   */
  wait(errand) {
    this.turn += 1;
    const turn = this.turn;
    this.since = now();
    const done = () => {
      if (this.turn === turn) this.since = null;
    };
    errand.then(done, done);
  }

  /** Whatever is on its way is not to be shown any more. */
  giveUp() {
    this.turn += 1;
    this.since = null;
  }

  /**
   * @param {Plan | null} plan
   * @param {number} at milliseconds
   */
  present(plan, at) {
    if (plan === null) return;
    this.turn += 1;
    const turn = this.turn;
    this.since = at;
    this.stage.tidy();
    this.put(plan, turn)
      .catch((error) => console.warn('wall: cannot show', error))
      .then(() => {
        if (this.turn !== turn) return;
        this.since = null;
        this.onFree();
      });
  }

  /**
   * @param {Plan} plan
   * @param {number} turn
   */
  async put(plan, turn) {
    const places = boxes(plan.layout, this.stage.screen());
    const isChange = plan.layout === 'mosaic' && this.stage.isMosaic();
    const before = this.stage.inPlace();
    const wanted = plan.ids.map((_, i) => i).filter((i) => !isChange || plan.ids[i] !== before[i]);
    // Never are more than six pictures alive: where more would be, a mosaic changes tile by tile.
    const isTight = this.stage.count() + wanted.length > MOST;
    const batches = isChange && isTight ? wanted.map((i) => [i]) : [wanted];
    for (const batch of batches) {
      const pictures = await Promise.all(batch.map((i) => this.fetch(plan.ids[i], places[i])));
      const isCurrent = this.turn === turn && plan.ids.every((id) => this.deck.get(id) !== undefined);
      if (!isCurrent || !pictures.every(Boolean)) {
        pictures.forEach((img) => img && release(img));
        return;
      }
      const isCut = this.isStill() || document.hidden || this.smooth.isWeak(now());
      document.body.dataset.calm = isCut ? 'yes' : 'no';
      if (isChange) batch.forEach((i, n) => this.stage.swap(i, plan.ids[i], pictures[n], isCut));
      else this.stage.show(plan, pictures, isCut);
      if (!isCut) this.smooth.watch(FADE);
      this.shownAt = now();
      this.isVain = false;
      // Of a mosaic that changes tile by tile, each step is what is on show, since there may be no next one.
      const isStep = batches.length > 1;
      this.deck.shown(isStep ? Object.assign({}, plan, { ids: this.stage.inPlace(), swap: batch[0] }) : plan, this.shownAt);
      this.onShown(true);
    }
  }

  /** Whether nothing is to move: somebody said so here, or in the settings of the device. */
  isStill() {
    const { transition, motion } = this.settings;
    if (transition === 'cut' || motion === 'less') return true;
    return motion === 'auto' && matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  /**
   * @param {string} id
   * @param {{width: number, height: number}} box
   * @returns {Promise<HTMLImageElement | null>} null when no picture of it can be loaded; the deck knows then
   */
  fetch(id, box) {
    const card = this.deck.get(id);
    if (card === undefined) return Promise.resolve(null); // It was hidden while others were on their way.
    const place = { width: box.width, height: box.height, ratio: devicePixelRatio || 1 };
    return this.enlarge(card.photo, place)
      .then((images) => load(choose(images, place)))
      .catch(() => {
        this.isVain = true;
        this.deck.broken(id, now());
        return null;
      });
  }

  /**
   * @param {any} photo
   * @param {import('./image.js').Screen} place
   * @returns {Promise<any[]>} its images, with larger ones where the place needs them and the server can say
   */
  enlarge(photo, place) {
    if (!this.isAsked || !isSmall(photo.images, place)) return Promise.resolve(photo.images);
    return askSizes(this.link, photo.id).then((images) => {
      const asked = clean({ id: photo.id, images });
      const largest = photo.images[photo.images.length - 1];
      const larger = asked === null ? [] : asked.images.filter((image) => Number(image.width) > Number(largest.width));
      return photo.images.concat(larger);
    });
  }
}
