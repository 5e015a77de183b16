import type { OptionValue } from '../explaining/explanation.d.ts';

/** A word that stands in several texts, regardless of case. */
export interface Word {
  word: string;
  /** How many times it stands there, and in how many texts. */
  n: number;
  texts: number;
  /** Of its scores: the mean, its standard error (null for a word of one text), and the share that
   * is above 0. */
  mean: number;
  error: number | null;
  positive: number;
  /**
   * Where it stands: the index of a text among those that were explained, the word's first
   * character and the one after its last, and its score there.
   */
  occurrences: [number, number, number, number][];
}

/** What the server says of some texts. */
export interface Answer {
  method: string;
  options: Record<string, OptionValue>;
  /** Names of the models that the model was compared with. */
  compared: string[];
  /** The class. */
  target: string;
  unit: 'logit' | 'probability';
  /** Ids of the texts that were explained, of how many. */
  explained: string[];
  of: number;
  /** How many words there are; not all of them are listed where there are very many. */
  found: number;
  words: Word[];
}

/** An answer, and what it was asked with. */
export interface Result extends Answer {
  model: string;
  dataset: string;
  /** What the texts are called, and their ids. */
  scope: string;
  ids: string[];
  /** The request's config. */
  asked: string;
  /** The texts that were explained, as they were then. */
  sentences: string[];
}
