// How far a model's likeliest class is ahead of the second, for the selected text.
import { Module, define, html } from 'lit-plugins';

class Margin extends Module {
  static title = 'Margin';
  static infoMarkdown = 'How far the likeliest class is ahead of the second.';

  /** @type {number | null} */
  margin = null;

  firstUpdated() {
    this.reactImmediately(
      () => this.selectionService.primarySelectedInputData,
      (input) => this.load(input),
    );
  }

  /** @param {import('lit-plugins').Input | null} input */
  async load(input) {
    const { currentDataset } = this.appState;
    const predictions = await this.latest('prediction', () =>
      input && this.apiService.getPreds([input], this.model, currentDataset, [], ['probas']),
    );
    /** @type {number[] | undefined} */
    const probabilities = predictions?.[0].probas;
    const [first, second] = probabilities?.sort((one, other) => other - one) ?? [];
    this.margin = probabilities ? first - second : null;
    this.requestUpdate();
  }

  renderImpl() {
    if (this.margin === null) return html`<p class="nothing">Select a text.</p>`;
    return html`<p class="nothing">
      <meter aria-label="margin" value=${this.margin}></meter> ${this.margin.toFixed(3)}
    </p>`;
  }
}

define('margin-module', Margin);
