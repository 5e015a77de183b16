// What the page asks the server for: how it is given up, how far it is, how a refusal is worded.

import { patiently } from './retry.js';

/** @import { Progress } from './types.d.ts' */

const DETAILS = '\n\nDetails:';
const UNKNOWN = 'The server does not know this browser any more; open the address that it printed.';
const UNREACHED = 'The server cannot be reached; see whether it still runs.';
const PROGRESS_EVERY_MS = 500;
const fetchAll = window.fetch;
/** @type {AbortSignal | undefined} */
let current;

/**
 * Calls what asks the server at once; its answer is that of nothing when the signal gives it up.
 *
 * @template Answer
 * @param {AbortSignal} signal
 * @param {() => Answer} ask
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
 * The sentence of a request's failure.
 *
 * @param {unknown} error
 */
export const sentenceOf = (error) =>
  (error instanceof Error ? error.message : String(error)).split(DETAILS)[0];

// A name for the run that a request's config asks to be told of.
// No randomUUID: a page that came over plain HTTP from another machine has none.
export const newRun = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

/**
 * Tells how far a run is, time and again, and a last time when what it returns is called and waited
 * for.
 *
 * @param {string} run
 * @param {AbortSignal} signal
 * @param {(progress: Progress) => void} tell
 */
export function watchProgress(run, signal, tell) {
  /** @type {Promise<void> | undefined} */
  let asking;
  const ask = () => {
    // Once only: it is asked again soon enough.
    asking ??= fetchAll(`./get_progress?run=${run}`, asJson({ method: 'POST', body: '{}' }))
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((progress) => {
        if (progress) tell(progress);
      })
      .catch(() => {}) // the request itself says what is wrong
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
 * The server takes what is posted for nothing but JSON.
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
 * A refusal as LIT reads it: of its text it shows what stands before the details.
 *
 * @param {number} status
 * @param {string} text
 */
function wordedForLit(status, text) {
  if (status === 401) return UNKNOWN + DETAILS;
  try {
    const { error, id } = JSON.parse(text);
    if (typeof error === 'string') return `${error}${DETAILS} request ${id}`;
  } catch {} // Something before the server answered, such as a proxy.
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
    // What was given up is no failure: LIT gets an explanation of nothing, and ends its spinner.
    if (signal?.aborted) return new Response('[{}]');
    throw new Error(UNREACHED + DETAILS, { cause: error });
  }
};
