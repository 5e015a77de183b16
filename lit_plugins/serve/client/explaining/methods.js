// The explanation methods that the server has, and how the page asks for an explanation.

import { classesOf } from '../lit/fields.js';
import { apiService, appState } from '../lit/services.js';

/** @import { Explanation, Request } from './explanation.d.ts' */
/** @import { Input } from '../lit/types.d.ts' */

const EXPLANATION = 'explanation';
const METHOD = 'method';
const TARGET = 'Class to explain';

/**
 * The titles of the methods that suit all of some models.
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
 * A method's options.
 *
 * @param {string} title
 */
export const optionsOf = (title) => appState.metadata.interpreters[title].options;

/**
 * The name of the option that takes another model; undefined if a method has none.
 *
 * @param {string} title
 */
export const otherModelOf = (title) =>
  optionsOf(title).find(({ control }) => control === 'models')?.name;

/**
 * Whether a method holds the model against another.
 *
 * @param {string} title
 */
export const comparesModels = (title) => otherModelOf(title) !== undefined;

/**
 * The titles of the methods that suit all of some models and look at one at a time.
 *
 * @param {string[]} models
 */
export const methodsOfOne = (models) =>
  methodsFor(models).filter((title) => !comparesModels(title));

/**
 * The labels of a model's classes, in order.
 *
 * @param {string} model
 */
export const labelsOf = (model) => classesOf(model)[1].vocab ?? [];

/**
 * Explanations of some inputs: for each, what `Explanation.to_dict` gives in Python, with the
 * method's `title`, its `options` as they were used, and the models that it was `compared` with.
 *
 * @param {Input[]} inputs
 * @param {string} model
 * @param {Request} request options that it leaves out are as they are by default.
 * @returns {Promise<Explanation[]>}
 */
export function explain(inputs, model, { title, target = null, options = {} }) {
  /** @type {Record<string, unknown>} */
  const config = { [METHOD]: title, ...options };
  if (target !== null) config[TARGET] = { index: target };
  return apiService.getInterpretations(
    inputs, model, appState.currentDataset, EXPLANATION, config, `Explaining by ${title}`, true,
  );
}
