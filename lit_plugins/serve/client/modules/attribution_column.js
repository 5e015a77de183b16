// One column of the attribution chart: its heading with figures, its bars, and the same numbers as
// a table for screen readers.

import { figureOf, INDENT, LEFT, ROW, topOf } from '../explaining/bars.js';
import { chartOf, marginOf, sizeOf } from '../explaining/chart.js';
import {
  deltaOf, errorOf, evaluationsOf, missingOf, nameOf, optionsText, signed, valueOf,
} from '../explaining/number_format.js';
import { shape } from '../explaining/shapes.js';
import { keepInView } from '../keyboard.js';
import { css, html, nothing } from '../module.js';

/** @import { Chart } from '../explaining/chart.js' */
/** @import { Explanation, Request } from '../explaining/explanation.d.ts' */
/** @import { MethodForm } from '../explaining/method_form.js' */
/** @import { Pair } from '../explaining/pairs.js' */
/** @import { Row } from '../explaining/waterfall.js' */
/** @import { Input } from '../lit/types.d.ts' */

/**
 * A column, with or without its explanation.
 *
 * @typedef {object} Column
 * @property {MethodForm} form the form that chooses the method.
 * @property {string} model
 * @property {Input} input
 * @property {'selected' | 'pinned'} which which of the two texts the input is.
 * @property {boolean} isCompared whether the other text has columns, too.
 * @property {Request} request
 * @property {string} key a string that changes with everything the explanation depends on.
 * @property {Explanation | null} explanation null until the response arrives.
 * @property {boolean} isCurrent whether explanation and problem belong to this request.
 * @property {string} problem why there is no explanation, or "".
 */

/**
 * A column that has an explanation, ready to be drawn.
 *
 * @typedef {Chart & { column: Column, explanation: Explanation }} Drawn
 */

export const columnStyles = css`
  .columns {
    display: grid; grid-auto-flow: column; grid-template-rows: auto 1fr;
    grid-auto-columns: var(--column); justify-content: start; gap: 0 16px; padding: 0 8px 8px;
  }
  .column { display: contents; }
  .heading {
    padding: 4px; border-top: 1px solid var(--lit-neutral-300); font-size: 11px; line-height: 15px;
    color: var(--lit-neutral-700); overflow-wrap: anywhere;
  }
  .heading p { margin: 0; }
  .heading .who {
    font-size: 13px; line-height: 18px; font-weight: 500; color: var(--lit-neutral-900);
  }
  .heading .figures { font-size: 12px; color: var(--lit-neutral-900); }
  .heading .problem { padding: 4px 0; font-size: 12px; }
  .bars { position: relative; }
  .bars svg { display: block; }
  .bars .row:hover > .band { fill: var(--lit-neutral-100); }
  .bars .pair:hover > .arc { stroke-width: 5; stroke-opacity: 1; }
  .outdated { opacity: 0.4; }
  button.fold {
    position: absolute; height: ${ROW}px; max-height: none; margin: 0; padding: 0; border: none;
    border-radius: 0; background: transparent;
  }
  button.fold:hover { background: rgb(0 0 0 / 6%); }
`;

/**
 * Returns the lines of a column's heading: its model, text and method; its figures; and remarks.
 *
 * @param {Column} column
 */
export function headingOf({ model, which, isCompared, request, explanation }) {
  const title = explanation?.title ?? request.title;
  const who = [model, ...(isCompared ? [which] : []), title].join(' · ');
  if (explanation === null) return [who];
  const { output, base_value: base, delta, evaluations, options } = explanation;
  const figures = [`${nameOf(explanation)} ${valueOf(output)}`];
  if (base !== null) figures.push(`base value ${valueOf(base)}`);
  if (delta !== null) figures.push(`delta ${deltaOf(delta)}`);
  figures.push(evaluationsOf(evaluations));
  if (explanation.missing !== null) figures.push(missingOf(explanation));
  const { truncated, converged, note } = explanation;
  return [
    who,
    figures.join(', '),
    optionsText(options),
    truncated ? 'The text is longer than the model reads; its last words count as 0.' : '',
    converged ? '' : 'The method has not reached its tolerance.',
    note,
  ].filter((text) => text !== '');
}

/**
 * Renders a column.
 *
 * @param {Column} column
 * @param {Drawn | undefined} drawn the column ready to be drawn; undefined without an explanation.
 * @param {(key: string, open: boolean) => void} fold folds or unfolds a phrase.
 */
export function renderColumn(column, drawn, fold) {
  const [who, ...lines] = headingOf(column);
  const { problem, isCurrent } = column;
  const state = isCurrent ? '' : 'outdated';
  return html`<section class="column" role="group" aria-label=${who}
    aria-busy=${String(!isCurrent)}>
    <div class="heading ${state}">
      <p class="who">${who}</p>
      ${lines.map(
        (text, index) => html`<p class=${index === 0 ? 'figures' : 'remark'}>${text}</p>`,
      )}
      ${problem ? html`<p class="problem">${problem}</p>` : nothing}
    </div>
    <div class="bars ${state}">${drawn ? renderBars(drawn, fold) : nothing}</div>
  </section>`;
}

