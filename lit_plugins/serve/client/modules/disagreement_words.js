// The results of the disagreement module: a summary, the coloured text, and a table with one row
// per word.

import { css, html, nothing } from '../module.js';
import { colouredParts, scoreAt } from '../explaining/coloured_text.js';
import {
  decimalsOf, deltaOf, evaluationsOf, missingOf, nameOf, ROUNDING, scoreOf, signed, UNKNOWN,
  valueOf,
} from '../explaining/number_format.js';
import { scoreBar, scoreTableStyles } from '../explaining/score_bars.js';

/** @import { Explanation } from '../explaining/explanation.d.ts' */

/**
 * The results for one text.
 *
 * @typedef {object} Result
 * @property {string[]} models the first model, and the model subtracted from it.
 * @property {number[]} probabilities each model's probability of the class.
 * @property {Explanation} difference the explanation of the difference.
 * @property {Explanation[] | null} own each model's own explanation; null until they have arrived.
 */

// Limits of the words in the summary.
const NAMED_WORDS = 3; // the most words
const NAMED_SHARE = 0.1; // the least score, relative to the largest

export const wordStyles = [
  scoreTableStyles,
  css`
    .text span { border-radius: 2px; }
    .scores .unit { color: var(--lit-neutral-700); }
  `,
];

/**
 * Says by how much the models differ, and on which words most.
 *
 * @param {Result} result
 */
export function summary({ models: [first, second], probabilities, difference }) {
  const { output, scores, target_label: label, unit, words } = difference;
  const decimals = 3;
  const [one, other] = probabilities.map((probability) => valueOf(probability, decimals));
  const gap = valueOf(Math.abs(output), decimals);
  const where = unit === 'logit' ? `the logit of ${label}` : label;
  const sentence =
    `They differ by ${gap} on ${where}: ${first} gives it ${one}, ${second} ${other}.`;
  const most = Math.max(0, ...scores.map(Math.abs));
  const named = orderOf(scores, true)
    .slice(0, NAMED_WORDS)
    .filter((index) => Math.abs(scores[index]) > Math.max(NAMED_SHARE * most, ROUNDING))
    .map(
      (index, place) => html`${place > 0 ? ', ' : ''}“<bdi>${words[index]}</bdi>”
        (${signed(scores[index], decimals)})`,
    );
  return named.length > 0 ? html`${sentence} Largest differences: ${named}.` : sentence;
}

/**
 * Renders the text. The background of each word shows the difference.
 *
 * @param {Explanation} difference
 */
export function colouredText(difference) {
  const parts = colouredParts(difference, (text, score, style) =>
    html`<span title=${signed(score)} style=${style}>${text}</span>`,
  );
  // White space is preserved, so the template must have none around the parts.
  return html`<div class="text" dir="auto" tabindex="0" role="region"
    aria-label="Text, coloured by difference">${parts}</div>`;
}

/**
 * Renders a table with one row per word: each model's score, and the difference.
 *
 * @param {Result} result
 * @param {boolean} bySize whether the words with the largest differences come first.
 */
export function wordTable({ models, difference, own }, bySize) {
  const { scores, error, offsets, words } = difference;
  const most = Math.max(0, ...scores.map(Math.abs));
  const decimals = decimalsOf([...scores, ...(own ?? []).flatMap((ofModel) => ofModel.scores)]);
  const columns = models.map((_, index) => own?.[index]);
  const unit = nameOf({ ...difference, compared: [] });
  return html`<table class="scores">
    <thead><tr>
      <th scope="col">Word</th>
      ${models.map((model, index) => html`<th scope="col">${model}
        <span class="unit">${columns[index] ? nameOf(columns[index]) : unit}</span></th>`)}
      <th scope="col">Difference <span class="unit">${unit}</span></th>
      <th scope="col" class="bar"><span class="only-read-out">as a bar</span></th>
    </tr></thead>
    <tbody>
      ${wholeRow('Output', ({ output }) => valueOf(output))}
      ${wholeRow('Base value', ({ base_value: base }) => (base === null ? UNKNOWN : valueOf(base)))}
      ${[difference, ...columns].some((column) => Math.abs(column?.delta ?? 0) > ROUNDING)
        ? wholeRow('Unexplained', ({ delta }) => (delta === null ? UNKNOWN : deltaOf(delta)))
        : nothing}
      ${orderOf(scores, bySize).map((index) => html`<tr>
        <th scope="row" dir="auto">${words[index]}</th>
        ${columns.map(
          (column) => html`<td>${column ? written(scoreAt(column, offsets[index])) : '…'}</td>`,
        )}
        <td>${written({ value: scores[index], error: error?.[index] ?? 0 })}</td>
        <td class="bar">${scoreBar(scores[index], most)}</td>
      </tr>`)}
    </tbody>
  </table>`;

  /** @param {{ value: number, error: number } | null} score */
  function written(score) {
    return score === null ? UNKNOWN : scoreOf(score.value, score.error, decimals);
  }

  /** @param {string} name @param {(explanation: Explanation) => string} figure */
  function wholeRow(name, figure) {
    return html`<tr class="whole">
      <th scope="row">${name}</th>
      ${columns.map((column) => html`<td>${column ? figure(column) : '…'}</td>`)}
      <td>${figure(difference)}</td>
      <td class="bar"></td>
    </tr>`;
  }
}

/**
 * Lists the methods behind the numbers, their cost, their errors and their notes.
 *
 * @param {Result} result
 */
export function footnote({ models, difference, own }) {
  const said = [`Difference: ${nameOf(difference)}, ${sampling(difference)}.`];
  for (const [index, explanation] of (own ?? []).entries()) {
    said.push(`${models[index]}: ${explanation.title}, ${sampling(explanation)}.`);
    if (explanation.note) said.push(explanation.note);
  }
  if ([difference, ...(own ?? [])].some(({ truncated }) => truncated)) {
    said.push('The text is longer than a model reads; its last words count as 0.');
  }
  return said.join(' ');
}

/** @param {Explanation} explanation */
function sampling(explanation) {
  const said = [evaluationsOf(explanation.evaluations)];
  const largest = Math.max(0, ...(explanation.error ?? []));
  if (largest > 0) said.push(`standard error up to ${largest.toPrecision(2)}`);
  if (explanation.missing !== null) said.push(missingOf(explanation));
  return said.join(', ');
}

/**
 * Returns the indices of the words, in the order of the text or with the largest scores first.
 *
 * @param {number[]} scores
 * @param {boolean} bySize
 */
function orderOf(scores, bySize) {
  const order = scores.map((_, index) => index);
  if (bySize) order.sort((one, other) => Math.abs(scores[other]) - Math.abs(scores[one]));
  return order;
}
