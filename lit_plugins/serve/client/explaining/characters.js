// Pieces of a text by places as Python counts them: in code points, of which an emoji is one, where
// JavaScript counts two.

/**
 * Gives the piece of a text from one place up to another, or up to its end.
 *
 * @param {string} text
 * @returns {(start: number, end?: number) => string}
 */
export function piecesOf(text) {
  const characters = [...text];
  return (start, end) => characters.slice(start, end).join('');
}
