// The explanation methods that the server has, and how the page asks for an explanation.

import { apiService, appState } from '../lit/services.js';

const EXPLANATION = 'explanation';
const METHOD = 'method';
const TARGET = 'Class to explain';

/** The titles of the methods that suit all of some models. */
export const methodsFor = (models) =>
  (appState.metadata.interpreters[EXPLANATION]?.configSpec[METHOD].vocab ?? []).filter((title) =>
    models.every((model) => appState.metadata.models[model].interpreters.includes(title)),
  );

/** Whether any method suits a model. */
export const isExplained = (model) => methodsFor([model]).length > 0;

/** A method's options by name, as fields of LIT's forms. */
export const optionsOf = (title) =>
  Object.entries(appState.metadata.interpreters[title].configSpec).filter(
    ([name]) => name !== TARGET,
  );

/** Whether a field is a menu of the app's models: that of a method that compares two. */
export const isMenuOfModels = (field) =>
  field.vocab?.join() === Object.keys(appState.metadata.models).join();

/** Whether a method holds the model against another. */
export const comparesModels = (title) =>
  optionsOf(title).some(([, field]) => isMenuOfModels(field));

/** The labels of a model's classes, in order. */
export const labelsOf = (model) =>
  Object.values(appState.metadata.models[model].spec.output).find(
    ({ name }) => name === 'MulticlassPreds',
  )?.vocab ?? [];

/**
 * Explanations of some inputs: for each, what `Explanation.to_dict` gives in Python, with the
 * method's `title`, its `options` as they were used, and the models that it was `compared` with.
 *
 * @param request title: the method; target: the index of the class, or null for the predicted one;
 *   options: values of the method's options, the rest of them as they are by default.
 */
export function explain(inputs, model, { title, target = null, options = {} }) {
  const config = { [METHOD]: title, ...options };
  if (target !== null) config[TARGET] = { index: target };
  return apiService.getInterpretations(
    inputs, model, appState.currentDataset, EXPLANATION, config, `Explaining by ${title}`, true,
  );
}
