// A changed text beside what it was made from: the words that differ, and each model's prediction
// before and after.

import { largest, probabilitiesOf } from '../explaining/predictions.js';
import { textFieldOf } from '../lit/fields.js';
import { appState } from '../lit/services.js';
import { css, html } from '../module.js';
import { classifyingModels } from './prediction_answers.js';
import { LONG, predictionOf } from './prediction_rows.js';
import { markedText } from './text_difference_changes.js';
import { partsOf } from './text_difference_words.js';

/** @import { Input, Module } from '../module.js' */
/** @import { Part } from './text_difference_words.js' */

/**
 * Two texts, and all models' predictions for them.
 *
 * @typedef {object} Change
 * @property {Input} input the changed datapoint.
 * @property {Part[]} parts
 * @property {{ model: string, before: number[], after: number[] }[]} answers
 */

const TEXT_DIFFERENCE = 'text difference';

export const changeStyles = css`
  .change { align-items: start; }
  .change .text {
    padding: 0; max-height: none; overflow: visible; font-size: 19px; line-height: 30px;
  }
  .change .long > .text { font-size: 16px; line-height: 26px; }
  .effects { margin: 6px 0 0; border-collapse: collapse; font-size: 14px; line-height: 24px; }
  .effects :is(th, td) {
    padding: 0 16px 0 0; text-align: start; font-weight: normal; white-space: nowrap;
  }
  .effects th { font-weight: 600; }
  .effects td:last-child { padding: 0; white-space: normal; }
  .effects .probability { font-variant-numeric: tabular-nums; }
  /* The remark wraps, and does not move the texts to the right. */
  .change .verdict .quiet { width: 0; min-width: 100%; white-space: normal; }
  .change .scroller { overflow-x: auto; }
  .effects .flips { color: var(--lit-bric-700); font-weight: 500; }
  .change .buttons {
    display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 8px 0 0;
  }
  .change .buttons .hairline-button { margin: 0; }
`;

/**
 * Computes what a change did. The predictions are of exactly these two texts.
 *
 * @param {Module} module sends the requests.
 * @param {string} key the key of the requests, which replace earlier ones.
 * @param {Input} before
 * @param {Input} after
 * @returns {Promise<Change | null>} null if the request was replaced.
 */
export async function changeOf(module, key, before, after) {
  const models = classifyingModels();
  const inputs = [before, after];
  const responses = await module.latest(key, () =>
    Promise.all([
      module.apiService.getInterpretations(
        inputs, models[0], appState.currentDataset, TEXT_DIFFERENCE, {}, 'Comparing texts', true,
      ),
      ...models.map((model) => probabilitiesOf(inputs, model)),
    ]),
  );
  if (responses === null) return null;
  const [segments, ...probabilities] = responses;
  const [old, now] = inputs.map(({ data }) => data[textFieldOf(models[0])] ?? '');
  return {
    input: after,
    parts: partsOf(old, now, segments),
    answers: models.map((model, index) => {
      const [then, next] = probabilities[index];
      return { model, before: then, after: next };
    }),
  };
}

/**
 * Returns whether a change turns a model's prediction.
 *
 * @param {Change} change
 * @param {string} model
 */
export function turns({ answers }, model) {
  const answer = answers.find((each) => each.model === model);
  return answer !== undefined && largest(answer.before) !== largest(answer.after);
}

/** @param {Change} change */
const isLong = ({ parts }) => parts.reduce((sum, part) => sum + part.new.length, 0) > LONG;

/**
 * Renders a change.
 *
 * @param {object} shown
 * @param {Change} shown.change
 * @param {string} shown.title
 * @param {unknown} shown.remark a quiet line below the title.
 * @param {unknown} shown.buttons
 */
export const renderChange = ({ change, title, remark, buttons }) => html`
  <section class="wide change" aria-label=${title}>
    <div class="verdict"><h3>${title}</h3><p class="quiet">${remark}</p></div>
    <div class=${isLong(change) ? 'long' : ''}>
      ${markedText(change.parts)}
      <div class="scroller"><table class="effects"><tbody>
        ${change.answers.map(({ model, before, after }) => html`<tr>
          <th scope="row">${model}</th>
          <td>${largest(before) === largest(after)
            ? 'stays'
            : html`<span class="flips">flips</span>`}</td>
          <td>${predictionOf(model, before)} → ${predictionOf(model, after)}</td>
        </tr>`)}
      </tbody></table></div>
      <div class="buttons">${buttons}</div>
    </div>
  </section>`;
