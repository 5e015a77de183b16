// Ready-made slices: the datapoints that people look for first, such as those that a model gets
// wrong. They are computed from the columns of the data table.

import { classesOf } from './fields.js';
import { appState, dataService } from './services.js';

/** @import { Input } from './types.d.ts' */

/** @typedef {{ name: string, meaning: string, ids: string[] }} ReadySlice */

/** A model is unsure where the class that it predicts has a smaller probability. */
const SURE = 0.6;

/** The open models that predict classes. */
const classifiers = () => appState.currentModels.filter((model) => classesOf(model)[0]);

/**
 * Returns whether a model's prediction differs from the label; undefined where either is unknown.
 *
 * @param {string} model
 * @param {Input} input
 */
export function isWrong(model, { id, data }) {
  const [field, { parent, vocab }] = classesOf(model);
  const label = data[parent ?? ''];
  const predicted = dataService.getVal(id, `${model}:${field}:class`);
  return predicted == null || !vocab?.includes(label) ? undefined : predicted !== label;
}

/**
 * Returns the slices of the open models that are not empty, in the order in which people ask for
 * them.
 *
 * @returns {ReadySlice[]}
 */
export function readySlices() {
  const models = classifiers();
  return [
    ...models.map((model) =>
      slice(`wrong: ${model}`, `${model} predicts another class than the label`, (input) =>
        isWrong(model, input) === true,
      ),
    ),
    ...(models.length > 1 ? comparisons(models) : []),
    ...models.map((model) =>
      slice(
        `unsure: ${model}`,
        `the class that ${model} predicts has a probability below ${100 * SURE} %`,
        ({ id }) => {
          const confidence = dataService.getVal(id, `${model}:confidence`);
          return confidence != null && confidence < SURE;
        },
      ),
    ),
    ...models.map((model) =>
      slice(`cut: ${model}`, `${model} reads only a part of the text`, ({ id }) =>
        dataService.getVal(id, `${model}:cut`) === true,
      ),
    ),
  ].filter(({ ids }) => ids.length > 0);
}

/** @param {string[]} models two or more */
function comparisons(models) {
  const areTwo = models.length === 2;
  /** @param {string[]} among @param {Input} input */
  const allWrong = (among, input) => among.every((model) => isWrong(model, input) === true);
  return [
    slice(areTwo ? 'both wrong' : 'all wrong', `wrong by ${models.join(', ')}`, (input) =>
      allWrong(models, input),
    ),
    ...models.map((model) => {
      const others = models.filter((other) => other !== model);
      const name = areTwo ? `${model} wrong, ${others[0]} right` : `only ${model} wrong`;
      return slice(name, `${model} is wrong, and ${others.join(', ')} right`, (input) =>
        isWrong(model, input) === true && others.every((other) => isWrong(other, input) === false),
      );
    }),
  ];
}

/**
 * @param {string} name
 * @param {string} meaning
 * @param {(input: Input) => boolean} belongs
 * @returns {ReadySlice}
 */
const slice = (name, meaning, belongs) => ({
  name,
  meaning,
  ids: appState.currentInputData.filter(belongs).map(({ id }) => id),
});
