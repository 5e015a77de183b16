// The datapoints that the server has saved: a record of them, and the requests that change it.

import { sentenceOf } from './requests.js';
import {
  apiService,
  appState,
  pinnedSelectionService,
  selectionService,
  sliceService,
} from './services.js';

/** @import { Input } from './types.d.ts' */

/**
 * The saved datapoints of one dataset.
 *
 * @typedef {object} Saved
 * @property {Map<string, string>} times when each datapoint was saved, by its id
 * @property {string} revision the server's name for the state that the page last fetched
 * @property {string[]} notes the server's remarks on its file
 * @property {number} removed the number of removed datapoints that can be brought back
 */

/**
 * Datapoints that were removed at the same time.
 *
 * @typedef {object} Removal
 * @property {string} at the time, in ISO 8601; '' if it is not known
 * @property {number} count
 * @property {{ id: string, text: string }[]} first the first of them, with the beginnings of their
 *   texts
 */

const changes = new EventTarget();
const CHANGE = 'change';
/** @type {Map<string, Saved>} */
const byDataset = new Map();
/** @type {Set<string>} */
const beingSaved = new Set();
/** @type {Promise<unknown>} */
let last = Promise.resolve();

// LIT's own function: a patch replaces it by one that saves, but the server's datapoints are saved.
const { commitNewDatapoints } = appState;

/** Whether the server saves anything. */
export const canSave = () => appState.metadata.savesDatapoints === true;

/**
 * Calls a function whenever datapoints were saved, removed or brought back.
 *
 * @param {() => void} tell
 * @returns {() => void} ends the calls.
 */
export function onChange(tell) {
  changes.addEventListener(CHANGE, tell);
  return () => changes.removeEventListener(CHANGE, tell);
}

/** Returns the record of the open dataset's saved datapoints. */
export function savedNow() {
  const { currentDataset, currentInputData } = appState;
  let saved = byDataset.get(currentDataset);
  if (saved === undefined) {
    // The datapoints that the page was opened with carry the times at which they were saved.
    const times = currentInputData
      .filter(({ meta }) => meta.saved)
      .map(({ id, meta }) => /** @type {const} */ ([id, meta.saved]));
    saved = { times: new Map(times), revision: '', notes: [], removed: 0 };
    if (currentInputData.length > 0) byDataset.set(currentDataset, saved);
  }
  return saved;
}

/** Returns the datapoints that were added in the page but could not be saved. */
export const unsaved = () => {
  const { times } = savedNow();
  return appState.currentInputData.filter(
    ({ id, meta }) => meta.added && !times.has(id) && !beingSaved.has(id),
  );
};

/**
 * Saves datapoints. Datapoints that are already saved stay unchanged.
 *
 * @param {Input[]} inputs
 */
export async function save(inputs) {
  for (const { id } of inputs) beingSaved.add(id);
  try {
    await ask('save_datapoints', 'Saving datapoints', { inputs }, (answer, saved) => {
      for (const [id, time] of Object.entries(answer.saved)) saved.times.set(id, time);
    });
  } finally {
    for (const { id } of inputs) beingSaved.delete(id);
    changes.dispatchEvent(new Event(CHANGE));
  }
}

/** Shows the datapoints that other tabs and users have saved, and drops those they have removed. */
export const refresh = () =>
  ask('saved_datapoints', '', { config: { known: savedNow().revision } }, (answer, saved) => {
    saved.notes = answer.notes;
    if (answer.inputs === null) return answer;
    /** @type {Map<string, string>} */
    const times = new Map();
    for (const { id, meta } of answer.inputs) times.set(id, meta.saved);
    show(answer.inputs);
    forget([...saved.times.keys()].filter((id) => !times.has(id)));
    saved.times = times;
    saved.revision = answer.revision;
    return answer;
  });

/**
 * Removes saved datapoints, in this page and for all users.
 *
 * @param {string[]} ids
 */
export const remove = (ids) =>
  ask('remove_datapoints', 'Removing datapoints', { config: { ids } }, (answer, saved) => {
    forget(ids);
    for (const id of ids) saved.times.delete(id);
    return answer;
  });

