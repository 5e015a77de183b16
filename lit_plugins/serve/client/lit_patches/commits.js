// What is added to the dataset is saved, where the server has a folder for it.

import { appState, watch } from '../lit/services.js';
import { canSave, refresh, save } from '../lit/saved_datapoints.js';

/** @import { AppState, Input } from '../lit/types.d.ts' */

const commit = appState.commitNewDatapoints;
/** @this {AppState} @param {Input[]} datapoints */
appState.commitNewDatapoints = function (datapoints) {
  const fresh = datapoints.filter(
    ({ id, meta }) => meta.added && this.getCurrentInputDataById(id) === null,
  );
  commit.call(this, datapoints);
  // Where that fails the status bar says why, and the datapoint stays in the page.
  if (canSave() && fresh.length > 0) save(fresh).catch(() => {});
};

// What others have saved meanwhile is there when somebody comes back to the page.
watch(
  () => appState.initialized && canSave(),
  (saves) => {
    if (saves) window.addEventListener('focus', () => void refresh().catch(() => {}));
  },
);
