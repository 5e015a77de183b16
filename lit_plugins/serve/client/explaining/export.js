// A picture or data as a file, and as what the clipboard holds.

const SHARPNESS = 2;
const LARGEST_SIDE = 16_000; // of what browsers can draw

/** @type {Record<string, string>} */
const TYPES = { SVG: 'image/svg+xml', PNG: 'image/png', JSON: 'application/json' };

/** The formats that there are. */
export const FORMATS = Object.keys(TYPES);

/** Whether the page may write to the clipboard: not if it came over plain HTTP from elsewhere. */
export const canCopy = () => navigator.clipboard?.writeText !== undefined;

/**
 * What a file of some format holds.
 *
 * @param {string} format
 * @param {SVGElement} picture
 * @param {unknown} data
 * @returns {Promise<Blob>}
 * @throws {Error} the picture is too large for a PNG.
 */
export async function contentOf(format, picture, data) {
  if (format === 'PNG') return paint(picture);
  const text = format === 'SVG' ? writtenOf(picture) : JSON.stringify(data, null, 2);
  return new Blob([text], { type: TYPES[format] });
}

/**
 * Saves a file as browsers do, under a name.
 *
 * @param {Blob} content
 * @param {string} name
 */
export function save(content, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name.replaceAll(/[^\w.-]+/g, '_');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

/**
 * Copies to the clipboard: pictures of points as pictures, all else as text.
 *
 * @param {Blob} content
 */
export async function copy(content) {
  if (content.type !== TYPES.PNG) return navigator.clipboard.writeText(await content.text());
  return navigator.clipboard.write([new ClipboardItem({ [content.type]: content })]);
}

/** @param {SVGElement} picture @returns {Promise<Blob>} */
async function paint(picture) {
  const [width, height] = ['width', 'height'].map((name) => Number(picture.getAttribute(name)));
  const scale = Math.min(SHARPNESS, LARGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(scale * width);
  canvas.height = Math.round(scale * height);
  const image = new Image(canvas.width, canvas.height);
  image.src = `data:${TYPES.SVG};charset=utf-8,${encodeURIComponent(writtenOf(picture))}`;
  await image.decode();
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((content) => {
      if (content) resolve(content);
      else reject(new Error('The picture is too large for a PNG; save it as SVG.'));
    }, TYPES.PNG);
  });
}

/** @param {SVGElement} picture */
const writtenOf = (picture) => new XMLSerializer().serializeToString(picture);
