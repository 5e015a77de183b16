// Buttons and menus that choose the view, layer and head in detail, and how they are drawn.

import { css, html, nothing } from '../module.js';

/** @import { Attention } from './attention.js' */

const VIEWS = {
  head: { name: 'Head', meaning: 'one head of one layer' },
  mean: { name: 'Mean', meaning: 'the mean over the heads of one layer' },
  rollout: {
    name: 'Rollout',
    meaning: 'attention rollout: all layers up to the chosen one multiplied ' +
      '(Abnar and Zuidema, 2020)',
  },
};
const DRAWINGS = {
  lines: { name: 'Lines', meaning: 'two columns of tokens, and lines as wide as the shares' },
  text: { name: 'Text', meaning: 'the running text, shaded by the shares' },
};
const SIDES = {
  from: { name: 'attends to', meaning: 'shade the tokens that the token attends to' },
  to: { name: 'attended by', meaning: 'shade the tokens that attend to the token' },
};
const SIDES_OF_ROLLOUT = {
  from: { name: 'consists of', meaning: 'shade the tokens that the token consists of' },
  to: { name: 'contained in', meaning: 'shade the tokens that contain the token' },
};

export const barStyles = css`
  .detail-bar {
    display: flex; flex-wrap: wrap; align-items: center; gap: 2px 6px; padding: 4px;
  }
  .dropdown { font: inherit; margin: 0; }
  .detail-bar .dropdown { width: 34px; padding-right: 12px; }
  .choice { display: flex; }
  .choice .hairline-button {
    margin: 0 -1px 0 0; padding: 0 6px; font-size: 12px; border-radius: 0; white-space: nowrap;
    letter-spacing: 0;
  }
  .choice .hairline-button:first-child { border-radius: 4px 0 0 4px; }
  .choice .hairline-button:last-child { border-radius: 0 4px 4px 0; }
  .choice .active { font-weight: 700; }
  label { white-space: nowrap; }
  label input { vertical-align: middle; margin: 0 2px 0 0; }
`;

/** @param {Attention} module */
export function renderBar(module) {
  const { drawing, matrix, overview, pinned } = module;
  const { view, layer, head } = matrix.asked;
  return html`<div class="detail-bar">
    ${renderChoice('View', VIEWS, view, (chosen) => module.choose({ view: chosen }))}
    ${renderMenu(module, 'layer', overview.layers, layer)}
    ${renderMenu(module, 'head', overview.heads, head, view !== 'head')}
    ${renderChoice('Drawing', DRAWINGS, drawing, (chosen) =>
      module.set({ chosenDrawing: chosen }),
    )}
    ${drawing === 'text'
      ? renderChoice(
          'Shaded tokens',
          view === 'rollout' ? SIDES_OF_ROLLOUT : SIDES,
          pinned.side,
          (side) => module.set({ pinned: { ...pinned, side } }),
        )
      : nothing}
    ${overview.special.includes(true) && overview.special.includes(false)
      ? html`<label title="Tokens that are not part of the text, such as [CLS] and [SEP]">
          <input type="checkbox" .checked=${module.hidesSpecial}
            @change=${(event) => module.hide(event.target.checked)} />Hide special tokens
        </label>`
      : nothing}
  </div>`;
}

/**
 * Renders a group of buttons, one of which is pressed.
 *
 * @template {string} Choice
 * @param {string} label
 * @param {Record<Choice, { name: string, meaning: string }>} choices
 * @param {Choice} chosen
 * @param {(choice: Choice) => void} choose
 */
function renderChoice(label, choices, chosen, choose) {
  const all = /** @type {Choice[]} */ (Object.keys(choices));
  return html`<div class="choice" role="group" aria-label=${label}>
    ${all.map(
      (choice) => html`<button
        class="hairline-button ${choice === chosen ? 'active' : ''}"
        title=${choices[choice].meaning}
        aria-pressed=${choice === chosen} @click=${() => choose(choice)}
      >${choices[choice].name}</button>`,
    )}
  </div>`;
}

/**
 * Renders a menu of layers or heads.
 *
 * @param {Attention} module
 * @param {'layer' | 'head'} name
 * @param {number} count the number of layers or heads.
 * @param {number} chosen the selected one, counted from 1.
 */
function renderMenu(module, name, count, chosen, isOff = false) {
  return html`<label>
    ${name}
    <select class="dropdown" aria-label=${name} ?disabled=${isOff} .value=${String(chosen)}
      @change=${(event) => module.choose({ [name]: Number(event.target.value) })}>
      ${Array.from({ length: count }, (_, index) => index + 1).map(
        (number) => html`<option value=${number} ?selected=${number === chosen}>${number}</option>`,
      )}
    </select>
  </label>`;
}
