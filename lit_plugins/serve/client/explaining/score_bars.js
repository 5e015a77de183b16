// Tables of scores with one row per word. A bar to the left or right of zero shows each score.

import { css, html } from '../module.js';
import { hue } from './colors.js';

/** Styles for a module with such a table below a summary and a text. */
export const scoreTableStyles = css`
  .summary { margin: 0; padding: 6px 8px 2px; font-size: 13px; line-height: 18px; }
  .text {
    padding: 2px 8px 6px; max-height: min(104px, 30%); overflow-y: auto; flex-shrink: 0;
    font-size: 13px; line-height: 20px; white-space: pre-wrap; overflow-wrap: anywhere;
  }
  .figures {
    margin: 0; padding: 4px 8px; font-size: 11px; line-height: 15px; color: var(--lit-neutral-700);
  }
  .scores { border-collapse: collapse; width: 100%; max-width: 960px; font-size: 12px; }
  .scores :is(td, th) {
    height: 20px; padding: 0 8px; text-align: right; white-space: nowrap; font-weight: normal;
    border-bottom: 1px solid var(--lit-neutral-200); font-variant-numeric: tabular-nums;
  }
  .scores thead th {
    position: sticky; top: 0; z-index: 1; background: white; color: var(--lit-neutral-700);
    white-space: normal; vertical-align: bottom;
    border-bottom-color: var(--lit-neutral-400);
  }
  .scores th:first-child {
    text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 72px;
  }
  .scores tbody th { color: var(--lit-neutral-900); }
  .scores tr.whole :is(th, td) { background: var(--lit-neutral-50); }
  .scores .error { color: var(--lit-neutral-700); }
  .scores .bar { min-width: 72px; width: 30%; padding: 0; }
  .score-bar { position: relative; height: 12px; margin: 0 8px; }
  .score-bar::before {
    content: ''; position: absolute; inset: -4px auto -4px 50%; width: 1px;
    background: var(--lit-neutral-400);
  }
  .score-bar i { position: absolute; inset-block: 0; }
`;

/**
 * Renders a score's bar. Screen readers skip it, because the number stands beside it.
 *
 * @param {number} score
 * @param {number} most the absolute score whose bar fills half of the width.
 */
export function scoreBar(score, most) {
  const share = most > 0 ? Math.min(Math.abs(score) / most, 1) * 50 : 0;
  const side = score < 0 ? 'right' : 'left';
  return html`<div class="score-bar" aria-hidden="true">
    <i style="${side}: 50%; width: ${share}%; background: ${hue(score)}"></i>
  </div>`;
}
