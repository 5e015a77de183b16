// What the server says of attention, as numbers.

/**
 * One matrix: of which layer, and of a single head of which head, counted from 1.
 *
 * @typedef {{ view: 'head' | 'mean' | 'rollout', layer: number, head: number }} Asked
 */

/**
 * A token that attends, or that is attended to; index null stands for all of them.
 *
 * @typedef {{ index: number | null, side: 'from' | 'to' }} Token
 */

/** @typedef {keyof typeof FIGURES} FigureName */

/** Purple, as LIT has for scores without a sign. */
export const COLOR = [118, 71, 234];
export const RGB = COLOR.join(', ');

/**
 * How strongly a share colours what stands for it, from 0 to 1: small shares are seen, too.
 *
 * @param {number} share
 */
export const strength = (share) => Math.sqrt(Math.max(0, Math.min(share, 1)));

/**
 * The style of what stands on a share's colour; in steps, since what stays costs a page nothing.
 *
 * @param {number} share
 */
export const shade = (share) => `background: rgba(${RGB}, ${(strength(share) / 2).toFixed(2)})`;

/**
 * A share as it is written.
 *
 * @param {number} share
 */
export const percent = (share) => `${(100 * share).toFixed(1)}%`;

/** The figures of heads: what each is called, what it means, and how it is written. */
export const FIGURES = {
  entropy: {
    title: 'entropy (bits)',
    meaning: 'mean over tokens: 0 where each attends to one token only',
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

/** Every head at a glance: what the server's overview says. */
export class Overview {
  #pictures;

  /** @param {Record<string, any>} answer */
  constructor(answer) {
    /** @type {string[]} */
    this.tokens = answer.tokens;
    /** What is shown for each token. @type {string[]} */
    this.labels = answer.labels;
    /** Whether each token is none of the text. @type {boolean[]} */
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
    /** A picture's cells a side. @type {number} */
    this.size = answer.size;
    /** By layer and head, from 0. @type {Record<FigureName, (number | null)[][]>} */
    this.figures = answer.figures;
    this.#pictures = bytesOf(answer.pictures);
  }

  /**
   * The picture of a head: bytes, row by row.
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
   * A figure of a head; null where the text has none.
   *
   * @param {FigureName} name
   * @param {number} layer from 1.
   * @param {number} head from 1.
   */
  figure(name, layer, head) {
    return this.figures[name][layer - 1][head - 1];
  }
}

/** Shares of each token (a column) in what each token attends to (a row). */
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
   * @param {number} from
   * @param {number} to
   */
  share(from, to) {
    return this.#weights[from * this.tokens + to];
  }

  /**
   * What a token attends to.
   *
   * @param {number} from
   */
  row(from) {
    return this.#weights.subarray(from * this.tokens, (from + 1) * this.tokens);
  }

  /**
   * How much each token attends to one.
   *
   * @param {number} to
   */
  column(to) {
    return Float32Array.from({ length: this.tokens }, (_, from) => this.share(from, to));
  }

  /** What tokens attend to on average. */
  get average() {
    if (this.#average === undefined) {
      const sums = new Float64Array(this.tokens);
      for (const [at, weight] of this.#weights.entries()) sums[at % this.tokens] += weight;
      this.#average = sums.map((sum) => sum / this.tokens);
    }
    return this.#average;
  }
}
