// The colours of scores: those of LIT's salience maps, teal for what adds to the class and magenta
// for what takes away from it. Equal scores have equal colours, whatever the model and the text.

import { lit } from '../lit/elements.js';
import { SHARES } from '../lit/colour_scale.js';

/** @import { Explanation } from './explanation.d.ts' */

/** @typedef {Explanation['unit']} Unit */

/** @type {{ bgCmap(share: number): string, textCmap(share: number): string }} */
const scale = new (lit('salience-map-module'))().signedCmap;

/**
 * How much of the full colour a score has, from -1 (magenta) to 1 (teal).
 *
 * @param {number} score
 * @param {Unit} unit
 */
export const shareOf = (score, unit) => Math.max(-1, Math.min(SHARES[unit](score), 1));

/**
 * The colour behind a word of some score.
 *
 * @param {number} score
 * @param {Unit} unit
 */
export const background = (score, unit) => scale.bgCmap(shareOf(score, unit));

/**
 * Black or white, whichever can be read on that background.
 *
 * @param {number} score
 * @param {Unit} unit
 */
export const textOn = (score, unit) => scale.textCmap(shareOf(score, unit));

/**
 * Teal or magenta, dark enough for lines and text on white.
 *
 * @param {number} score
 */
export const hue = (score) => (score < 0 ? '#B7166A' : '#1F6180');
