// A clock for tests that a page cannot tell from the real one. It runs before any script of the page, in every document.
//
// Page time stands still between steps and never outruns a timer: whoever is called by a timer reads exactly the time
// that the timer was set for, at any rate. Timers that come due run one by one in their order, each in a task of its
// own, so that promises and the network have their turn in between. Frames come sixty times in a page second, however many
// of them the machine presents.
(() => {
  'use strict';
  if (window.warp) return;
  /** Real milliseconds that count at most for one step: what the machine was too busy for does not happen at once. */
  const STEP = 40;
  /** Page milliseconds from frame to frame. */
  const FRAME = 1000 / 60;
  const KEPT = 'warp';

  const real = {
    Date: window.Date,
    now: performance.now.bind(performance),
    setTimeout: window.setTimeout.bind(window),
    clearTimeout: window.clearTimeout.bind(window),
    requestAnimationFrame: window.requestAnimationFrame.bind(window),
    WebSocket: window.WebSocket,
  };

  // --- the time ---

  /** What survives a reload, in the document after. */
  const before = (() => {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT)) || {};
    } catch (error) {
      return {};
    }
  })();
  const began = real.Date.now();
  /** Milliseconds of page time that are over, through all documents: a load takes the time it takes. */
  let at = (before.at || 0) + (before.left ? began - before.left : 0) + real.now();
  const start = at - real.now();
  /** Where the time of day is by now when `at` is 0. */
  let midnight = before.midnight || began - at;
  let rate = 1;
  /** Rate while pictures load or have not been painted; 0: no other than always. */
  let patient = 0;
  let last = real.now();
  /** Page time that may pass but has not yet; and what a jump adds to it. */
  let credit = 0;
  let owed = 0;

  const pace = () => (patient > 0 && rate > patient && isBusy() ? patient : rate);

  const accrue = () => {
    const now = real.now();
    const most = STEP * rate;
    if (credit < most) credit = Math.min(most, credit + (now - last) * pace());
    last = now;
  };

  /** Lets time pass up to now, but to no timer that has not run, and not while one runs. */
  const pass = () => {
    if (running !== null) return at;
    accrue();
    const due = timers.length > 0 ? timers[0].due : Infinity;
    spend(Math.max(0, Math.min(credit + owed, due - at)));
    return at;
  };

  const spend = (ms) => {
    at += ms;
    const jumped = Math.min(owed, ms);
    owed -= jumped;
    credit = Math.max(0, credit - (ms - jumped));
  };

  // --- timers ---

  /** The one that runs. */
  let running = null;
  /** @type {{id: number, due: number, every: number, call: Function, args: any[]}[]} the first due first */
  const timers = [];
  let ids = 1000000;
  const channel = new MessageChannel();
  let isPosted = false;
  let alarm = 0;

  const put = (timer) => {
    let low = 0;
    let high = timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timers[middle].due <= timer.due) low = middle + 1;
      else high = middle;
    }
    timers.splice(low, 0, timer);
    if (low === 0) wake();
  };

  const add = (call, ms, every, args) => {
    const wait = Math.max(every ? 1 : 0, Number(ms) || 0);
    const id = (ids += 1);
    put({ id, due: pass() + wait, every: every ? wait : 0, call, args });
    return id;
  };

  const remove = (id) => {
    const index = timers.findIndex((it) => it.id === id);
    if (index >= 0) timers.splice(index, 1);
    else if (running !== null && running.id === id) running.every = 0;
    else if (id < 1000000) real.clearTimeout(id);
  };

  /** Looks again as soon as the next timer may be due. */
  const wake = () => {
    if (isPosted) return;
    real.clearTimeout(alarm);
    const due = timers.length > 0 ? timers[0].due - at - credit - owed : STEP * rate;
    const wait = owed > 0 || due <= 0 ? 0 : Math.min(STEP, due / Math.max(rate, 0.001));
    if (wait < 4) {
      isPosted = true;
      channel.port2.postMessage(0);
    } else {
      alarm = real.setTimeout(turn, wait);
    }
  };

  const turn = () => {
    isPosted = false;
    accrue();
    const next = timers[0];
    if (next === undefined || next.due > at + credit + owed) {
      spend(Math.min(credit + owed, next === undefined ? Infinity : next.due - at));
      wake();
      return;
    }
    timers.shift();
    if (next.due > at) spend(next.due - at);
    running = next;
    try {
      if (typeof next.call === 'function') next.call.apply(window, next.args);
    } finally {
      running = null;
      // Asleep for an hour, an interval comes once and not for each time it missed.
      if (next.every > 0) {
        next.due = next.due + next.every <= at ? at + next.every : next.due + next.every;
        put(next);
      }
      wake();
    }
  };
  channel.port1.onmessage = turn;

  window.setTimeout = (call, ms, ...args) => add(call, ms, false, args);
  window.setInterval = (call, ms, ...args) => add(call, ms, true, args);
  window.clearTimeout = remove;
  window.clearInterval = remove;
  // A frame is a timer, too, at the next beat of the screen; while nobody sees the page, there are none.
  const frame = (call) => {
    if (document.hidden) document.addEventListener('visibilitychange', () => frames(call), { once: true });
    else call(pass() - start);
  };
  const frames = (call) => {
    const time = pass() - start;
    return add(() => frame(call), FRAME * (Math.floor(time / FRAME + 0.001) + 1) - time, false, []);
  };
  window.requestAnimationFrame = frames;
  window.cancelAnimationFrame = remove;
  performance.now = () => pass() - start;
  const clock = () => midnight + pass();
  window.Date = class Date extends real.Date {
    constructor(...args) {
      if (args.length === 0) super(clock());
      else super(...args);
    }

    static now() {
      return Math.floor(clock());
    }
  };

  // --- requests: a time-out is a page's own, too ---

  const { send } = XMLHttpRequest.prototype;
  Object.defineProperty(XMLHttpRequest.prototype, 'timeout', {
    configurable: true,
    get() {
      return this.warpTimeout || 0;
    },
    set(ms) {
      this.warpTimeout = ms;
    },
  });
  XMLHttpRequest.prototype.send = function sent(...args) {
    if (this.warpTimeout > 0) {
      const patience = setTimeout(() => {
        this.abort();
        this.dispatchEvent(new ProgressEvent('timeout'));
      }, this.warpTimeout);
      this.addEventListener('loadend', () => clearTimeout(patience), { once: true });
    }
    send.apply(this, args);
  };

  // --- pictures that hold memory: whose address is set and was not let go, in the document or not ---

  const alive = new Set();
  const loading = new Set();
  let peak = 0;
  const track = (img, hasAddress) => {
    if (!hasAddress) {
      alive.delete(img);
      loading.delete(img);
      return;
    }
    alive.add(img);
    peak = Math.max(peak, alive.size);
    loading.add(img);
    const end = () => loading.delete(img);
    img.addEventListener('load', end, { once: true });
    img.addEventListener('error', end, { once: true });
  };
  const src = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src');
  Object.defineProperty(HTMLImageElement.prototype, 'src', Object.assign({}, src, {
    set(value) {
      track(this, String(value) !== '');
      src.set.call(this, value);
    },
  }));
  HTMLImageElement.prototype.setAttribute = function setAttribute(name, value) {
    if (/^src(set)?$/i.test(name)) track(this, String(value) !== '');
    Element.prototype.setAttribute.call(this, name, value);
  };
  HTMLImageElement.prototype.removeAttribute = function removeAttribute(name) {
    if (/^src(set)?$/i.test(name)) track(this, false);
    Element.prototype.removeAttribute.call(this, name);
  };
  for (const [prototype, name] of [[Node.prototype, 'cloneNode'], [Document.prototype, 'importNode']]) {
    const copy = prototype[name];
    prototype[name] = function copied(...args) {
      const made = copy.apply(this, args);
      const all = made.querySelectorAll ? Array.from(made.querySelectorAll('img[src]')) : [];
      if (made.matches && made.matches('img[src]')) all.push(made);
      all.forEach((img) => track(img, true));
      return made;
    };
  }

  // --- what happened, for the test to fetch; bounded, and empty once fetched ---

  const notes = [];
  const note = (kind, value) => {
    if (notes.length < 5000) notes.push([kind, Math.round(pass()), String(value).slice(0, 300)]);
  };
  addEventListener('error', (event) => note('error', event.message || 'a resource'));
  addEventListener('unhandledrejection', (event) => note('error', event.reason));
  addEventListener('freeze', () => note('lifecycle', 'freeze'), true);
  addEventListener('resume', () => note('lifecycle', 'resume'), true);

  /** Photos on show that no frame has presented yet. */
  let unpainted = 0;
  const isBusy = () => loading.size > 0 || unpainted > 0;
  /** A frame that is presented after this has the photo in it. */
  const painted = (ids) => {
    unpainted += 1;
    real.requestAnimationFrame(() => {
      const channel = new MessageChannel(); // The task after the frame.
      channel.port1.onmessage = () => {
        unpainted -= 1;
        const isWhole = (img) => img.complete && img.naturalWidth > 0 && img.clientWidth > 0;
        const isThere = Array.from(document.querySelectorAll('#stage img')).some(isWhole);
        if (isThere && document.body.dataset.photo === ids) note('painted', ids);
      };
      channel.port2.postMessage(0);
    });
  };
  const body = new MutationObserver((changes) => {
    for (const { target, attributeName, oldValue } of changes) {
      const value = target.getAttribute(attributeName);
      if (value === oldValue) continue;
      note(attributeName.slice(5), value === null ? '' : value);
      if (attributeName === 'data-photo' && value !== null && !document.hidden) painted(value);
    }
  });
  // Of the body alone: an observer of all that is in it would hold on to what is taken out.
  const head = new MutationObserver(() => {
    if (document.body === null) return;
    head.disconnect();
    const attributeFilter = ['data-photo', 'data-connection', 'data-layout', 'data-transport'];
    body.observe(document.body, { attributeOldValue: true, attributeFilter });
  });
  head.observe(document, { childList: true, subtree: true });

  addEventListener('pagehide', () => {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ at: pass(), left: real.Date.now(), midnight }));
    } catch (error) {
      // A page that is nowhere has no storage, and nothing to keep.
    }
  });

  // --- for the test ---

  window.warp = {
    /** Another for each document. */
    document: began + '-' + Math.random().toString(36).slice(2),
    /** So many page milliseconds a real one; `slow`: while pictures load or wait to be painted. */
    run(speed, slow) {
      pass();
      rate = speed;
      patient = slow || 0;
      wake();
    },
    /** Time passes as fast as it can, and every timer runs at its own. */
    jump(ms) {
      owed += ms;
      wake();
    },
    /** Time has passed while nothing ran. */
    sleep(ms) {
      at += ms;
    },
    /** The time of day is corrected, and no time passes. */
    correct(ms) {
      midnight += ms;
    },
    now: () => pass(),
    get owed() {
      return owed;
    },
    pictures() {
      document.querySelectorAll('img[src]').forEach((img) => alive.add(img));
      peak = Math.max(peak, alive.size);
      return { alive: alive.size, peak, loading: loading.size };
    },
    notes: () => notes.splice(0),
    /** Chromium makes a page whose sockets keep failing wait for seconds of real time, which here would be minutes: a few
     *  that succeed make up for it. */
    appease(address, count) {
      for (let i = 0; i < count; i += 1) {
        const socket = new real.WebSocket(address);
        socket.onopen = () => socket.close();
      }
    },
    timeout: real.setTimeout,
    realNow: real.now,
    frame: real.requestAnimationFrame,
  };
  wake();
})();
