/** An explanation: the result of Python's `Explanation.to_dict`, and the request's settings. */
export interface Explanation {
  text: string;
  words: string[];
  /** Each word's place in the text: its first character, and the character after its last. */
  offsets: [number, number][];
  /** How much each word adds to the output. */
  scores: number[];
  /** The scores' standard errors; null if the method does not sample. */
  error: number[] | null;
  /** The index and the label of the explained class. */
  target: number;
  target_label: string;
  method: string;
  unit: 'logit' | 'probability';
  output: number;
  /** The output that the scores start from; null if a method's scores start from none. */
  base_value: number | null;
  /** The part of the output that no score explains; null without a base value. */
  delta: number | null;
  evaluations: number;
  truncated: boolean;
  /** The characters that the model sees: all of them unless the text is truncated. */
  seen: [number, number];
  converged: boolean;
  note: string;
  tokens: string[] | null;
  token_scores: number[] | null;
  /** What stands for a missing word; null for a method without missing words. */
  missing: string | null;
  groups: Group[] | null;
  interactions: Interactions | null;
  /** The method's name in the page. */
  title: string;
  /** The values of all options that the server used. */
  options: Record<string, OptionValue>;
  /** Names of the other models that the method compared the model with. */
  compared: string[];
}

/** A phrase that a method scores as a whole. */
export interface Group {
  offsets: [number, number];
  text: string;
  score: number;
}

/** How far each two words act together: a row and a column for each word. */
export interface Interactions {
  values: number[][];
  /** The values' standard errors. */
  error: number[][];
}

/** The value of a method's option, in a form or in the server's response. */
export type OptionValue = string | number | boolean | null;

/** A request for an explanation. */
export interface Request {
  /** The method's name in the page. */
  title: string;
  /** The index of the class to explain; null for the predicted class. */
  target?: number | null;
  options?: Record<string, OptionValue>;
}
