// How much of LIT's full colour a score has, by its unit. Equal scores have equal colours, whatever
// the model and the text.

/**
 * Logits have no bounds: tanh(x / 2) is by how much a logit of x takes two classes from even odds.
 *
 * @type {Record<string, (score: number) => number>}
 */
export const SHARES = { logit: (score) => Math.tanh(score / 2), probability: Number };
