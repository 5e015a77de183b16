// Repeats a request to a busy server, if the server's response says when to try again.

const BUSY = new Set([429, 503]); // HTTP statuses of a busy server
const MOST_TRIES = 10;
const LONGEST_MS = 120_000; // from the first request to the last
// The wait doubles with each try, up to the last wait. The server may ask for a longer one.
const FIRST_WAIT_MS = 250;
const LAST_WAIT_MS = 20_000;
// Random share added to each wait, so that pages refused together do not all return together.
const JITTER = 0.5;

/**
 * Sends a request, and sends it again while the server is busy.
 *
 * @param {() => Promise<Response>} ask sends the request.
 * @param {AbortSignal | undefined} signal ends the waiting: the promise rejects with its reason.
 * @returns {Promise<Response>} the server's response; that of a busy server if it stays busy for
 *   too long, or does not say when to try again.
 */
export async function patiently(ask, signal) {
  const end = performance.now() + LONGEST_MS;
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    if (!BUSY.has(answer.status) || tries === MOST_TRIES) return answer;
    const told = timeToldBy(answer);
    const least = Math.min(FIRST_WAIT_MS * 2 ** tries, LAST_WAIT_MS);
    const wait = Math.max(told ?? 0, least) * (1 + JITTER * Math.random());
    if (told === null || performance.now() + wait > end) return answer;
    await time(wait, signal);
  }
}

/** The wait that the server asks for, in ms; null if it names none. @param {Response} answer */
function timeToldBy(answer) {
  const told = answer.headers.get('Retry-After') ?? '';
  const time = /^\d+$/.test(told) ? 1000 * Number(told) : Date.parse(told) - Date.now();
  return Number.isNaN(time) ? null : time;
}

/**
 * Waits.
 *
 * @param {number} wait in ms.
 * @param {AbortSignal | undefined} signal ends the waiting: the promise rejects with its reason.
 * @returns {Promise<void>}
 */
const time = (wait, signal) =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const clock = setTimeout(resolve, wait);
    const giveUp = () => {
      clearTimeout(clock);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
  });
