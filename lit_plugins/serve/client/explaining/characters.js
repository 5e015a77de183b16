// Substrings by Python's offsets. Python counts code points, so that an emoji counts as one;
// JavaScript counts UTF-16 units, of which an emoji has two.

/**
 * Prepares a text for substrings by code points.
 *
 * @param {string} text
 * @returns {(start: number, end?: number) => string} returns the text from `start` up to `end`, or
 *   up to its end.
 */
export function piecesOf(text) {
  const characters = [...text];
  return (start, end) => characters.slice(start, end).join('');
}
