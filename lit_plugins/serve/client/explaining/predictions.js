// What models say of some datapoints, without an explanation.

import { classesOf } from '../lit/fields.js';
import { apiService, appState } from '../lit/services.js';

/** @import { Input } from '../lit/types.d.ts' */

/**
 * The classes' probabilities for each of some inputs, in the order of the model's labels.
 *
 * @param {Input[]} inputs
 * @param {string} model
 * @returns {Promise<number[][]>}
 */
export async function probabilitiesOf(inputs, model) {
  const [field] = classesOf(model);
  const answers = await apiService.getPreds(
    inputs, model, appState.currentDataset, [], [field], `Predictions of ${model}`,
  );
  return answers.map((answer) => answer[field]);
}

/**
 * The index of the largest of some values, the first one of several.
 *
 * @param {number[]} values
 */
export const largest = (values) => values.indexOf(Math.max(...values));
