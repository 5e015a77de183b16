// What of the datapoints in the page the server has saved, and what is asked of it for that.

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
 * What is known of one dataset.
 *
 * @typedef {object} Saved
 * @property {Map<string, string>} times when each datapoint was saved, by its id
 * @property {string} revision by which the server knows what the page knows
 * @property {string[]} notes what the server says of the file
 */

const changes = new EventTarget();
const CHANGE = 'change';
/** @type {Map<string, Saved>} */
const byDataset = new Map();
/** @type {Set<string>} */
const beingSaved = new Set();
/** @type {Promise<unknown>} */
let last = Promise.resolve();

// LIT's own, which others replace by one that saves: what comes from the server is saved.
const { commitNewDatapoints } = appState;

/** Whether the server saves anything. */
export const canSave = () => appState.metadata.savesDatapoints === true;

/**
 * Calls a function whenever something was saved or removed, until the answer is called.
 *
 * @param {() => void} tell
 */
export function onChange(tell) {
  changes.addEventListener(CHANGE, tell);
  return () => changes.removeEventListener(CHANGE, tell);
}

/** What is known of the open dataset. */
export function savedNow() {
  const { currentDataset, currentInputData } = appState;
  let saved = byDataset.get(currentDataset);
  if (saved === undefined) {
    // What the page was opened with says of itself when it was saved.
    const times = currentInputData
      .filter(({ meta }) => meta.saved)
      .map(({ id, meta }) => /** @type {const} */ ([id, meta.saved]));
    saved = { times: new Map(times), revision: '', notes: [] };
    if (currentInputData.length > 0) byDataset.set(currentDataset, saved);
  }
  return saved;
}

/** The datapoints that were added in the page and are not saved, as saving failed. */
export const unsaved = () => {
  const { times } = savedNow();
  return appState.currentInputData.filter(
    ({ id, meta }) => meta.added && !times.has(id) && !beingSaved.has(id),
  );
};

/**
 * Saves datapoints; those that are saved stay as they are.
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

/** Fetches what other tabs and users have saved, and takes away what they have removed. */
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
 * Removes saved datapoints, here and for everybody.
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
 * Adds the datapoints of a file.
 *
 * @param {string} name
 * @param {string} text
 */
export const load = (name, text) =>
  ask('load_datapoints', 'Loading datapoints', { config: { name, text } }, (answer, saved) => {
    show(answer.inputs);
    for (const { id, meta } of answer.inputs) saved.times.set(id, meta.saved);
    return answer;
  });

/**
 * The saved datapoints as a file.
 *
 * @param {'csv' | 'jsonl'} kind
 * @returns {Promise<{ name: string, kind: string, text: string }>}
 */
export const download = (kind) =>
  ask('download_datapoints', 'Preparing the file', { config: { kind } }, (answer) => answer);

/**
 * Asks the server, one question after the other: an answer of before would undo one of after.
 *
 * @param {string} route
 * @param {string} message that stands in the status bar meanwhile.
 * @param {{ inputs?: Input[], config?: object }} question
 * @param {(answer: any, saved: Saved) => any} take
 * @returns {Promise<any>}
 * @throws {Error} its message is the server's sentence.
 */
function ask(route, message, { inputs = [], config }, take) {
  const dataset = appState.currentDataset;
  const asked = last.then(async () => {
    try {
      const answer = await apiService.queryServer(
        `/${route}`, { dataset_name: dataset }, inputs, message, config,
      );
      return dataset === appState.currentDataset ? take(answer, savedNow()) : answer;
    } catch (error) {
      throw new Error(sentenceOf(error), { cause: error });
    } finally {
      changes.dispatchEvent(new Event(CHANGE));
    }
  });
  last = asked.catch(() => {});
  return asked;
}

/** @param {Input[]} inputs */
function show(inputs) {
  const fresh = inputs.filter(({ id }) => appState.getCurrentInputDataById(id) === null);
  if (fresh.length > 0) commitNewDatapoints.call(appState, fresh);
}

/**
 * Takes datapoints out of the page; LIT itself has no way to.
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
  // All at once: nothing reacts to a state between.
  appState.inputData.set(appState.currentDataset, new Map(left.map((each) => [each.id, each])));
}
