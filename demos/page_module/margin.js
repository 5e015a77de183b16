// The margin between the probabilities of a model's two likeliest classes, for the selected text.
import { Module, define, html } from 'lit-plugins';

class Margin extends Module {
  static title = 'Margin';

  /** @type {number[]} */
  probabilities = [];

  firstUpdated() {
    const selected = () => this.selectionService.primarySelectedInputData;
    this.reactImmediately(selected, (input) => this.load(input));
  }

  /** @param {import('lit-plugins').Input | null} input */
  async load(input) {
    const { currentDataset } = this.appState;
    const predictions = await this.latest('prediction', () =>
      input && this.apiService.getPreds([input], this.model, currentDataset, [], ['probas']));
    this.probabilities = predictions?.[0].probas ?? [];
    this.requestUpdate();
  }

  renderImpl() {
    const [first, second] = this.probabilities.toSorted((one, other) => other - one);
    if (first === undefined) return html`<p class="nothing">Select a text.</p>`;
    const margin = (first - second).toFixed(3);
    return html`<p class="nothing">
      <meter aria-label="margin" value=${margin}></meter> ${margin}</p>`;
  }
}

define('margin-module', Margin);
