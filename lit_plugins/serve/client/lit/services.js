// LIT's services, which its script keeps to itself: its elements hold them.

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
 * Calls the effect with what the function gives, now and whenever that changes.
 *
 * @template Value
 * @param {() => Value} read
 * @param {(value: Value) => unknown} effect
 */
export const watch = (read, effect) => watcher.reactImmediately(read, effect);
