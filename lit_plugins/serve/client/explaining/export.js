// Pictures and data for files and for the clipboard.

const SHARPNESS = 2; // pixels of a PNG for each pixel of the page
const LARGEST_SIDE = 16_000; // pixels that browsers can draw

/** @type {Record<string, string>} */
const TYPES = { SVG: 'image/svg+xml', PNG: 'image/png', JSON: 'application/json' };

/** The names of the formats. */
export const FORMATS = Object.keys(TYPES);

/** Whether the page may use the clipboard; pages over plain HTTP from another machine may not. */
export const canCopy = () => navigator.clipboard?.writeText !== undefined;

/**
 * Makes the content of a file.
 *
 * @param {string} format one of FORMATS.
 * @param {SVGElement} picture the content for SVG and PNG.
 * @param {unknown} data the content for JSON.
 * @returns {Promise<Blob>}
 * @throws {Error} if the picture is too large for a PNG.
 */
export async function contentOf(format, picture, data) {
  if (format === 'PNG') return paint(picture);
  const text = format === 'SVG' ? writtenOf(picture) : JSON.stringify(data, null, 2);
  return new Blob([text], { type: TYPES[format] });
}

/**
 * Downloads a file.
 *
 * @param {Blob} content
 * @param {string} name the file's name; unsafe characters become underscores.
 */
export function save(content, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name.replaceAll(/[^\w.-]+/g, '_');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

/**
 * Copies content to the clipboard: a PNG as a picture, all else as text.
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
