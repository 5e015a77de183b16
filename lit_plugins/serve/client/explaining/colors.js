// The colours of scores: those of LIT's salience maps, teal for what adds to the class and magenta
// for what takes away from it. Equal scores have equal colours, whatever the model and the text.

import { lit } from '../lit/elements.js';

const { signedCmap: scale } = new (lit('salience-map-module'))();

// Logits have no bounds: tanh(x / 2) is by how much a logit of x takes two classes from even odds.
const SHARES = { logit: (score) => Math.tanh(score / 2), probability: Number };

/** How much of the full colour a score has, from -1 (magenta) to 1 (teal). */
export const shareOf = (score, unit) => Math.max(-1, Math.min(SHARES[unit](score), 1));

/** The colour behind a word of some score. */
export const background = (score, unit) => scale.bgCmap(shareOf(score, unit));

/** Black or white, whichever can be read on that background. */
export const textOn = (score, unit) => scale.textCmap(shareOf(score, unit));

/** Teal or magenta, dark enough for lines and text on white. */
export const hue = (score) => (score < 0 ? '#B7166A' : '#1F6180');
