// Fields of datasets and models, found by their types instead of their names.

import { appState } from './services.js';

/** @import { Field, Spec } from './types.d.ts' */

/** @type {Field} */
const NONE = { name: '' };

/**
 * Finds the first field of a type.
 *
 * @param {Spec} spec
 * @param {string} kind the name of the type.
 * @returns {[name: string, field: Field]} the name is '' if there is no such field.
 */
const firstOf = (spec, kind) =>
  Object.entries(spec).find(([, { name }]) => name === kind) ?? ['', NONE];

/**
 * Finds the output of a model that holds its classes: name and field; the name is '' without one.
 *
 * @param {string} model
 */
export const classesOf = (model) =>
  firstOf(appState.metadata.models[model].spec.output, 'MulticlassPreds');

/**
 * Returns the name of the field with the text.
 *
 * @param {Spec} spec the fields of a dataset, or a model's input fields.
 */
export const textFieldIn = (spec) => firstOf(spec, 'TextSegment')[0];

/**
 * Returns the name of the field from which a model reads its text.
 *
 * @param {string} model
 */
export const textFieldOf = (model) => textFieldIn(appState.metadata.models[model].spec.input);
