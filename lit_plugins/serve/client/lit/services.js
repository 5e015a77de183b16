// LIT's services. LIT's script does not export them, so they are read from its elements.

import { lit } from './elements.js';

/** @import * as types from './types.d.ts' */

const menu = new (lit('lit-main-menu'))();
const table = new (lit('data-table-module'))();
const watcher = new (lit('popup-container'))();

/** @type {types.AppState} */
export const appState = menu.appState;
/** @type {types.ColorService} */
export const colorService = menu.colorService;
/** @type {types.SelectionService} */
export const selectionService = menu.selectionService;
/** @type {types.DataService} */
export const dataService = table.dataService;
/** @type {types.FocusService} */
export const focusService = table.focusService;
/** @type {types.SelectionService} */
export const pinnedSelectionService = table.referenceSelectionService;
/** @type {types.SliceService} */
export const sliceService = table.sliceService;
export const { groupService } = colorService;
export const { apiService } = dataService;

/**
 * Calls an effect with the value of a function, now and whenever that value changes.
 *
 * @template Value
 * @param {() => Value} read computes the value from LIT's observable state.
 * @param {(value: Value) => unknown} effect
 */
export const watch = (read, effect) => watcher.reactImmediately(read, effect);
