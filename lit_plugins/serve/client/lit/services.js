// LIT's services, which its script keeps to itself: its elements hold them.

import { lit } from './elements.js';

const { appState, colorService, selectionService } = new (lit('lit-main-menu'))();
const {
  dataService,
  focusService,
  referenceSelectionService: pinnedSelectionService,
  sliceService,
} = new (lit('data-table-module'))();
const { groupService } = colorService;
const { apiService } = dataService;
const watcher = new (lit('popup-container'))();

export {
  apiService,
  appState,
  colorService,
  dataService,
  focusService,
  groupService,
  pinnedSelectionService,
  selectionService,
  sliceService,
};

// Calls the effect with what the function gives, now and whenever that changes.
export const watch = (read, effect) => watcher.reactImmediately(read, effect);
