// Whether the server answers, asked without leaving the page. XMLHttpRequest, since a fetch of older browsers cannot be
// given up: into a network that swallows everything, hundreds of them would pile up.

/** An answer that takes longer is none. */
const PATIENCE = 5000;

/**
 * @typedef {{status: number, text: string}} Answer status 0 when nobody answered
 * @param {string} path
 * @param {'GET' | 'HEAD'} method
 * @returns {Promise<Answer>}
 */
export function probe(path, method) {
  return new Promise((resolve) => {
    const nobody = () => resolve({ status: 0, text: '' });
    const request = new XMLHttpRequest();
    request.timeout = PATIENCE;
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = nobody;
    request.ontimeout = nobody;
    try {
      request.open(method, path);
      request.setRequestHeader('Cache-Control', 'no-cache');
      request.send();
    } catch (error) {
      nobody();
    }
  });
}

/**
 * Whether a server stands behind this answer: a proxy says 502 to 504 in place of one that does not.
 * @param {Answer} answer
 */
export const isThere = ({ status }) => status > 0 && status < 500;

/**
 * Whether the page is one of ours. In a guest network that wants a click, any address is answered with another page.
 * @param {Answer} answer
 */
export const isOurs = ({ text }) => text.indexOf('flickr-conduit') >= 0;
