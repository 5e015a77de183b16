// Fields of models and of forms, found by what they are.

import { appState } from './services.js';

/** @import { Field, Spec } from './types.d.ts' */

/** @type {Field} */
const NONE = { name: '' };

/**
 * The first field of a kind: its name, or '', and what is known of it.
 *
 * @param {Spec} spec
 * @param {string} kind
 * @returns {[name: string, field: Field]}
 */
const firstOf = (spec, kind) =>
  Object.entries(spec).find(([, { name }]) => name === kind) ?? ['', NONE];

/**
 * The output that has a model's classes: its name, or '', and what is known of it.
 *
 * @param {string} model
 */
export const classesOf = (model) =>
  firstOf(appState.metadata.models[model].spec.output, 'MulticlassPreds');

/**
 * The name of the field that has a datapoint's text.
 *
 * @param {Spec} spec of a dataset, or of what a model takes.
 */
export const textFieldIn = (spec) => firstOf(spec, 'TextSegment')[0];

/**
 * The name of the field that a model takes its text from.
 *
 * @param {string} model
 */
export const textFieldOf = (model) => textFieldIn(appState.metadata.models[model].spec.input);
