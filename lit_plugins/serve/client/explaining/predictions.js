// Models' predictions for datapoints, without explanations.

import { classesOf } from '../lit/fields.js';
import { apiService, appState } from '../lit/services.js';

/** @import { Input } from '../lit/types.d.ts' */

/**
 * Requests the probabilities of a model's classes.
 *
 * @param {Input[]} inputs the datapoints.
 * @param {string} model
 * @returns {Promise<number[][]>} for each datapoint, one probability per class, in the order of the
 *   model's labels.
 */
export async function probabilitiesOf(inputs, model) {
  const [field] = classesOf(model);
  const answers = await apiService.getPreds(
    inputs, model, appState.currentDataset, [], [field], `Predictions of ${model}`,
  );
  return answers.map((answer) => answer[field]);
}

/**
 * Returns the index of the largest value; if several are equal, that of the first.
 *
 * @param {number[]} values
 */
export const largest = (values) => values.indexOf(Math.max(...values));
