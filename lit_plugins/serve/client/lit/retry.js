// Asks a busy server again, when it says that it will have time later.

const BUSY = new Set([429, 503]);
const MOST_TRIES = 10;
const LONGEST_MS = 120_000;
// From one try to the next it waits twice as long, if the server says no longer time.
const FIRST_WAIT_MS = 250;
const LAST_WAIT_MS = 20_000;
// Pages that were refused together come back one after the other.
const JITTER = 0.5;

/**
 * The server's answer; that it is busy only if it has been so for too long.
 *
 * @param {() => Promise<Response>} ask
 * @param {AbortSignal | undefined} signal gives it up.
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

/** When the server will have time, in ms; null if it does not say. @param {Response} answer */
function timeToldBy(answer) {
  const told = answer.headers.get('Retry-After') ?? '';
  const time = /^\d+$/.test(told) ? 1000 * Number(told) : Date.parse(told) - Date.now();
  return Number.isNaN(time) ? null : time;
}

/** @param {number} wait @param {AbortSignal | undefined} signal @returns {Promise<void>} */
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
