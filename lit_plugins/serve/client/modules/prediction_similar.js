// The texts of the dataset that are nearest to the selected one, with the models' predictions.

import { probabilitiesOf } from '../explaining/predictions.js';
import { textFieldOf } from '../lit/fields.js';
import { marked } from '../lit/class_colours.js';
import { appState, selectionService } from '../lit/services.js';
import { css, html, nothing } from '../module.js';
import { classifyingModels } from './prediction_answers.js';
import { goldOf, markOf, predictionOf } from './prediction_rows.js';

/** @import { Input, Module } from '../module.js' */

const NEAREST = 'nearest neighbors';
const MOST = 6;

export const similarStyles = css`
  .similar { grid-column: 1 / -1; min-width: 0; }
  .similar .heading { display: flex; align-items: center; gap: 12px; }
  .similar .heading .hairline-button { margin: 0 0 0 auto; }
  .similar .scroller { overflow-x: auto; }
  .similar table { border-collapse: collapse; width: 100%; font-size: 13px; line-height: 20px; }
  .similar :is(th, td) { padding: 4px 12px 4px 0; text-align: start; vertical-align: top; }
  .similar td:first-child { min-width: 180px; }
  .similar td:not(:first-child) { white-space: nowrap; }
  .similar thead th { font-size: 12px; font-weight: normal; color: var(--lit-neutral-700); }
  .similar tbody tr { border-top: 1px solid var(--lit-neutral-200); }
  .similar .probability { font-variant-numeric: tabular-nums; }
  .similar button.near {
    margin: 0; padding: 0; height: auto; border: none; background: none; font: inherit;
    color: var(--lit-cyea-700); text-align: start; cursor: pointer; white-space: normal;
    overflow-wrap: anywhere;
  }
  .similar button.near:hover { text-decoration: underline; }
`;

/** The nearest texts of one text. */
export class Similar {
  /** @type {{ input: Input, probabilities: number[][] }[] | null} */
  found = null;
  problem = '';

  /** @param {Module} module @param {() => unknown} close */
  constructor(module, close) {
    this.module = module;
    this.close = close;
  }

  /** The model by whose embedding texts are near, and that embedding; undefined without one. */
  get embedding() {
    return appState.currentModels.flatMap((model) =>
      Object.entries(appState.metadata.models[model].spec.output)
        .filter(([, { name }]) => name === 'Embeddings')
        .map(([field]) => ({ model, field })),
    )[0];
  }

  /** Searches for the nearest texts. @param {Input} input */
  async search(input) {
    Object.assign(this, { found: null, problem: '' });
    this.module.requestUpdate();
    try {
      this.found = await this.#near(input);
    } catch (error) {
      this.problem = /** @type {Error} */ (error).message;
    }
    this.module.requestUpdate();
  }

  stop() {
    this.module.giveUp('similar');
  }

  /** @param {Input} input */
  async #near(input) {
    const { currentDataset } = appState;
    const { model, field } = this.embedding;
    const config = { embedding_name: field, num_neighbors: MOST };
    const answer = await this.module.latest('similar', () =>
      this.module.apiService.getInterpretations(
        [input], model, currentDataset, NEAREST, config, 'Searching for similar texts', true,
      ),
    );
    if (answer === null) return null;
    /** @type {{ id: string }[]} */
    const near = answer[0].nearest_neighbors;
    const others = near.map(({ id }) => id).filter((id) => id !== input.id).slice(0, MOST - 1);
    const inputs = appState.getExamplesById(others);
    const predictions = await this.module.latest('similar', () =>
      Promise.all(classifyingModels().map((each) => probabilitiesOf(inputs, each))),
    );
    return predictions === null
      ? null
      : inputs.map((each, index) => ({
          input: each,
          probabilities: predictions.map((ofModel) => ofModel[index]),
        }));
  }

  render() {
    const models = classifyingModels();
    const { found, problem } = this;
    return html`<section class="similar" aria-label="Similar texts">
      <div class="heading">
        <h3>Similar texts</h3>
        <span class="quiet">nearest for ${this.embedding?.model}</span>
        <button class="hairline-button" @click=${this.close}>Close</button>
      </div>
      ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
      ${found === null
        ? html`<p class="quiet" role="status">${problem ? '' : 'Searching …'}</p>`
        : this.#renderTable(models, found)}
    </section>`;
  }

  /** @param {string[]} models @param {{ input: Input, probabilities: number[][] }[]} found */
  #renderTable(models, found) {
    if (found.length === 0) return html`<p class="quiet">The dataset has no other text.</p>`;
    const { field } = goldOf(models[0], found[0].input);
    return html`<div class="scroller"><table>
      <thead><tr>
        <th scope="col">${textFieldOf(models[0])}</th>
        ${field ? html`<th scope="col">${field}</th>` : nothing}
        ${models.map((model) => html`<th scope="col">${model}</th>`)}
      </tr></thead>
      <tbody>${found.map(({ input, probabilities }) => html`<tr>
        <td><button class="near" dir="auto"
          @click=${() => selectionService.selectIds([input.id])}
          >${input.data[textFieldOf(models[0])]}</button></td>
        ${field ? html`<td>${marked(goldOf(models[0], input).label)}</td>` : nothing}
        ${models.map((model, index) => html`<td>${predictionOf(model, probabilities[index])}
          ${markOf(model, probabilities[index], input, true)}</td>`)}
      </tr>`)}</tbody>
    </table></div>`;
  }
}
