// What the attention module says of tokens, in words.

import { percent } from './attention_data.js';

/** @import { Attention } from './attention.js' */
/** @import { Overview } from './attention_data.js' */

/**
 * How the two directions are called: what a token attends to, and what attends to it.
 *
 * @param {Attention} module
 * @param {number | null} index the token; null for all.
 */
export function wordingOf({ overview, matrix }, index) {
  const name = index === null ? 'tokens, on average,' : `“${overview.labels[index]}”`;
  if (matrix.asked.view === 'rollout') {
    return { to: `${name} consist${index === null ? '' : 's'} of`, from: `contain ${name}` };
  }
  return { to: `${name} attend${index === null ? '' : 's'} to`, from: `attend to ${name}` };
}

/**
 * What is said of a token on hovering: its place, and its own name where another is shown.
 *
 * @param {Overview} overview
 * @param {number} token
 */
export function titleOf({ tokens, labels, reads }, token) {
  const own = tokens[token] === labels[token] ? '' : `, ${tokens[token]} to the tokenizer`;
  const goesOn = labels[token].startsWith('##') ? ', which goes on with the word before it' : '';
  return `token ${token + 1}${goesOn}${own}${token === reads ? '; the classifier reads it' : ''}`;
}

/**
 * What is shown, beyond what the menus say.
 *
 * @param {Attention} module
 */
export function captionOf({ overview, matrix }) {
  const { heads, reads, causal, truncated } = overview;
  const { view, layer } = matrix.asked;
  return [
    view === 'mean' ? `The mean of the layer's ${heads} heads.` : '',
    view === 'rollout' ? `What is in a token after layer ${layer}, by attention alone.` : '',
    reads === null
      ? 'The classifier reads the mean of all tokens.'
      : 'Underlined: the token that the classifier reads.',
    causal ? 'No token attends to a later one.' : '',
    truncated ? 'The text is longer than the model reads: its end is left out.' : '',
  ].join(' ').trim();
}

/**
 * What one token attends to most, and what attends most to it; of all tokens without an index.
 *
 * @param {Attention} module
 * @param {number | null} index
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
