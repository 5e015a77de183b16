// One matrix as two columns of tokens. Lines join them, whose widths show the shares.

import { css, html, nothing } from '../module.js';
import { rove } from '../keyboard.js';
import { RGB, percent, shade, strength } from './attention_data.js';
import { titleOf, wordingOf } from './attention_wording.js';

/** @import { Attention } from './attention.js' */
/** @import { Token } from './attention_data.js' */

const LINE = 20; // height of a token in pixels
const LEAST_OF_ONE = 0.001; // smallest share that has a line, if one token's lines are drawn
const LEAST = 0.02; // smallest share that has a line, if all tokens' lines are drawn

export const linesStyles = css`
  .lines { overflow: auto; flex: 1; min-height: 0; contain: strict; }
  .lines-columns {
    display: grid; min-width: 280px; max-width: 760px;
    grid-template-columns: minmax(96px, 1fr) minmax(48px, 0.8fr) minmax(96px, 1fr);
  }
  .lines-columns > .heading {
    position: sticky; top: 0; z-index: 1; background: white; height: ${LINE}px; padding: 0 4px;
    line-height: ${LINE}px; font-size: 11px; color: var(--lit-neutral-700);
    overflow: hidden; white-space: nowrap; text-overflow: ellipsis; contain: strict;
  }
  .lines-columns > .heading.from { text-align: end; }
  .lines-columns canvas { position: sticky; top: ${LINE}px; display: block; width: 100%; }
  .token {
    font: inherit; color: var(--lit-neutral-900); margin: 0; max-height: none; border: none;
    border-radius: 2px; background: none; text-align: start; justify-content: flex-start;
  }
  .lines button.token {
    display: flex; width: 100%; height: ${LINE}px; padding: 0 4px; gap: 6px;
    contain: strict;
  }
  .lines button.token.from { flex-direction: row-reverse; }
  .token .label { overflow: hidden; white-space: pre; text-overflow: ellipsis; }
  .lines button.token .share {
    font-size: 11px; color: var(--lit-neutral-800); font-variant-numeric: tabular-nums;
    margin-inline: auto 0;
  }
  .lines button.token.from .share { margin-inline: 0 auto; }
  .token.active { box-shadow: inset 0 0 0 1.5px var(--lit-neutral-900); }
  .token.reads .label { text-decoration: underline; text-underline-offset: 2px; }
`;

/**
 * Renders the two columns of tokens and the canvas between them.
 *
 * @param {Attention} module
 * @param {Token} active the highlighted token.
 */
export function renderLines(module, active) {
  const { matrix, shownTokens } = module;
  const { index } = active;
  const to = index === null ? matrix.average : matrix.row(index);
  const from = index === null ? null : matrix.column(index);
  const said = wordingOf(module, index);
  /** @type {(side: Token['side'], shares: Float64Array | Float32Array | null) => unknown} */
  const column = (side, shares) =>
    html`<div role="group" aria-label=${side === 'from' ? 'Attending tokens' : 'Attended tokens'}>
      ${shownTokens.map((token, row) =>
        renderToken(module, active, { token, row, side, share: shares && shares[token] }),
      )}
    </div>`;
  /** @param {KeyboardEvent & { currentTarget: HTMLElement }} event */
  const move = (event) =>
    rove(event, outerOf(event.currentTarget), [shownTokens.length, 2]);
  return html`<div class="lines" @scroll=${() => drawLines(module, active)}>
    <div
      class="lines-columns"
      @keydown=${move}
      @mouseleave=${() => module.set({ pointed: null })}
      @focusout=${() => module.set({ pointed: null })}>
      <div class="heading from">${index === null ? 'each token' : said.from}</div>
      <div class="heading"></div>
      <div class="heading">${said.to}</div>
      ${column('from', from)}
      <div><canvas aria-hidden="true"></canvas></div>
      ${column('to', to)}
    </div>
  </div>`;
}

/**
 * @param {Attention} module
 * @param {Token} active
 * @param {{ token: number, row: number, side: Token['side'], share: number | null }} which
 */
function renderToken(module, active, { token, row, side, share }) {
  const { overview, tokenStop } = module;
  const label = overview.labels[token];
  const isActive = token === active.index && side === active.side;
  const reads = token === overview.reads;
  const classes = ['token', side, reads ? 'reads' : '', isActive ? 'active' : ''];
  const background = share === null ? '' : shade(share);
  return html`<button
    class=${classes.join(' ')} style=${background} title=${titleOf(overview, token)}
    data-row=${row} data-column=${side === 'from' ? 0 : 1}
    tabindex=${tokenStop.index === token && tokenStop.side === side ? 0 : -1}
    aria-pressed=${module.pinned.index === token && module.pinned.side === side}
    @mouseenter=${() => module.set({ pointed: { index: token, side } })}
    @focus=${() => module.point({ index: token, side })}
    @click=${() => module.pin({ index: token, side })}>
    <span class="label" dir="auto">${label}</span>
    ${share === null ? nothing : html`<span class="share">${percent(share)}</span>`}
  </button>`;
}

/**
 * Draws the visible lines.
 *
 * @param {Attention} module
 * @param {Token} active the highlighted token.
 */
export function drawLines(module, { index, side }) {
  const scroller = module.renderRoot.querySelector('.lines');
  const canvas = scroller?.querySelector('canvas');
  const context = canvas?.getContext('2d');
  if (!scroller || !canvas || !context) return;
  const { matrix, shownTokens } = module;
  const width = outerOf(canvas).clientWidth;
  const height = Math.min(scroller.clientHeight - LINE, LINE * shownTokens.length);
  if (width <= 0 || height <= 0) return;
  const scale = window.devicePixelRatio;
  const [columns, rows] = [width * scale, height * scale].map(Math.round);
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
    canvas.style.height = `${height}px`;
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  /** @param {number} row */
  const y = (row) => LINE * (row + 0.5) - scroller.scrollTop;
  /** @type {(fromRow: number, toRow: number) => void} */
  const draw = (fromRow, toRow) => {
    const share = matrix.share(shownTokens[fromRow], shownTokens[toRow]);
    const [start, end] = [y(fromRow), y(toRow)];
    if (share < (index === null ? LEAST : LEAST_OF_ONE)) return;
    if (Math.max(start, end) < 0 || Math.min(start, end) > height) return;
    context.beginPath();
    context.moveTo(0, start);
    context.bezierCurveTo(width / 2, start, width / 2, end, width, end);
    context.lineWidth = 0.75 + 6 * share;
    context.strokeStyle = `rgba(${RGB}, ${strength(share) * (index === null ? 0.6 : 0.9)})`;
    context.stroke();
  };
  const all = [...shownTokens.keys()];
  const active = index === null ? -1 : shownTokens.indexOf(index);
  for (const row of all) {
    if (index === null) for (const to of all) draw(row, to);
    else if (side === 'to') draw(row, active);
    else draw(active, row);
  }
}

/**
 * Scrolls to the highlighted token.
 *
 * @param {Attention} module
 */
export function scrollToActive({ active, renderRoot, shownTokens }) {
  const scroller = renderRoot.querySelector('.lines');
  if (!scroller) return;
  const row = Math.max(0, shownTokens.indexOf(active.index ?? -1));
  scroller.scrollTop = LINE * (row + 1) - scroller.clientHeight / 2;
}

/** @param {HTMLElement} element */
const outerOf = (element) => /** @type {HTMLElement} */ (element.parentElement);
