import type { OptionValue } from '../explaining/explanation.d.ts';

/** A word of several texts, regardless of case. */
export interface Word {
  word: string;
  /** The number of its occurrences. */
  n: number;
  /** The number of texts in which it occurs. */
  texts: number;
  /** The mean of its scores. */
  mean: number;
  /** The standard error of the mean; null for a word of one text. */
  error: number | null;
  /** The share of its scores that are above 0. */
  positive: number;
  /**
   * Its occurrences: the index of the text in `Answer.explained`, the word's first character, the
   * character after its last, and the word's score.
   */
  occurrences: [number, number, number, number][];
}

/** The server's response. */
export interface Answer {
  method: string;
  options: Record<string, OptionValue>;
  /** Names of the other models that the method compared the model with. */
  compared: string[];
  /** The label of the explained class. */
  target: string;
  unit: 'logit' | 'probability';
  /** What stands for a missing word; null for a method without missing words. */
  missing: string | null;
  /** Ids of the explained texts. */
  explained: string[];
  /** The number of requested texts. */
  of: number;
  /** The number of words; `words` lists only some of them if there are very many. */
  found: number;
  words: Word[];
}

/** A response with its request. */
export interface Result extends Answer {
  model: string;
  dataset: string;
  /** The name of the requested set of texts. */
  scope: string;
  /** The ids of the requested texts. */
  ids: string[];
  /** The request's config, as JSON. */
  asked: string;
  /** The explained texts as they were at the time of the request. */
  sentences: string[];
}
