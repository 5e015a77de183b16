// The grid of layers and heads: a picture or a figure of each head, and all figures of one head.

import { css, html } from '../module.js';
import { rove } from '../keyboard.js';
import { COLOR, FIGURES, shade, strength } from './attention_data.js';

/** @import { Attention } from './attention.js' */
/** @import { Asked, FigureName, Overview } from './attention_data.js' */

/** Returns the numbers from 1 to a limit. @param {number} limit */
const upTo = (limit) => Array.from({ length: limit }, (_, index) => index + 1);

export const headsStyles = css`
  .heads { display: flex; flex-direction: column; min-width: 0; min-height: 0; }
  .heads-bar { display: flex; align-items: center; gap: 4px; padding: 4px 8px; }
  .heads-scroller { overflow: auto; min-height: 0; padding: 2px 8px; }
  .heads-grid { display: grid; width: max-content; gap: 2px; }
  .heads-grid > div { display: contents; }
  .heads-grid .heading {
    color: var(--lit-neutral-700); font-size: 11px; line-height: 16px; text-align: center;
    position: sticky; background: white;
  }
  .heads-grid .heading.of-head { top: -2px; z-index: 1; }
  .heads-grid .heading.of-layer { left: -8px; padding: 0 4px; align-self: center; }
  .head-cell {
    box-sizing: border-box; width: var(--cell); height: var(--cell); padding: 1px; cursor: pointer;
    border: 1px solid var(--lit-neutral-300); border-radius: 2px; text-align: center;
  }
  .head-cell:hover { border-color: var(--lit-neutral-700); }
  .head-cell.taken { border-color: var(--lit-neutral-900); }
  .head-cell.taken.alone { outline: 1px solid var(--lit-neutral-900); }
  .head-cell:focus-visible {
    outline: 3px solid var(--lit-cyea-500); outline-offset: -1px; position: relative; z-index: 2;
  }
  .head-cell canvas { width: 100%; height: 100%; display: block; image-rendering: pixelated; }
  .head-cell span { display: grid; height: 100%; place-items: center; font-size: 10px; }
  .head-figures { padding: 4px 8px; flex: none; }
  .head-figures .name { font-weight: 500; line-height: 18px; white-space: nowrap; }
  .head-figures dl { display: flex; gap: 2px 8px; margin: 0; flex-wrap: wrap; }
  .head-figures dt { font-size: 11px; color: var(--lit-neutral-700); line-height: 14px; }
  .head-figures dd { margin: 0; line-height: 16px; font-variant-numeric: tabular-nums; }
`;

/**
 * Renders the grid and the figures.
 *
 * @param {Attention} module
 * @param {(layer: number, head: number) => void} open shows a head in detail.
 */
export function renderHeads(module, open) {
  const { overview, matrix, figure } = module;
  const { layers, heads } = overview;
  /** @param {KeyboardEvent & { currentTarget: HTMLElement }} event */
  const move = (event) => {
    const scroller = /** @type {HTMLElement} */ (event.currentTarget.parentElement);
    rove(event, scroller, [layers, heads]);
  };
  return html`
    <div class="heads">
      <div class="heads-bar">
        <label>
          Each head's
          <select class="dropdown" aria-label="Shown for each head"
            @change=${(event) => module.set({ figure: event.target.value })}>
            <option value="picture" .selected=${figure === 'picture'}>weights</option>
            ${figuresOf(overview).map(
              (name) => html`<option value=${name} .selected=${name === figure}>
                ${nameOf(name)}
              </option>`,
            )}
          </select>
        </label>
      </div>
      <div class="heads-scroller">
        <div
          class="heads-grid" role="grid" aria-label="Layers and heads"
          title="In each picture, the tokens in rows attend to the tokens in columns"
          style="--cell: ${cellOf(module)}px; grid-template-columns: auto repeat(${heads}, auto)"
          @keydown=${move}
          @mouseleave=${() => module.set({ pointedHead: null })}
          @focusout=${() => module.set({ pointedHead: null })}>
          <div role="row">
            <span class="heading of-head of-layer" role="columnheader">layer</span>
            ${upTo(heads).map(
              (head) => html`<span class="heading of-head" role="columnheader"
                aria-label="Head ${head}">${head}</span>`,
            )}
          </div>
          ${upTo(layers).map(
            (layer) => html`<div role="row">
              <span class="heading of-layer" role="rowheader"
                aria-label="Layer ${layer}">${layer}</span>
              ${upTo(heads).map((head) => renderCell(module, layer, head, open))}
            </div>`,
          )}
        </div>
      </div>
      ${renderFigures(overview, module.pointedHead ?? figuredHead(matrix.asked))}
    </div>`;
}

/**
 * Returns the side of a cell in pixels: the largest that fits half of the module's width, and its
 * height.
 *
 * @param {Attention} module
 */
