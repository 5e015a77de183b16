// How numbers of explanations are written, the same in every module.

/** @import { Explanation, OptionValue } from './explanation.d.ts' */

/** @type {Record<string, string>} */
const UNITS = { probability: 'P' };

/** What is left of adding up floats, at most. */
export const ROUNDING = 1e-6;

/** Stands for a number that there is not. */
export const UNKNOWN = '–';

const SMALLEST_IN_FULL = 1e-3;

/**
 * The decimals that show three digits of the largest of some scores, of either sign.
 *
 * @param {number[]} scores
 */
export function decimalsOf(scores) {
  const largest = Math.max(0, ...scores.map(Math.abs));
  return largest > 0 ? Math.min(Math.max(2 - Math.floor(Math.log10(largest)), 0), 6) : 3;
}

/**
 * A number with its sign; no minus before what rounds to zero.
 *
 * @param {number} score
 */
export function signed(score, decimals = 3) {
  const written = valueOf(score, decimals);
  return Number(written) > 0 ? `+${written}` : written;
}

/**
 * A standard error beside a score: as many decimals, or one digit if those would show none.
 *
 * @param {number} error
 */
export function errorOf(error, decimals = 3) {
  const written = error.toFixed(decimals);
  return Number(written) === 0 && error > 0 ? error.toPrecision(1) : written;
}

/**
 * A score with its standard error, where it has one that is not 0.
 *
 * @param {number} score
 * @param {number | null | undefined} error
 */
export const scoreOf = (score, error, decimals = 3) =>
  signed(score, decimals) + (error ? ` ± ${errorOf(error, decimals)}` : '');

/**
 * A value of the model's: its output, or the base value.
 *
 * @param {number} value
 */
export const valueOf = (value, decimals = 3) => {
  const written = value.toFixed(decimals);
  return Number(written) === 0 ? (0).toFixed(decimals) : written;
};

/**
 * What scores leave unexplained; what is left of adding up floats is 0.
 *
 * @param {number} delta
 */
export function deltaOf(delta) {
  if (Math.abs(delta) <= ROUNDING) return '0';
  return Math.abs(delta) < SMALLEST_IN_FULL ? delta.toExponential(1) : signed(delta);
}

/**
 * What the output is of: `P(positive)`, or `logit(positive) minus other-model's`.
 *
 * @param {Pick<Explanation, 'unit' | 'target_label'> & { compared?: string[] }} explanation
 */
export const nameOf = ({ unit, target_label: label, compared = [] }) =>
  [`${UNITS[unit] ?? unit}(${label})`, ...compared.map((other) => `${other}'s`)].join(' minus ');

/**
 * How often the model was run.
 *
 * @param {number} evaluations
 */
export const evaluationsOf = (evaluations) =>
  `${evaluations.toLocaleString('en-US')} evaluation${evaluations === 1 ? '' : 's'}`;

/**
 * A method's options as they were used, one after another; what is switched off is left out.
 *
 * @param {Record<string, OptionValue>} options
 */
export const optionsText = (options) =>
  Object.entries(options)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => {
      const shown = name.replaceAll('_', ' ');
      return value === true ? shown : `${shown} ${value === '' ? 'none' : value}`;
    })
    .join(', ');
