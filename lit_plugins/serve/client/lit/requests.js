// What the page asks the server for: how it is given up, how far it is, how a refusal is worded.

/** @import { Progress } from './types.d.ts' */

const DETAILS = '\n\nDetails:';
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
    asking ??= fetch(`./get_progress?run=${run}`)
      .then((answer) => answer.json())
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

window.fetch = async (url, options) => {
  const signal = current;
  try {
    const answer = await fetchAll(url, signal ? { ...options, signal } : options);
    const { status } = answer;
    if (!signal && status !== 400) return answer;
    const text = await answer.text();
    // Of a refusal LIT shows what stands before its details, and "Unknown error" if it has none.
    return new Response(status === 400 ? text + DETAILS : text, { status });
  } catch (error) {
    // What was given up is no failure: LIT gets an explanation of nothing, and ends its spinner.
    if (signal?.aborted) return new Response('[{}]');
    throw error;
  }
};
