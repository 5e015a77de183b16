// LIT keeps added datapoints in the browser only, so that reloading the page loses them. Here the
// server saves them too, if it has a folder for them.

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
  // If saving fails, the status bar shows the error, and the datapoint stays in the page.
  if (canSave() && fresh.length > 0) save(fresh).catch(() => {});
};

// Datapoints that other users have saved appear when the user returns to the page.
watch(
  () => appState.initialized && canSave(),
  (saves) => {
    if (saves) window.addEventListener('focus', () => void refresh().catch(() => {}));
  },
);