/**
 * Brings removed datapoints back, in this page and for all users.
 *
 * @param {{ ids: string[] } | { at: string }} which some by their ids, or all that were removed at
 *   a time.
 * @returns {Promise<{ inputs: Input[] }>} what was brought back.
 */
export const restore = (which) =>
  ask('restore_datapoints', 'Bringing datapoints back', { config: which }, takeNew);

/**
 * Fetches what can be brought back, the latest removal first.
 *
 * @param {string | null} before a time: only what was removed earlier is fetched; null for all.
 * @returns {Promise<{ removals: Removal[], are_all: boolean }>} some of it, and whether it is all.
 */
export const fetchRemovals = (before) =>
  ask('removed_datapoints', '', { config: { before } }, (answer) => answer);

/**
 * Adds the datapoints of a file to the dataset.
 *
 * @param {string} name the file's name.
 * @param {string} text the file's content.
 */
export const load = (name, text) =>
  ask('load_datapoints', 'Loading datapoints', { config: { name, text } }, takeNew);

/**
 * Fetches the saved datapoints as a file.
 *
 * @param {'csv' | 'jsonl'} kind
 * @returns {Promise<{ name: string, kind: string, text: string }>}
 */
export const download = (kind) =>
  ask('download_datapoints', 'Preparing the file', { config: { kind } }, (answer) => answer);

/**
 * Sends requests one after another, so that no outdated response overwrites a newer one.
 *
 * @param {string} route
 * @param {string} message shown in the status bar until the response arrives.
 * @param {{ inputs?: Input[], config?: object }} question
 * @param {(answer: any, saved: Saved) => any} take handles the response, if its dataset is still
 *   open; gets the dataset's record.
 * @returns {Promise<any>} the result of `take`; the response itself if another dataset is open.
 * @throws {Error} if the request fails; the message is the server's sentence.
 */
function ask(route, message, { inputs = [], config }, take) {
  const dataset = appState.currentDataset;
  const asked = last.then(async () => {
    try {
      const answer = await apiService.queryServer(
        `/${route}`, { dataset_name: dataset }, inputs, message, config,
      );
      if (dataset !== appState.currentDataset) return answer;
      const saved = savedNow();
      saved.removed = answer.removed ?? saved.removed;
      return take(answer, saved);
    } catch (error) {
      throw new Error(sentenceOf(error), { cause: error });
    } finally {
      changes.dispatchEvent(new Event(CHANGE));
    }
  });
  last = asked.catch(() => {});
  return asked;
}

/** @param {any} answer @param {Saved} saved */
function takeNew(answer, saved) {
  show(answer.inputs);
  for (const { id, meta } of answer.inputs) saved.times.set(id, meta.saved);
  return answer;
}

/** @param {Input[]} inputs */
function show(inputs) {
  const fresh = inputs.filter(({ id }) => appState.getCurrentInputDataById(id) === null);
  if (fresh.length > 0) commitNewDatapoints.call(appState, fresh);
}

/**
 * Removes datapoints from the page, for which LIT has no function.
 *
 * @param {string[]} ids
 */
function forget(ids) {
  const gone = new Set(ids.filter((id) => appState.getCurrentInputDataById(id) !== null));
  if (gone.size === 0) return;
  if (gone.has(pinnedSelectionService.primarySelectedId ?? '')) {
    appState.compareExamplesEnabled = false;
    pinnedSelectionService.selectIds([]);
  }
  const { selectedIds } = selectionService;
  const kept = selectedIds.filter((id) => !gone.has(id));
  if (kept.length < selectedIds.length) selectionService.selectIds(kept);
  for (const name of sliceService.sliceNames) sliceService.removeIdsFromSlice(name, [...gone]);
  const left = appState.currentInputData.filter(({ id }) => !gone.has(id));
  // One assignment, so that nothing reacts to an intermediate state.
  appState.inputData.set(appState.currentDataset, new Map(left.map((input) => [input.id, input])));
}
