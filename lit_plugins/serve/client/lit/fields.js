// Fields of models and of forms, found by what they are.

import { appState } from './services.js';

/** @import { Field } from './types.d.ts' */

/** @type {Field} */
const NONE = { name: '' };

/**
 * The output that has a model's classes: its name, or '', and what is known of it.
 *
 * @param {string} model
 * @returns {[name: string, field: Field]}
 */
export const classesOf = (model) =>
  Object.entries(appState.metadata.models[model].spec.output).find(
    ([, { name }]) => name === 'MulticlassPreds',
  ) ?? ['', NONE];

/**
 * The name of the field that a model takes its text from.
 *
 * @param {string} model
 */
export const textFieldOf = (model) =>
  Object.entries(appState.metadata.models[model].spec.input).find(
    ([, { name }]) => name === 'TextSegment',
  )?.[0] ?? '';

/**
 * Whether a form's field is a menu of the app's models: that of a method that compares two.
 *
 * @param {Partial<Field>} field
 */
export const isMenuOfModels = (field) =>
  field?.vocab?.join?.() === Object.keys(appState.metadata.models).join();
