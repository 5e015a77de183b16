// What the page asks the server for: how a request is given up, and how a refusal is worded.

const DETAILS = '\n\nDetails:';
const fetchAll = window.fetch;
let current;

// Calls what asks the server at once; its answer is that of nothing when the signal gives it up.
export function askUntil(signal, ask) {
  current = signal;
  try {
    return ask();
  } finally {
    current = undefined;
  }
}

// The sentence of a request's failure.
export const sentenceOf = (error) => error.message.split(DETAILS)[0];

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
