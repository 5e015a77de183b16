// The server's attention data, as numbers.

/**
 * The request for one matrix. Layer and head count from 1; only the view `head` has a head.
 *
 * @typedef {{ view: 'head' | 'mean' | 'rollout', layer: number, head: number }} Asked
 */

/**
 * A token that attends (`from`) or is attended to (`to`); index null stands for all tokens.
 *
 * @typedef {{ index: number | null, side: 'from' | 'to' }} Token
 */

/** @typedef {keyof typeof FIGURES} FigureName */

/** Purple, LIT's colour for scores without a sign. */
export const COLOR = [118, 71, 234];
export const RGB = COLOR.join(', ');

/**
 * Returns the strength of a share's colour, from 0 to 1. The square root makes small shares
 * visible.
 *
 * @param {number} share
 */
export const strength = (share) => Math.sqrt(Math.max(0, Math.min(share, 1)));

/**
 * Returns the style for a background in a share's colour. Rounding keeps most styles unchanged, and
 * an unchanged style costs the page nothing.
 *
 * @param {number} share
 */
export const shade = (share) => `background: rgba(${RGB}, ${(strength(share) / 2).toFixed(2)})`;

/**
 * Writes a share in percent.
 *
 * @param {number} share
 */
export const percent = (share) => `${(100 * share).toFixed(1)}%`;

/** The figures of heads: their titles, meanings and formats. */
export const FIGURES = {
  entropy: {
    title: 'entropy (bits)',
    meaning: 'mean over tokens; 0 if each token attends to one token only',
    written: (/** @type {number} */ value) => value.toFixed(2),
  },
  itself: {
    title: 'to itself',
    meaning: 'mean share that a token gives to itself',
    written: percent,
  },
  previous: {
    title: 'to previous',
    meaning: 'mean share that a token gives to the one before it',
    written: percent,
  },
  next: {
    title: 'to next',
    meaning: 'mean share that a token gives to the one after it',
    written: percent,
  },
  special: {
    title: 'to special',
    meaning: 'mean share that a token gives to special tokens, such as [CLS] and [SEP]',
    written: percent,
  },
};

/** @param {string} base64 */
const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** The server's overview of all heads. */
export class Overview {
  #pictures;

  /** @param {Record<string, any>} answer */
  constructor(answer) {
    /** @type {string[]} */
    this.tokens = answer.tokens;
    /** The shown name of each token. @type {string[]} */
    this.labels = answer.labels;
    /** Whether each token is special: not part of the text. @type {boolean[]} */
    this.special = answer.special;
    /** The token that the classifier reads; null for the mean of all. @type {number | null} */
    this.reads = answer.reads;
    /** @type {boolean} */
    this.causal = answer.causal;
    /** @type {boolean} */
    this.truncated = answer.truncated;
    /** @type {number} */
    this.layers = answer.layers;
    /** @type {number} */
    this.heads = answer.heads;
    /** The number of cells on each side of a picture. @type {number} */
    this.size = answer.size;
    /** By layer and head, from 0. @type {Record<FigureName, (number | null)[][]>} */
    this.figures = answer.figures;
    this.#pictures = bytesOf(answer.pictures);
  }

  /**
   * Returns the picture of a head: one byte per cell, row by row.
   *
   * @param {number} layer from 1.
   * @param {number} head from 1.
   */
  picture(layer, head) {
    const cells = this.size ** 2;
    const start = ((layer - 1) * this.heads + head - 1) * cells;
    return this.#pictures.subarray(start, start + cells);
  }

  /**
   * Returns a figure of a head; null if the text has no such figure.
   *
   * @param {FigureName} name
   * @param {number} layer from 1.
   * @param {number} head from 1.
   */
  figure(name, layer, head) {
    return this.figures[name][layer - 1][head - 1];
  }
}

/** The attention of tokens (rows) to tokens (columns), as shares that add up to 1 in each row. */
export class Matrix {
  #weights;
  /** @type {Float64Array | undefined} */
  #average;

  /**
   * @param {Asked} asked
   * @param {{ weights: string }} answer
   */
  constructor(asked, { weights }) {
    this.asked = asked;
    this.#weights = new Float32Array(bytesOf(weights).buffer);
    this.tokens = Math.round(Math.sqrt(this.#weights.length));
  }

  /**
   * Returns how much one token attends to another.
   *
   * @param {number} from
   * @param {number} to
   */
  share(from, to) {
    return this.#weights[from * this.tokens + to];
  }

  /**
   * Returns how much a token attends to each token.
   *
   * @param {number} from
   */
  row(from) {
    return this.#weights.subarray(from * this.tokens, (from + 1) * this.tokens);
  }

  /**
   * Returns how much each token attends to a token.
   *
   * @param {number} to
   */
  column(to) {
    return Float32Array.from({ length: this.tokens }, (_, from) => this.share(from, to));
  }

  /** How much tokens attend to each token, on average. */
  get average() {
    if (this.#average === undefined) {
      const sums = new Float64Array(this.tokens);
      for (const [index, weight] of this.#weights.entries()) sums[index % this.tokens] += weight;
      this.#average = sums.map((sum) => sum / this.tokens);
    }
    return this.#average;
  }
}
