// The attention module's sentences about tokens.

import { percent } from './attention_data.js';

/** @import { Attention } from './attention.js' */
/** @import { Overview } from './attention_data.js' */

/**
 * Names the two directions of attention: from a token to others (`to`), and from others to the
 * token (`from`).
 *
 * @param {Attention} module
 * @param {number | null} index the token's index; null for all tokens.
 */
export function wordingOf({ overview, matrix }, index) {
  const name = index === null ? 'tokens, on average,' : `“${overview.labels[index]}”`;
  if (matrix.asked.view === 'rollout') {
    return { to: `${name} consist${index === null ? '' : 's'} of`, from: `contain ${name}` };
  }
  return { to: `${name} attend${index === null ? '' : 's'} to`, from: `attend to ${name}` };
}

/**
 * Returns a token's tooltip: its place, and its name in the tokenizer if another is shown.
 *
 * @param {Overview} overview
 * @param {number} token
 */
export function titleOf({ tokens, labels, reads }, token) {
  const name = tokens[token] === labels[token] ? '' : `, ${tokens[token]} to the tokenizer`;
  const continues = labels[token].startsWith('##') ? ', which continues the word before it' : '';
  const read = token === reads ? '; the classifier reads it' : '';
  return `token ${token + 1}${continues}${name}${read}`;
}

/**
 * Describes the shown matrix, beyond what the menus say.
 *
 * @param {Attention} module
 */
export function captionOf({ overview, matrix }) {
  const { heads, reads, causal, truncated } = overview;
  const { view, layer } = matrix.asked;
  return [
    view === 'mean' ? `The mean of the layer's ${heads} heads.` : '',
    view === 'rollout' ? `What each token contains after layer ${layer}, by attention alone.` : '',
    reads === null
      ? 'The classifier reads the mean of all tokens.'
      : 'Underlined: the token that the classifier reads.',
    causal ? 'No token attends to a later one.' : '',
    truncated ? 'The text is longer than the model reads: its end is left out.' : '',
  ].join(' ').trim();
}

/**
 * Lists the tokens that a token attends to most, and the tokens that attend to it most.
 *
 * @param {Attention} module
 * @param {number | null} index the token's index; null for all tokens on average.
 */
export function sentenceOf(module, index) {
  const { overview, matrix, shownTokens } = module;
  /** @param {Float32Array | Float64Array} shares */
  const most = (shares) =>
    [...shownTokens]
      .sort((one, other) => shares[other] - shares[one])
      .slice(0, 3)
      .map((token) => `${overview.labels[token]} ${percent(shares[token])}`)
      .join(', ');
  const said = wordingOf(module, index);
  if (index === null) return `${said.to} ${most(matrix.average)}.`;
  return `${said.to} ${most(matrix.row(index))}; ${said.from}: ${most(matrix.column(index))}.`;
}
