// Larger sizes of a photo, for large screens: beyond 1024 pixels Flickr gives each size a secret of its own, which no
// feed tells, so the server asks.

/** An answer that takes longer is not waited for: the server keeps it for the next time. */
const PATIENCE = 500;

/**
 * @param {string} link of the wall
 * @param {string} id of the photo
 * @returns {Promise<any[]>} images, smallest first; none when there are none to be had
 */
export function askSizes(link, id) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.timeout = PATIENCE;
    request.onload = () => {
      try {
        const answer = request.status === 200 ? JSON.parse(request.responseText) : {};
        resolve(Array.isArray(answer.images) ? answer.images : []);
      } catch (error) {
        resolve([]);
      }
    };
    request.onerror = () => resolve([]);
    request.ontimeout = () => resolve([]);
    request.open('GET', '/wall/' + link + '/photos/' + encodeURIComponent(id) + '/sizes');
    request.send();
  });
}
