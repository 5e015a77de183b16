// The server's explanation methods, and requests for explanations.

import { classesOf } from '../lit/fields.js';
import { apiService, appState } from '../lit/services.js';

/** @import { Explanation, Request } from './explanation.d.ts' */
/** @import { Input } from '../lit/types.d.ts' */

const EXPLANATION = 'explanation';
const METHOD = 'method';
const TARGET = 'Class to explain';

/**
 * Returns the titles of the methods that suit all the given models.
 *
 * @param {string[]} models
 */
export const methodsFor = (models) =>
  (appState.metadata.interpreters[EXPLANATION]?.configSpec[METHOD].vocab ?? []).filter((title) =>
    models.every((model) => appState.metadata.models[model].interpreters.includes(title)),
  );

/**
 * Whether any method suits a model.
 *
 * @param {string} model
 */
export const isExplained = (model) => methodsFor([model]).length > 0;

/**
 * Returns a method's options.
 *
 * @param {string} title
 */
export const optionsOf = (title) => appState.metadata.interpreters[title].options;

/**
 * Returns the name of the option that takes another model; undefined if the method has none.
 *
 * @param {string} title
 */
export const otherModelOf = (title) =>
  optionsOf(title).find(({ control }) => control === 'models')?.name;

/**
 * Whether a method compares the model with another.
 *
 * @param {string} title
 */
export const comparesModels = (title) => otherModelOf(title) !== undefined;

/**
 * Returns the titles of the methods that suit all the given models and explain one at a time.
 *
 * @param {string[]} models
 */
export const methodsOfOne = (models) =>
  methodsFor(models).filter((title) => !comparesModels(title));

/**
 * Returns the labels of a model's classes, in order.
 *
 * @param {string} model
 */
export const labelsOf = (model) => classesOf(model)[1].vocab ?? [];

/**
 * Requests explanations of datapoints.
 *
 * @param {Input[]} inputs the datapoints.
 * @param {string} model
 * @param {Request} request omitted options have their default values.
 * @returns {Promise<Explanation[]>} one explanation per datapoint: the result of Python's
 *   `Explanation.to_dict`, with the method's `title`, its `options` as the server used them, and
 *   the models that the model was `compared` with.
 */
export function explain(inputs, model, { title, target = null, options = {} }) {
  /** @type {Record<string, unknown>} */
  const config = { [METHOD]: title, ...options };
  if (target !== null) config[TARGET] = { index: target };
  return apiService.getInterpretations(
    inputs, model, appState.currentDataset, EXPLANATION, config, `Explaining by ${title}`, true,
  );
}
