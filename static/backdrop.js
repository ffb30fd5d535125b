// The blurred copy of a picture that fills the screen behind it. A CSS blur of a large picture is too much for old
// tablets; shrinking it to a few pixels and doubling those softly looks the same and costs nothing once painted.

/** Pixels of the shorter side of the shrunken picture, and at most of the longer … */
const GRAINS = 12;
const MOST = 64;
/** … and how often it is doubled. */
const DOUBLINGS = 4;
/** So many times larger on the way down, that every pixel of a large picture has its share. */
const HALFWAY = 8;

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @param {HTMLCanvasElement} target
 */
function draw(source, width, height, target) {
  target.width = Math.max(1, Math.round(width));
  target.height = Math.max(1, Math.round(height));
  const context = target.getContext('2d');
  if (context === null) return;
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, target.width, target.height);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLImageElement} img loaded
 */
export function paint(canvas, img) {
  const longer = Math.max(img.naturalWidth, img.naturalHeight);
  const shorter = Math.min(img.naturalWidth, img.naturalHeight);
  const unit = Math.min(GRAINS / shorter, MOST / longer);
  const width = img.naturalWidth * unit;
  const height = img.naturalHeight * unit;
  let from = document.createElement('canvas');
  let to = document.createElement('canvas');
  draw(img, width * HALFWAY, height * HALFWAY, from);
  for (let i = 0; i < DOUBLINGS; i += 1) {
    draw(from, width * Math.pow(2, i), height * Math.pow(2, i), to);
    [from, to] = [to, from];
  }
  draw(from, width * Math.pow(2, DOUBLINGS), height * Math.pow(2, DOUBLINGS), canvas);
  wipe(from);
  wipe(to);
}

/**
 * Lets go of a canvas's memory; some browsers keep it long after the canvas is gone.
 * @param {HTMLCanvasElement} canvas
 */
export function wipe(canvas) {
  canvas.width = 0;
  canvas.height = 0;
}
