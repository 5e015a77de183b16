/** An explanation: what `Explanation.to_dict` gives in Python, and how it was asked for. */
export interface Explanation {
  text: string;
  /** The text's words, and each one's characters in the text: first, and one after the last. */
  words: string[];
  offsets: [number, number][];
  /** How much each word adds to the output, and the standard error; null if nothing was sampled. */
  scores: number[];
  error: number[] | null;
  /** The class's index and label. */
  target: number;
  target_label: string;
  method: string;
  unit: 'logit' | 'probability';
  output: number;
  /** Null for a method whose scores do not lead from one value to another. */
  base_value: number | null;
  /** What the scores leave unexplained; null where there is no base value. */
  delta: number | null;
  evaluations: number;
  truncated: boolean;
  converged: boolean;
  note: string;
  tokens: string[] | null;
  token_scores: number[] | null;
  groups: Group[] | null;
  /** The method as the page names it, and its options as they were used. */
  title: string;
  options: Record<string, OptionValue>;
  /** Names of the models that the model was compared with. */
  compared: string[];
}

/** A phrase that a method looks at as a whole. */
export interface Group {
  offsets: [number, number];
  text: string;
  score: number;
}

/** The value of a method's option, as forms have it or as the server used it. */
export type OptionValue = string | number | boolean | null;

/** What is asked for: a method by its title, the index of a class or null for the predicted one. */
export interface Request {
  title: string;
  target?: number | null;
  options?: Record<string, OptionValue>;
}
