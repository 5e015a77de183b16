// The colours of scores, as in LIT's salience maps: teal for words that support the class, magenta
// for words that speak against it. Equal scores have equal colours for every model and text.

import { lit } from '../lit/elements.js';
import { SHARES } from '../lit/colour_scale.js';

/** @import { Explanation } from './explanation.d.ts' */

/** @typedef {Explanation['unit']} Unit */

/** @type {{ bgCmap(share: number): string, textCmap(share: number): string }} */
const scale = new (lit('salience-map-module'))().signedCmap;

/**
 * Returns a score's share of the full colour, from -1 (magenta) to 1 (teal).
 *
 * @param {number} score
 * @param {Unit} unit
 */
export const shareOf = (score, unit) => Math.max(-1, Math.min(SHARES[unit](score), 1));

/**
 * Returns the background colour of a word.
 *
 * @param {number} score
 * @param {Unit} unit
 */
export const background = (score, unit) => scale.bgCmap(shareOf(score, unit));

/**
 * Returns black or white, whichever is readable on the word's background colour.
 *
 * @param {number} score
 * @param {Unit} unit
 */
export const textOn = (score, unit) => scale.textCmap(shareOf(score, unit));

/**
 * Returns teal or magenta, dark enough for lines and text on white.
 *
 * @param {number} score
 */
export const hue = (score) => (score < 0 ? '#B7166A' : '#1F6180');
