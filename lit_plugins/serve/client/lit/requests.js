// Requests to the server: aborting them, following their progress, and wording their failures.

import { patiently } from './retry.js';

/** @import { Progress } from './types.d.ts' */

const DETAILS = '\n\nDetails:';
const UNKNOWN = 'The server no longer knows this browser; open the address that it printed.';
const UNREACHED = 'The server cannot be reached; check whether it is still running.';
const PROGRESS_EVERY_MS = 500;
const fetchAll = window.fetch;
/** @type {AbortSignal | undefined} */
let current;

/**
 * Calls a function whose requests a signal can abort. An aborted request gets an empty response.
 *
 * @template Answer
 * @param {AbortSignal} signal
 * @param {() => Answer} ask sends its requests synchronously: later ones do not see the signal.
 * @returns {Answer} the function's own result.
 */
export function askUntil(signal, ask) {
  current = signal;
  try {
    return ask();
  } finally {
    current = undefined;
  }
}

/**
 * Extracts the sentence from the error of a failed request, without the details.
 *
 * @param {unknown} error
 */
export const sentenceOf = (error) =>
  (error instanceof Error ? error.message : String(error)).split(DETAILS)[0];

// Makes a name for a run. A request's config carries the name, by which the page can ask for the
// run's progress. crypto.randomUUID is missing in pages that came over plain HTTP from elsewhere.
export const newRun = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

/**
 * Reports the progress of a run repeatedly.
 *
 * @param {string} run the run's name.
 * @param {AbortSignal} signal suppresses the last report once it is aborted.
 * @param {(progress: Progress) => void} tell called with each report.
 * @returns {() => Promise<void>} ends the reports; resolves after a last one.
 */
export function watchProgress(run, signal, tell) {
  /** @type {Promise<void> | undefined} */
  let asking;
  const ask = () => {
    // One request at a time; the next one follows soon enough.
    asking ??= fetchAll(`./get_progress?run=${run}`, asJson({ method: 'POST', body: '{}' }))
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((progress) => {
        if (progress) tell(progress);
      })
      .catch(() => {}) // the run's own request reports what is wrong
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };
  const clock = setInterval(ask, PROGRESS_EVERY_MS);
  return async () => {
    clearInterval(clock);
    await asking;
    if (!signal.aborted) await ask();
  };
}

/**
 * Marks a POST request as JSON, the only content type that the server accepts.
 *
 * @param {RequestInit} options
 * @returns {RequestInit}
 */
function asJson(options) {
  if (options.method !== 'POST') return options;
  const headers = new Headers(options.headers);
  if (!headers.has('Content-Type')) headers.set('Content-Type', 'application/json');
  return { ...options, headers };
}

/**
 * Words a refusal for LIT, which shows users only the text before the details.
 *
 * @param {number} status
 * @param {string} text
 */
function wordedForLit(status, text) {
  if (status === 401) return UNKNOWN + DETAILS;
  try {
    const { error, id } = JSON.parse(text);
    if (typeof error === 'string') return `${error}${DETAILS} request ${id}`;
  } catch {} // The response is not the server's own, but that of a proxy, for example.
  return `The server answered with status ${status}; try again later.${DETAILS} ${text}`;
}

window.fetch = async (url, options = {}) => {
  const signal = current;
  const asked = asJson(signal ? { ...options, signal } : options);
  try {
    const answer = await patiently(() => fetchAll(url, asked), signal);
    const { ok, status } = answer;
    if (!signal && ok) return answer;
    const text = await answer.text();
    return new Response(ok ? text : wordedForLit(status, text), { status });
  } catch (error) {
    // An aborted request is no failure: LIT gets an empty explanation and stops its spinner.
    if (signal?.aborted) return new Response('[{}]');
    throw new Error(UNREACHED + DETAILS, { cause: error });
  }
};
