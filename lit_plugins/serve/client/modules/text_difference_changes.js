// The changes from one text to another: words, predictions and attributions.

import { css, html, nothing } from '../module.js';
import {
  decimalsOf, evaluationsOf, missingOf, nameOf, ROUNDING, scoreOf, signed, UNKNOWN, valueOf,
} from '../explaining/number_format.js';
import { largest } from '../explaining/predictions.js';
import { scoreBar, scoreTableStyles } from '../explaining/score_bars.js';

/** @import { Explanation } from '../explaining/explanation.d.ts' */
/** @import { Part, Row } from './text_difference_words.js' */

/**
 * @typedef {object} Answer one model's results for both texts.
 * @property {string} model
 * @property {string[]} labels the labels of the classes.
 * @property {number[]} before the probabilities of the classes for the old text.
 * @property {number[]} after the same for the new text.
 * @property {Explained | null} explained null until the explanations arrive, and if the model lacks
 *   the class.
 * @property {string} missing the chosen class if the model lacks it, or ''.
 */

/**
 * @typedef {object} Explained one model's explanations of both texts, for one class.
 * @property {Explanation} before
 * @property {Explanation} after
 * @property {Row[]} rows the words of both texts.
 */

const NAMED_EDITS = 3; // the most edits in the summary

export const changeStyles = [
  scoreTableStyles,
  css`
    del {
      padding: 0 2px; border-radius: 2px; background: var(--lit-neutral-200);
      color: var(--lit-neutral-800); text-decoration: line-through;
    }
    ins {
      padding: 0 2px; border-radius: 2px; background: var(--lit-bric-100); font-weight: bold;
      color: var(--lit-neutral-900); text-decoration: underline; text-underline-offset: 2px;
    }
    del + ins { margin-inline-start: 3px; }
    .text .only-read-out { user-select: none; }
    .models { display: flex; flex-wrap: wrap; gap: 0 16px; }
    .models > section { flex: 1 1 320px; min-width: 0; max-width: 960px; }
    h3 { margin: 0; padding: 6px 8px 2px; font-size: 12px; font-weight: 500; }
    .scores .heading th {
      padding-top: 6px; color: var(--lit-neutral-700); border-bottom-color: var(--lit-neutral-400);
    }
    .flips { color: var(--lit-bric-700); font-weight: bold; }
    .predicted {
      margin-right: 4px; padding: 0 3px; border-radius: 2px; font-size: 10px;
      background: var(--lit-neutral-700); color: white;
    }
  `,
];

/**
 * Says how the text changed, and how each model's prediction changed. Words are isolated, so that
 * those that are read from right to left do not turn the sentence.
 *
 * @param {Part[]} parts
 * @param {Answer[]} answers
 */
export function summary(parts, answers) {
  const edits = parts.filter(({ kind }) => kind !== 'equal');
  const more = edits.length - NAMED_EDITS;
  const named = edits
    .slice(0, NAMED_EDITS)
    .map((part, index) => html`${index > 0 ? ', ' : ''}${describe(part)}`);
  const effects = answers.map((answer) => `${answer.model} ${effect(answer)}`).join('; ');
  return html`${edits.length > 0 ? named : 'The words are the same'}${more > 0
    ? `, and ${more} more`
    : ''}. ${effects}.`;
}

/** @param {Part} part */
function describe({ kind, old, new: now }) {
  const [before, after] = [html`“<bdi>${old}</bdi>”`, html`“<bdi>${now}</bdi>”`];
  if (kind === 'delete') return html`${before} left out`;
  return kind === 'insert' ? html`${after} put in` : html`${before} → ${after}`;
}

/** @param {Answer} answer */
function effect({ labels, before, after }) {
  const [old, now] = [largest(before), largest(after)];
  if (old === now) return `stays ${labels[old]} (${valueOf(before[old])} → ${valueOf(after[now])})`;
  const then = `${labels[old]} (${valueOf(before[old])})`;
  return `flips from ${then} to ${labels[now]} (${valueOf(after[now])})`;
}

/**
 * Renders the new text, with removed and added words marked.
 *
 * @param {Part[]} parts
 */
export function markedText(parts) {
  const marked = parts.map(({ kind, old, new: now }) => (kind === 'equal' ? now : marks(old, now)));
  // White space is preserved, so the template must have none around the parts.
  return html`<div class="text" dir="auto" tabindex="0" role="region"
    aria-label="Text with its changes">${marked}</div>`;
}

/**
 * Renders a replacement.
 *
 * @param {string} old the removed words; '' if none.
 * @param {string} now the added words; '' if none.
 */
