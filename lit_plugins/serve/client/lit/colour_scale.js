// The colour scale of scores. Equal scores have equal colours for every model and text.

/**
 * Functions from a score to its share of LIT's full colour, by the score's unit.
 *
 * A probability is its own share. Logits have no bounds, so a logit x has the share
 * tanh(x / 2) = 2 sigmoid(x) - 1: with two classes, how far it moves the probability from 1/2,
 * relative to the farthest possible.
 *
 * @type {Record<string, (score: number) => number>}
 */
export const SHARES = { logit: (score) => Math.tanh(score / 2), probability: Number };
