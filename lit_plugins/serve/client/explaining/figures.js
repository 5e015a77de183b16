// How numbers of explanations are written, the same in every module.

const UNITS = { probability: 'P' };
const ROUNDING = 1e-6;

/** The decimals that show three digits of the largest of some scores, of either sign. */
export function decimalsOf(scores) {
  const largest = Math.max(0, ...scores.map(Math.abs));
  return largest > 0 ? Math.min(Math.max(2 - Math.floor(Math.log10(largest)), 0), 6) : 3;
}

/** A number with its sign; no minus before what rounds to zero. */
export function signed(score, decimals = 3) {
  const written = score.toFixed(decimals);
  if (Number(written) === 0) return (0).toFixed(decimals);
  return score > 0 ? `+${written}` : written;
}

/** A standard error beside a score: as many decimals, or one digit if those would show none. */
export function errorOf(error, decimals = 3) {
  const written = error.toFixed(decimals);
  return Number(written) === 0 && error > 0 ? error.toPrecision(1) : written;
}

/** A score with its standard error, where it has one that is not 0. */
export const scoreOf = (score, error, decimals = 3) =>
  signed(score, decimals) + (error ? ` ± ${errorOf(error, decimals)}` : '');

/** A value of the model's: its output, or the base value. */
export const valueOf = (value, decimals = 3) => {
  const written = value.toFixed(decimals);
  return Number(written) === 0 ? (0).toFixed(decimals) : written;
};

/** What scores leave unexplained; what is left of adding up floats is 0. */
export const deltaOf = (delta) => (Math.abs(delta) > ROUNDING ? delta.toExponential(1) : '0');

/** What the output is of: `P(positive)`, or `logit(positive) minus other-model's`. */
export const nameOf = ({ unit, target_label: label, compared = [] }) =>
  [`${UNITS[unit] ?? unit}(${label})`, ...compared.map((other) => `${other}'s`)].join(' minus ');

/** How often the model was run. */
export const evaluationsOf = (evaluations) =>
  `${evaluations.toLocaleString('en-US')} evaluation${evaluations === 1 ? '' : 's'}`;

/** A method's options as they were used, one after another. */
export const optionsText = (options) =>
  Object.entries(options)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value === '' ? 'none' : value}`)
    .join(', ');