function marks(old, now) {
  return [
    old
      ? html`<del><span class="only-read-out" dir="ltr">left out: </span>${old}</del>`
      : nothing,
    now
      ? html`<ins><span class="only-read-out" dir="ltr">put in: </span>${now}</ins>`
      : nothing,
    html`<span class="only-read-out">; </span>`,
  ];
}

/**
 * Renders one model's classes and words, before and after.
 *
 * @param {Answer} answer
 * @param {boolean} bySize whether the words with the largest changes come first.
 */
export function changesOf(answer, bySize) {
  const { model, labels, before, after, explained, missing } = answer;
  const [old, now] = [largest(before), largest(after)];
  return html`<section>
    <h3>${model} ${old === now
      ? `stays ${labels[old]}`
      : html`<span class="flips">flips</span> from ${labels[old]} to ${labels[now]}`}</h3>
    <table class="scores">
      <thead><tr>
        <th scope="col">Class</th>
        <th scope="col">Before</th>
        <th scope="col">After</th>
        <th scope="col">Change</th>
        <th class="bar" scope="col"><span class="only-read-out">as a bar</span></th>
      </tr></thead>
      <tbody>${labels.map((label, index) => html`<tr>
        <th scope="row">${label}</th>
        <td>${index === old ? predicted() : nothing}${valueOf(before[index])}</td>
        <td>${index === now ? predicted() : nothing}${valueOf(after[index])}</td>
        <td>${signed(after[index] - before[index])}</td>
        <td class="bar">${scoreBar(after[index] - before[index], 1)}</td>
      </tr>`)}</tbody>
      ${explained ? words(explained, bySize) : nothing}
    </table>
    ${explained ? html`<p class="figures">${footnote(explained)}</p>` : nothing}
    ${missing ? html`<p class="figures">${model} has no class ${missing}.</p>` : nothing}
  </section>`;
}

const predicted = () =>
  html`<span class="predicted" role="img" aria-label="predicted" title="predicted">P</span>`;

/**
 * @param {Explained} explained
 * @param {boolean} bySize
 */
function words({ before, after, rows }, bySize) {
  const decimals = decimalsOf([...before.scores, ...after.scores]);
  const most = Math.max(0, ...rows.map(({ change }) => Math.abs(change)));
  const ordered = bySize
    ? rows.toSorted((one, other) => Math.abs(other.change) - Math.abs(one.change))
    : rows;
  const written = (/** @type {number | null} */ score, /** @type {number} */ error) =>
    score === null ? UNKNOWN : scoreOf(score, error, decimals);
  const isUnexplained = [before, after].some(({ delta }) => Math.abs(delta ?? 0) > ROUNDING);
  return html`<tbody>
    <tr class="heading"><th colspan="5" scope="rowgroup">Words, in ${nameOf(before)}</th></tr>
    ${before.unit === 'logit' ? whole(nameOf(before), before.output, after.output) : nothing}
    ${whole('Base value', before.base_value, after.base_value)}
    ${isUnexplained ? whole('Unexplained', before.delta, after.delta) : nothing}
    ${ordered.map((row) => html`<tr>
      <th scope="row" dir="auto">${row.kind === 'equal' ? row.new : marks(row.old, row.new)}</th>
      <td>${written(row.before, row.errorBefore)}</td>
      <td>${written(row.after, row.errorAfter)}</td>
      <td>${signed(row.change, decimals)}</td>
      <td class="bar">${scoreBar(row.change, most)}</td>
    </tr>`)}
  </tbody>`;
}

/** @param {string} name @param {number | null} before @param {number | null} after */
function whole(name, before, after) {
  const known = before !== null && after !== null;
  return html`<tr class="whole">
    <th scope="row">${name}</th>
    <td>${before === null ? UNKNOWN : valueOf(before)}</td>
    <td>${after === null ? UNKNOWN : valueOf(after)}</td>
    <td>${known ? signed(after - before) : UNKNOWN}</td>
    <td class="bar"></td>
  </tr>`;
}

/** @param {Explained} explained */
function footnote({ before, after }) {
  const runs = [before, after].map(({ evaluations }) => evaluationsOf(evaluations));
  const said = [`${before.title}: ${runs[0]} before, ${runs[1]} after.`];
  const error = Math.max(0, ...(before.error ?? []), ...(after.error ?? []));
  if (error > 0) said.push(`Standard errors are up to ${error.toPrecision(2)}.`);
  if (before.missing !== null) said.push(`The ${missingOf(before)}.`);
  if (before.truncated || after.truncated) {
    said.push('A text is longer than the model reads; its last words count as 0.');
  }
  return [...said, ...new Set([before.note, after.note].filter(Boolean))].join(' ');
}
