// One matrix as running text. The shading shows how much one token attends to each token, or how
// much each token attends to it.

import { css, html, nothing } from '../module.js';
import { press, rove } from '../keyboard.js';
import { percent, shade } from './attention_data.js';
import { titleOf, wordingOf } from './attention_wording.js';

/** @import { Attention } from './attention.js' */
/** @import { Token } from './attention_data.js' */

const RANKS = 20; // tokens in the lists of the largest shares

export const textStyles = css`
  .text { display: flex; flex-direction: column; flex: 1; min-height: 0; min-width: 0; }
  .ranks { flex: none; }
  .ranks p {
    height: 32px; line-height: 16px; margin: 0 4px 4px; overflow: hidden; contain: strict;
    font-variant-numeric: tabular-nums;
  }
  .ranks .label { white-space: pre; }
  .ranks .share { font-size: 11px; color: var(--lit-neutral-700); margin-right: 8px; }
  .ranks .heading { font-weight: 500; margin-right: 8px; }
  .flow { overflow: auto; flex: 1; min-height: 0; padding: 2px 4px; line-height: 22px; }
  .flow .token { padding: 1px 2px; line-height: 18px; margin: 0 1px; cursor: default; }
`;

/**
 * Renders the largest shares and the shaded text.
 *
 * @param {Attention} module
 * @param {Token} active the highlighted token.
 */
export function renderText(module, { index, side }) {
  const { overview, matrix, shownTokens, tokenStop } = module;
  const to = index === null ? matrix.average : matrix.row(index);
  const from = index === null ? null : matrix.column(index);
  const shares = side === 'to' && from !== null ? from : to;
  // With hundreds of tokens, all shares are small, so the largest shown share gets the full colour.
  const largest = Math.max(...shownTokens.map((token) => shares[token]), 1e-9);
  const said = wordingOf(module, index);
  return html`<div class="text">
    <div class="ranks">
      ${renderRanks(module, said.to, to)}
      ${from === null ? nothing : renderRanks(module, said.from, from)}
    </div>
    <div
      class="flow" dir="auto" role="group" aria-label="The text's tokens"
      @keydown=${(event) => rove(event, event.currentTarget, [1, shownTokens.length])}
      @mouseleave=${() => module.set({ pointed: null })}
      @focusout=${() => module.set({ pointed: null })}>
      ${shownTokens.map((token, column) => {
        const active = token === index ? 'active' : '';
        const reads = token === overview.reads ? 'reads' : '';
        const pin = () => module.pin({ index: token, side });
        // No <button>: browsers do not order what is in several of them by the text's direction.
        return html`<span role="button"
          class="token ${active} ${reads}" data-row="0" data-column=${column}
          style=${shade(shares[token] / largest)}
          title="${titleOf(overview, token)}; ${percent(shares[token])}"
          tabindex=${tokenStop.index === token ? 0 : -1}
          aria-pressed=${module.pinned.index === token}
          @mouseenter=${() => module.set({ pointed: { index: token, side } })}
          @focus=${() => module.point({ index: token, side })}
          @click=${pin}
          @keydown=${(event) => press(event, pin)}
        ><span class="label" dir=${overview.special[token] ? 'ltr' : nothing}
          >${overview.labels[token]}</span></span> `;
      })}
    </div>
  </div>`;
}

/**
 * Renders the largest shares in two lines; those that do not fit are cut off.
 *
 * @param {Attention} module
 * @param {string} heading
 * @param {Float32Array | Float64Array} shares
 */
function renderRanks({ overview, shownTokens }, heading, shares) {
  const ranked = [...shownTokens].sort((one, other) => shares[other] - shares[one]);
  return html`<p>
    <span class="heading">${heading}</span>
    ${ranked.slice(0, RANKS).map(
      (token) => html`<span class="nowrap" title=${titleOf(overview, token)}
        ><span class="label" dir="auto">${overview.labels[token]}</span>
        <span class="share">${percent(shares[token])}</span></span> `,
    )}
  </p>`;
}
