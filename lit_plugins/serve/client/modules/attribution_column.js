// One column of the attribution chart: what is explained, the figures, the bars, and the same numbers
// as a table for those who do not see them.

import { AXIS, barsOf, figureOf, heightOf, INDENT, ROW, shape, top } from '../explaining/bars.js';
import {
  deltaOf, errorOf, evaluationsOf, nameOf, optionsText, scoreOf, valueOf,
} from '../explaining/figures.js';
import { keepInView } from '../keyboard.js';
import { css, html, nothing } from '../module.js';

export const columnStyles = css`
  :host { display: block; height: 100%; }
  .module-toolbar { align-items: flex-start; gap: 2px 12px; padding: 4px; }
  .module-toolbar label { display: inline-flex; align-items: center; gap: 4px; white-space: nowrap; }
  .module-toolbar .dropdown { font: inherit; margin: 0; }
  .module-toolbar .hairline-button { margin: 0; padding: 0 8px; font-size: 12px; }
  .module-toolbar input { margin: 0; }
  .choice, .switches, .export { display: flex; align-items: center; gap: 8px; min-height: 24px; }
  .switches, .export { gap: 12px; }
  .export { margin-left: auto; gap: 6px; }
  .remarks { margin: 0; padding: 0 8px; min-height: 16px; line-height: 16px; font-size: 11px;
    color: var(--lit-neutral-700); }
  .module-results-area { overflow: auto; }
  .columns { display: grid; grid-auto-flow: column; grid-template-rows: auto 1fr;
    grid-auto-columns: var(--column); justify-content: start; gap: 0 16px; padding: 0 8px 8px; }
  .heading { padding: 4px; line-height: 15px; font-size: 11px; color: var(--lit-neutral-700);
    border-top: 1px solid var(--lit-neutral-300); overflow-wrap: anywhere; }
  .heading p { margin: 0; }
  .heading .who { font-size: 13px; line-height: 18px; font-weight: 500;
    color: var(--lit-neutral-900); }
  .heading .figures { font-size: 12px; color: var(--lit-neutral-900); }
  .bars { position: relative; }
  .bars svg { display: block; }
  .row:hover > .band { fill: var(--lit-neutral-100); }
  .outdated { opacity: 0.4; }
  button.fold { position: absolute; margin: 0; padding: 0; border: none; border-radius: 0;
    background: transparent; max-height: none; }
  button.fold:hover { background: rgb(0 0 0 / 6%); }
`;

/** What a column is of: its lines, the first for model and text. */
export function headingOf({ model, name, request, explanation }) {
  const who = [model, ...(name ? [name] : []), explanation?.title ?? request.title].join(' · ');
  if (explanation === null) return [who];
  const { options, output, base_value: base, delta } = explanation;
  const figures = [`${nameOf(explanation)} ${valueOf(output)}`];
  if (base !== null) figures.push(`base value ${valueOf(base)}`, `delta ${deltaOf(delta)}`);
  figures.push(evaluationsOf(explanation.evaluations));
  const used = optionsText(options);
  return [
    who,
    figures.join(', '),
    ...(used ? [used] : []),
    ...warningsOf(explanation),
  ];
}

function warningsOf({ truncated, converged, note }) {
  return [
    truncated ? 'The text is longer than the model reads; its last words count as 0.' : '',
    converged ? '' : 'The method has not reached its own tolerance.',
    note,
  ].filter((each) => each !== '');
}

/**
 * A column.
 *
 * @param column what it is of.
 * @param drawn its rows, scale and measures; undefined if there is nothing to draw.
 * @param fold called with the key of a phrase, and whether to unfold it.
 */
export function renderColumn(column, drawn, fold) {
  const [who, ...figures] = headingOf(column);
  const { problem, isCurrent } = column;
  return html`<div class="heading">
      <p class="who">${who}</p>
      ${figures.map((each, at) => html`<p class=${at === 0 ? 'figures' : 'used'}>${each}</p>`)}
      ${problem ? html`<p class="problem">${problem}</p>` : nothing}
    </div>
    <div class="bars ${isCurrent ? '' : 'outdated'}" aria-busy=${String(!isCurrent)}>
      ${drawn ? renderBars(column, drawn, fold) : nothing}
    </div>`;
}

function renderBars(column, { explanation, rows, unit, extent, measures }, fold) {
  const { width } = measures;
  const height = heightOf(rows);
  const picture = shape(
    'svg',
    { role: 'img', 'aria-label': summaryOf(column, rows), width, height },
    barsOf(rows, unit, extent, measures),
  );
  const phrases = rows.flatMap((row, at) => (row.kind === 'phrase' ? [{ ...row, at }] : []));
  return html`${picture}
    <div role="group" aria-label="Phrases" @keydown=${(event) => move(event)}>
      ${phrases.map(
        ({ key, label, score, open, depth, at }, order) => html`<button class="fold"
          data-key=${key} aria-expanded=${String(open)} tabindex=${order === 0 ? 0 : -1}
          aria-label="${label}: ${scoreOf(score, 0, measures.decimals)}"
          style="left: ${4 + depth * INDENT}px; top: ${top(at)}px; height: ${ROW}px;
            width: ${measures.labelled - 4 - depth * INDENT}px"
          @click=${() => fold(key, !open)}></button>`,
      )}
    </div>
    ${renderTable(explanation, rows, measures)}`;
}

function summaryOf({ model, name, explanation }, rows) {
  const { output, base_value: base, title } = explanation;
  const words = rows.filter(({ kind }) => kind === 'word' || kind === 'phrase');
  const largest = [...words]
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
    .slice(0, 3)
    .map(({ label, score }) => `${label} ${scoreOf(score, 0)}`);
  const from = base === null ? '' : ` from base value ${valueOf(base)}`;
  return (
    `${title}: ${nameOf(explanation)} of ${model}${name ? `, ${name} text` : ''},` +
    `${from} to ${valueOf(output)}. Largest: ${largest.join(', ')}.`
  );
}

function renderTable({ title }, rows, { decimals }) {
  const sampled = rows.some(({ error }) => error > 0);
  return html`<div class="only-read-out"><table>
    <caption>${title}, row by row</caption>
    <tr>
      <th>Word</th><th>Score</th>${sampled ? html`<th>Standard error</th>` : nothing}
      <th>Running total</th>
    </tr>
    ${rows.map(
      (row) => html`<tr>
        <th>${row.label}</th>
        <td>${figureOf(row, decimals)}</td>
        ${sampled ? html`<td>${errorOf(row.error, decimals)}</td>` : nothing}
        <td>${valueOf(row.end, decimals)}</td>
      </tr>`,
    )}
  </table></div>`;
}

// Up and down lead from phrase to phrase, left and right fold and unfold, as in a tree.
function move(event) {
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const from = buttons.indexOf(event.target);
  const steps = { ArrowDown: 1, ArrowUp: -1, Home: -from, End: buttons.length - 1 - from };
  const { key } = event;
  if (key in steps) {
    const to = buttons[Math.max(0, Math.min(from + steps[key], buttons.length - 1))];
    to.focus({ preventScroll: true });
    keepInView(to.closest('.module-results-area'), to);
  } else if (key === 'ArrowRight' || key === 'ArrowLeft') {
    const open = event.target.ariaExpanded === 'true';
    if (open === (key === 'ArrowLeft')) event.target.click();
  } else return;
  event.preventDefault();
}