function cellOf({ isNarrow, overview: { layers, heads }, width, height }) {
  const wide = ((isNarrow ? width : width / 2) - 72) / heads;
  const high = isNarrow ? wide : (height - 120) / layers;
  return Math.max(20, Math.min(Math.floor(Math.min(wide, high)) - 2, 44));
}

/**
 * @param {Attention} module
 * @param {number} layer
 * @param {number} head
 * @param {(layer: number, head: number) => void} open
 */
function renderCell(module, layer, head, open) {
  const { overview, matrix, figure, headStop } = module;
  const taken = isTaken(matrix.asked, layer, head);
  const alone = matrix.asked.view === 'head';
  const point = () => module.set({ pointedHead: { layer, head } });
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    open(layer, head);
  };
  const stop = headStop.layer === layer && headStop.head === head;
  const content =
    figure === 'picture'
      ? html`<canvas width=${overview.size} height=${overview.size} aria-hidden="true"></canvas>`
      : renderFigure(overview, figure, layer, head);
  return html`<div
    class="head-cell ${taken ? 'taken' : ''} ${alone ? 'alone' : ''}"
    role="gridcell" aria-selected=${taken}
    tabindex=${stop ? 0 : -1} data-row=${layer - 1} data-column=${head - 1}
    aria-label=${`Layer ${layer}, head ${head}: ${spoken(overview, layer, head)}`}
    @mouseenter=${point} @click=${() => open(layer, head)} @keydown=${press}
    @focus=${() => module.set({ pointedHead: { layer, head }, headStop: { layer, head } })}>
    ${content}
  </div>`;
}

/**
 * @param {Overview} overview
 * @param {FigureName} name
 * @param {number} layer
 * @param {number} head
 */
function renderFigure(overview, name, layer, head) {
  const value = Number(overview.figure(name, layer, head));
  const largest = name === 'entropy' ? Math.max(...known(overview, name), 1e-9) : 1;
  const background = shade((value / largest) ** 2);
  const short = name === 'entropy' ? value.toFixed(1) : Math.round(100 * value);
  return html`<span style=${background}>${short}</span>`;
}

/**
 * @param {Overview} overview
 * @param {{ layer: number, head: number | null }} which
 */
function renderFigures(overview, { layer, head }) {
  return html`<div class="head-figures">
    <div class="name">
      ${head === null ? `Layer ${layer}, all heads` : `Layer ${layer}, head ${head}`}
    </div>
    <dl>
      ${figuresOf(overview).map(
        (name) => html`<div title=${FIGURES[name].meaning}>
          <dt>${nameOf(name)}</dt><dd>${written(overview, name, layer, head)}</dd>
        </div>`,
      )}
    </dl>
  </div>`;
}

/**
 * Draws the heads' pictures into the cells of the grid.
 *
 * @param {ShadowRoot} root
 * @param {Overview} overview
 */
export function drawHeads(root, overview) {
  const { size } = overview;
  /** @type {NodeListOf<HTMLElement>} */
  const cells = root.querySelectorAll('.head-cell');
  for (const cell of cells) {
    const context = cell.querySelector('canvas')?.getContext('2d');
    if (!context) continue;
    const image = context.createImageData(size, size);
    const { row, column } = cell.dataset;
    const picture = overview.picture(Number(row) + 1, Number(column) + 1);
    for (const [pixel, value] of picture.entries()) {
      image.data.set([...COLOR, 255 * strength(value / 255)], 4 * pixel);
    }
    context.putImageData(image, 0, 0);
  }
}

/**
 * Returns the names of the figures that exist for this text.
 *
 * @param {Overview} overview
 */
const figuresOf = (overview) =>
  /** @type {FigureName[]} */ (Object.keys(FIGURES)).filter(
    (name) => overview.figure(name, 1, 1) !== null,
  );

/** @param {FigureName} name */
const nameOf = (name) => FIGURES[name].title;

/**
 * Returns all heads' values of an existing figure.
 *
 * @param {Overview} overview
 * @param {FigureName} name
 */
const known = (overview, name) => overview.figures[name].flat().map(Number);

/**
 * Writes a figure of a head; if the head is null, the mean over the heads of the layer.
 *
 * @param {Overview} overview
 * @param {FigureName} name
 * @param {number} layer
 * @param {number | null} head
 */
function written(overview, name, layer, head) {
  const values = overview.figures[name][layer - 1].map(Number);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return FIGURES[name].written(head === null ? mean : values[head - 1]);
}

/** @type {(overview: Overview, layer: number, head: number) => string} */
const spoken = (overview, layer, head) =>
  figuresOf(overview)
    .map((name) => `${nameOf(name)} ${written(overview, name, layer, head)}`)
    .join(', ');

/** @type {(asked: Asked, layer: number, head: number) => boolean} */
const isTaken = ({ view, layer, head }, ofLayer, ofHead) =>
  view === 'rollout' ? ofLayer <= layer : ofLayer === layer && (view === 'mean' || ofHead === head);

/** @param {Asked} asked */
const figuredHead = ({ view, layer, head }) => ({ layer, head: view === 'head' ? head : null });
