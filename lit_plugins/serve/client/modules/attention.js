// The attention module: an overview of all layers and heads for the selected text, and one head in
// detail.

import { Module, css, define, html } from '../module.js';
import { barStyles, renderBar } from './attention_bar.js';
import { Matrix, Overview } from './attention_data.js';
import { drawHeads, headsStyles, renderHeads } from './attention_heads.js';
import { drawLines, linesStyles, renderLines, scrollToActive } from './attention_lines.js';
import { renderText, textStyles } from './attention_text.js';
import { captionOf, sentenceOf } from './attention_wording.js';

/** @import { Input, ModelInfo, ModelInfos } from '../lit/types.d.ts' */
/** @import { Asked, FigureName, Token } from './attention_data.js' */

const INTERPRETER = 'attention';
const FEW = 48; // the most tokens that two columns show without much scrolling
const NARROW = 560; // pixels of width below which the two parts do not fit side by side

export class Attention extends Module {
  static title = 'Attention';

  // LIT cuts off longer texts.
  static infoMarkdown = `How much each token attends to each token, by layer and head, in percent.
Left, a picture of each head: rows attend to columns. Right, one head: point at a token, or click to
keep it. It shows where a model looks, not why.`;

  static numCols = 12;
  static duplicateForModelComparison = true;
  static duplicateForExampleComparison = true;
  static duplicateAsRow = true;

  static styles = [
    ...Module.styles,
    barStyles,
    headsStyles,
    linesStyles,
    textStyles,
    css`
      :host { display: block; height: 100%; }
      .attention { display: flex; height: 100%; }
      .heads { flex: 0 1 auto; max-width: 52%; border-right: 1px solid var(--lit-neutral-300); }
      .detail { flex: 1 1 0; min-width: 0; display: flex; flex-direction: column; }
      .caption { padding: 0 8px 4px; line-height: 16px; color: var(--lit-neutral-700); }
      .drawn { flex: 1; min-height: 0; display: flex; padding: 0 4px 4px; }
      .narrow { flex-direction: column; height: auto; }
      .narrow .heads { max-width: none; border-right: none; }
      .narrow .heads-scroller { max-height: 220px; }
      .narrow .drawn { height: 300px; flex: none; }
    `,
  ];

  /** @param {ModelInfos} modelSpecs */
  static shouldDisplayModule(modelSpecs) {
    return Object.values(modelSpecs).some(hasAttention);
  }

