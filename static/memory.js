// What a screen remembers by itself: its name, and what was hidden on it. A browser may refuse to keep anything.

/**
 * @param {'localStorage' | 'sessionStorage'} kind the latter ends with the tab and survives a reload
 * @param {string} key
 * @param {any} otherwise what it is when nothing is kept
 */
export function recall(kind, key, otherwise) {
  try {
    const text = /** @type {any} */ (window)[kind].getItem(key);
    return text === null ? otherwise : JSON.parse(text);
  } catch (error) {
    return otherwise;
  }
}

/**
 * @param {'localStorage' | 'sessionStorage'} kind
 * @param {string} key
 * @param {any} value
 */
export function keep(kind, key, value) {
  try {
    /** @type {any} */ (window)[kind].setItem(key, JSON.stringify(value));
  } catch (error) {
    // Nothing is kept, then: it holds until the page is closed.
  }
}