/** @param {Drawn} drawn @param {(key: string, open: boolean) => void} fold */
function renderBars(drawn, fold) {
  const { column, explanation, rows, pairs, measures } = drawn;
  const { decimals } = measures;
  const picture = shape(
    'svg',
    { role: 'img', 'aria-label': summaryOf(column, explanation, pairs), ...sizeOf(drawn) },
    chartOf(drawn),
  );
  const phrases = rows.flatMap((row, index) => (row.kind === 'phrase' ? [{ row, index }] : []));
  return html`${picture}
    ${phrases.length === 0
      ? nothing
      : html`<div role="group" aria-label="Phrases" @keydown=${move}>
          ${phrases.map(({ row, index }, order) => renderFold(row, index, order, drawn, fold))}
        </div>`}
    ${renderTable(rows, decimals)}
    ${pairs === null ? nothing : renderPairs(pairs, decimals)}`;
}

/**
 * Renders the button that covers the words of a phrase and folds or unfolds it.
 *
 * @param {Row} row
 * @param {number} index the row's index.
 * @param {number} order the phrase's index among the phrases; the first phrase is the tab stop.
 * @param {Drawn} drawn
 * @param {(key: string, open: boolean) => void} fold
 */
function renderFold({ key = '', label, score, open, depth }, index, order, drawn, fold) {
  const { measures, withArcs } = drawn;
  const inset = LEFT + depth * INDENT;
  const left = marginOf(withArcs) + inset;
  return html`<button class="fold" aria-expanded=${String(open)} tabindex=${order === 0 ? 0 : -1}
    aria-label="${label}: ${signed(score, measures.decimals)}"
    style="left: ${left}px; top: ${topOf(index)}px; width: ${measures.labelled - inset}px"
    @click=${() => fold(key, !open)}></button>`;
}

/** @param {Column} column @param {Explanation} explanation @param {Pair[] | null} pairs */
function summaryOf({ model, which, isCompared }, explanation, pairs) {
  const { title, words, scores, output, base_value: base } = explanation;
  const largest = [...words.keys()]
    .sort((a, b) => Math.abs(scores[b]) - Math.abs(scores[a]))
    .slice(0, 3)
    .map((index) => `${words[index]} ${signed(scores[index])}`);
  const from = base === null ? '' : ` from base value ${valueOf(base)} to`;
  const text = isCompared ? `, ${which} text` : '';
  return (
    `${title}: ${nameOf(explanation)} of ${model}${text},${from} ${valueOf(output)}. ` +
    `Largest: ${largest.join(', ')}.` +
    (pairs?.length ? ` Strongest pair: ${pairs[0].label} ${signed(pairs[0].value)}.` : '')
  );
}

/** @param {Row[]} rows @param {number} decimals */
function renderTable(rows, decimals) {
  const sampled = rows.some(({ error }) => error > 0);
  return html`<div class="only-read-out"><table>
    <thead><tr>
      <th>Word</th><th>Score</th>
      ${sampled ? html`<th>Standard error</th>` : nothing}
      <th>Running total</th>
    </tr></thead>
    <tbody>
      ${rows.map(
        (row) => html`<tr>
          <th>${row.label}</th>
          <td>${figureOf(row, decimals)}</td>
          ${sampled ? html`<td>${errorOf(row.error, decimals)}</td>` : nothing}
          <td>${valueOf(row.end, decimals)}</td>
        </tr>`,
      )}
    </tbody>
  </table></div>`;
}

/** @param {Pair[]} pairs @param {number} decimals */
function renderPairs(pairs, decimals) {
  const sampled = pairs.some(({ error }) => error > 0);
  return html`<div class="only-read-out"><table class="pairs">
    <caption>Words that act together most</caption>
    <thead><tr>
      <th>Words</th><th>Together</th>
      ${sampled ? html`<th>Standard error</th>` : nothing}
    </tr></thead>
    <tbody>
      ${pairs.map(
        ({ label, value, error }) => html`<tr>
          <th>${label}</th>
          <td>${signed(value, decimals)}</td>
          ${sampled ? html`<td>${errorOf(error, decimals)}</td>` : nothing}
        </tr>`,
      )}
    </tbody>
  </table></div>`;
}

/**
 * Handles arrow keys as in a tree: up and down move between phrases, left folds, right unfolds.
 *
 * @param {KeyboardEvent & { target: HTMLElement, currentTarget: HTMLElement }} event
 */
function move(event) {
  const { key, target, currentTarget } = event;
  const buttons = [...currentTarget.querySelectorAll('button')];
  const from = buttons.findIndex((button) => button === target);
  /** @type {Record<string, number>} */
  const steps = { ArrowDown: 1, ArrowUp: -1, Home: -from, End: buttons.length - 1 - from };
  if (key in steps) {
    const to = buttons[Math.max(0, Math.min(from + steps[key], buttons.length - 1))];
    const area = /** @type {HTMLElement} */ (to.closest('.module-results-area'));
    to.focus({ preventScroll: true });
    keepInView(area, to);
  } else if (key === 'ArrowRight' || key === 'ArrowLeft') {
    const isOpen = target.getAttribute('aria-expanded') === 'true';
    if (isOpen === (key === 'ArrowLeft')) target.click();
  } else return;
  event.preventDefault();
}
