// The QR code of a photo's page: whoever stands before the wall can take the photo home. The server draws it; here it
// becomes part of the page, so that it costs no image.

/**
 * @param {HTMLElement} target
 * @param {string} link of the wall
 * @param {string} page the photo's, or '' for none
 */
export function drawQr(target, link, page) {
  while (target.firstChild) target.removeChild(target.firstChild);
  delete target.dataset.drawn;
  target.dataset.page = page;
  if (page === '') return;
  const request = new XMLHttpRequest();
  request.timeout = 10000;
  request.onload = () => {
    if (request.status !== 200) return;
    const drawn = new DOMParser().parseFromString(request.responseText, 'image/svg+xml').documentElement;
    if (drawn.nodeName !== 'svg' || target.dataset.page !== page || target.firstChild) return;
    target.appendChild(document.importNode(drawn, true));
    target.dataset.drawn = 'yes';
  };
  request.open('GET', '/wall/' + link + '/qr.svg?page=' + encodeURIComponent(page));
  request.send();
}