  // The shown data. Nothing is shown until both are present; both belong to the same text.
  /** @type {Overview | null} */
  #overview = null;
  /** @type {Matrix | null} */
  #matrix = null;
  /** @type {string | null} */
  problem = null;
  /** @type {FigureName | 'picture'} */
  figure = 'picture';
  /** The user's choice; null to choose by the text's length. @type {'lines' | 'text' | null} */
  chosenDrawing = null;
  hidesSpecial = false;
  /** The token that a click has kept selected. @type {Token} */
  pinned = { index: null, side: 'from' };
  /** The token under the pointer or the keyboard's focus. @type {Token | null} */
  pointed = null;
  /** @type {{ layer: number, head: number } | null} */
  pointedHead = null;
  // The head and the token that are tab stops.
  headStop = { layer: 1, head: 1 };
  /** @type {Token} */
  tokenStop = { index: 0, side: 'from' };
  spoken = '';
  /** @type {Asked} */
  #wanted = { view: 'head', layer: Infinity, head: 1 };
  /** @type {Input | null} */
  #input = null;
  /** @type {Input | null} */
  #shownInput = null;
  /** @type {unknown[]} */
  #drawn = [];
  width = 0;
  height = 0;
  // Container queries would make each change slow with hundreds of tokens.
  #resized = new ResizeObserver(([{ contentRect }]) => {
    this.set({ width: contentRect.width, height: contentRect.height });
  });

  connectedCallback() {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  firstUpdated() {
    this.reactImmediately(
      () => this.selectionService.primarySelectedInputData,
      (input) => this.load(input),
    );
  }

  updated() {
    super.updated();
    const drawn = [this.#overview, this.figure, this.renderRoot.querySelector('.head-cell')];
    if (this.#overview && drawn.some((part, at) => part !== this.#drawn[at])) {
      drawHeads(this.renderRoot, this.#overview);
    }
    this.#drawn = drawn;
    if (this.#matrix) drawLines(this, this.active);
  }

  get isNarrow() {
    return this.width < NARROW;
  }

  /** The shown overview. Must not be read before there is one. */
  get overview() {
    return /** @type {Overview} */ (this.#overview);
  }

  /** The shown matrix. Must not be read before there is one. */
  get matrix() {
    return /** @type {Matrix} */ (this.#matrix);
  }

  /** The highlighted token. */
  get active() {
    return this.pointed ?? this.pinned;
  }

  /** Indices of the shown tokens. */
  get shownTokens() {
    const { special } = this.overview;
    const all = [...special.keys()];
    const ordinary = all.filter((token) => !special[token]);
    return this.hidesSpecial && ordinary.length > 0 ? ordinary : all;
  }

  get drawing() {
    return this.chosenDrawing ?? (this.overview.tokens.length > FEW ? 'text' : 'lines');
  }

  get hasAttention() {
    return hasAttention(this.appState.metadata.models[this.model]);
  }

  /**
   * Sets properties of the module and renders it again.
   *
   * @param {object} changes
   */
  set(changes) {
    Object.assign(this, changes);
    this.requestUpdate();
  }

  /** @param {Token} token */
  point(token) {
    this.set({ pointed: token, tokenStop: token });
  }

  /**
   * Keeps a token selected. If it already is, selects all tokens again.
   *
   * @param {Token} token
   */
  pin(token) {
    const isKept = this.pinned.index === token.index && this.pinned.side === token.side;
    const pinned = isKept ? { ...token, index: null } : token;
    this.set({ pinned, pointed: isKept ? null : token });
    this.set({ spoken: sentenceOf(this, pinned.index) });
  }

  /**
   * Shows or hides the special tokens, which are not part of the text.
   *
   * @param {boolean} hidesSpecial
   */
  hide(hidesSpecial) {
    this.hidesSpecial = hidesSpecial;
    this.set(this.#onShown(this.pinned));
  }

  /**
   * Keeps a token selected and makes it the tab stop, if it is shown.
   *
   * @param {Token} token
   */
  #onShown({ index, side }) {
    const shown = this.shownTokens;
    const kept = index !== null && shown.includes(index) ? index : null;
    return { pinned: { index: kept, side }, tokenStop: { index: kept ?? shown[0], side } };
  }

  /**
   * Shows a text. The text before stays until all data of the new one has arrived.
   *
   * @param {Input | null} input
   */
  async load(input) {
    this.#input = input;
    if (input === null || !this.hasAttention) {
      this.giveUp('overview');
      this.giveUp('matrix');
      this.#clear(null);
      return;
    }
    await this.#trying(async () => {
      const answer = await this.latest('overview', () => this.#ask(input, { view: 'overview' }));
      if (answer === null) return;
      const overview = new Overview(answer);
      const matrix = await this.#fetchMatrix(input, overview);
      if (matrix === null) return;
      this.#overview = overview;
      this.#shownInput = input;
      const { figure } = this;
      const { reads } = overview;
      this.#show(matrix, {
        figure: figure !== 'picture' && overview.figure(figure, 1, 1) === null ? 'picture' : figure,
        ...this.#onShown({ index: reads, side: 'from' }),
        pointed: null,
        pointedHead: null,
      });
      await this.updateComplete;
      scrollToActive(this);
    });
  }

  /**
   * Shows another head or another view of the text.
   *
   * @param {Partial<Asked>} change
   */
  async choose(change) {
    this.#wanted = { ...this.#wanted, ...change };
    const input = this.#input;
    if (input === null || input !== this.#shownInput) {
      await this.load(input);
      return;
    }
    await this.#trying(async () => {
      const matrix = await this.#fetchMatrix(input, this.overview);
      if (matrix === null) return;
      this.#show(matrix, {});
      this.set({ spoken: `${captionOf(this)} ${sentenceOf(this, this.pinned.index)}` });
    });
  }

  /**
   * @param {Input} input
   * @param {{ layers: number, heads: number }} size
   */
  async #fetchMatrix(input, { layers, heads }) {
    const { view, layer, head } = this.#wanted;
    const asked = { view, layer: Math.min(layer, layers), head: Math.min(head, heads) };
    const answer = await this.latest('matrix', () => this.#ask(input, asked), { quiet: true });
    return answer && new Matrix(asked, answer);
  }

  /**
   * @param {Input} input
   * @param {object} config
   */
  async #ask(input, config) {
    const { currentDataset } = this.appState;
    const answers = await this.apiService.getInterpretations(
      [input], this.model, currentDataset, INTERPRETER, config, 'Reading attention', true,
    );
    return answers[0];
  }

  /**
   * @param {Matrix} matrix
   * @param {object} changes
   */
  #show(matrix, changes) {
    this.#matrix = matrix;
    const { layer, head } = matrix.asked;
    this.set({ problem: null, headStop: { layer, head }, ...changes });
  }

  /** @param {string | null} problem */
  #clear(problem) {
    this.#overview = null;
    this.#matrix = null;
    this.#shownInput = null;
    this.set({ problem });
  }

  /** @param {() => Promise<void>} task */
  async #trying(task) {
    try {
      await task();
    } catch (error) {
      this.#clear(/** @type {Error} */ (error).message);
    }
  }

  renderImpl() {
    if (!this.hasAttention) {
      return html`<lit-interstitial headline="Attention">
        ${this.model} does not provide attention weights.
      </lit-interstitial>`;
    }
    if (this.problem !== null) return html`<p class="problem" role="alert">${this.problem}</p>`;
    if (this.#overview === null) {
      return html`<lit-interstitial headline="Attention">
        Select a datapoint to see what its tokens attend to.
      </lit-interstitial>`;
    }
    /** @param {KeyboardEvent} event */
    const press = ({ key }) => {
      if (key === 'Escape' && this.pinned.index !== null) this.pin(this.pinned);
    };
    const { active, drawing } = this;
    return html`<div class="attention ${this.isNarrow ? 'narrow' : ''}">
      ${renderHeads(this, (layer, head) => this.choose({ view: 'head', layer, head }))}
      <div class="detail" @keydown=${press}>
        ${renderBar(this)}
        <div class="caption">${captionOf(this)}</div>
        <div class="drawn">
          ${drawing === 'text' ? renderText(this, active) : renderLines(this, active)}
        </div>
      </div>
      <div class="only-read-out" role="status">${this.spoken}</div>
    </div>`;
  }
}

/** @param {ModelInfo} model */
const hasAttention = (model) => model.interpreters.includes(INTERPRETER);

define('attention-module', Attention);
