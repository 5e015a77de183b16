// LIT draws precision on the x-axis and names no axis; it keeps one point for each x, which tilts
// vertical steps, and throws an error at the right edge. Here curves have all their points, axes
// have names, and the pointer reads values and thresholds.

import { colourOf } from '../lit/class_colours.js';
import { addStyles, html, lit, nothing, svg } from '../lit/elements.js';

/** @import { LitElementPatched } from '../lit/types.d.ts' */
/** @typedef {[x: number, y: number, threshold: number | null]} Point */
/**
 * @typedef {object} Curve
 * @property {Point[]} points from left to right.
 * @property {string} x the name of the x-axis.
 * @property {string} y the name of the y-axis.
 * @property {string} missing why there are no points, if there are none.
 * @property {boolean} isStepped whether the curve has steps between its points instead of slopes.
 */

// Sizes in pixels.
const WIDTH = 240;
const HEIGHT = 132;
const LEFT = 46;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 38;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** @param {number} x */
const across = (x) => LEFT + x * WIDTH;
/** @param {number} y */
const down = (y) => TOP + (1 - y) * HEIGHT;

const curves = lit('curves-module').prototype;

/** @param {{ pr_data: Point[], roc_data: Point[] }} answer */
curves.convertCurveResponse = ({ pr_data: byRecall, roc_data: byFalse }) => ({
  /** @type {Curve} */
  prCurve: {
    points: byRecall, x: 'Recall', y: 'Precision', missing: 'No text here has this label.',
    // As in the average precision: slopes would promise points that no threshold reaches.
    isStepped: true,
  },
  /** @type {Curve} */
  rocCurve: {
    points: byFalse, x: 'False positive rate', y: 'True positive rate',
    missing: 'Only texts with this label and texts with another one make a curve.',
    isStepped: false,
  },
});

/** @type {WeakMap<LitElementPatched, { curve: Curve, point: Point }>} */
const pointed = new WeakMap();

/**
 * @param {Curve | Map<number, number>} curve a map if the model lacks the field.
 * @param {string} title
 */
curves.renderChart = function (curve, title) {
  const { points, x, y, missing } = curve instanceof Map
    ? { points: [], x: '', y: '', missing: 'The model has no such predictions.' }
    : curve;
  const said = pointed.get(this)?.curve === curve ? pointed.get(this)?.point : undefined;
  /** @param {PointerEvent & { currentTarget: HTMLElement }} event */
  const point = ({ clientX, clientY, currentTarget }) => {
    const { left, top } = currentTarget.getBoundingClientRect();
    /** @param {Point} candidate */
    const distance = ([right, up]) =>
      Math.hypot(across(right) - (clientX - left), down(up) - (clientY - top));
    const nearest = points.reduce((best, next) => (distance(next) < distance(best) ? next : best));
    pointed.set(this, { curve: /** @type {Curve} */ (curve), point: nearest });
    this.requestUpdate();
  };
  const leave = () => {
    pointed.delete(this);
    this.requestUpdate();
  };
  return html`<div class="chart-holder">
    <div class="chart-title">${title}</div>
    ${points.length === 0
      ? html`<p class="no-curve">${missing}</p>`
      : html`<svg class="curve" role="img" aria-label="${title}: ${y} by ${x}"
            width=${LEFT + WIDTH + RIGHT} height=${TOP + HEIGHT + BOTTOM}
            @pointermove=${point} @pointerleave=${leave}>
          ${renderAxes(x, y)}
          <path class="line" d=${pathOf(/** @type {Curve} */ (curve))}
            style="stroke: ${colourOf(this.positiveLabel) ?? 'var(--lit-cyea-600)'}" />
          ${said
            ? svg`<circle cx=${across(said[0])} cy=${down(said[1])} r="4" />`
            : nothing}
        </svg>
        <div class="read">${said ? sentenceOf(said, x, y) : ' '}</div>`}
  </div>`;
};

/** @param {string} x @param {string} y */
const renderAxes = (x, y) => svg`
  ${TICKS.map(
    (tick) => svg`
      <path class="grid" d="M${across(tick)} ${TOP}V${TOP + HEIGHT}" />
      <path class="grid" d="M${LEFT} ${down(tick)}H${LEFT + WIDTH}" />
      <text x=${across(tick)} y=${TOP + HEIGHT + 14} text-anchor="middle">${tick.toFixed(1)}</text>
      <text x=${LEFT - 6} y=${down(tick) + 4} text-anchor="end">${tick.toFixed(1)}</text>`,
  )}
  <text class="axis x" x=${LEFT + WIDTH / 2} y=${TOP + HEIGHT + 32} text-anchor="middle">${x}</text>
  <text class="axis y" text-anchor="middle"
    transform="translate(12 ${TOP + HEIGHT / 2}) rotate(-90)">${y}</text>`;

/** @param {Curve} curve */
function pathOf({ points, isStepped }) {
  const [[x, y], ...others] = points.map(([right, up]) => [across(right), down(up)]);
  return others.reduce(
    (path, [right, below]) => path + (isStepped ? `V${below}H${right}` : `L${right} ${below}`),
    `M${x} ${y}`,
  );
}

/** @param {Point} point @param {string} x @param {string} y */
const sentenceOf = ([right, up, threshold], x, y) =>
  `${x} ${right.toFixed(3)}, ${y.toLowerCase()} ${up.toFixed(3)}` +
  (threshold === null ? '' : `, threshold ${threshold.toFixed(3)}`);

addStyles(
  'curves-module',
  `.curve { display: block; }
   .curve text { font-size: 10px; fill: var(--lit-neutral-800); }
   .curve text.axis { font-size: 12px; }
   .curve .grid { stroke: var(--lit-neutral-200); fill: none; }
   .curve .line { stroke-width: 1.5; fill: none; }
   .curve circle { fill: var(--lit-neutral-900); }
   .chart-holder .read { font-size: 11px; line-height: 14px; min-height: 14px; padding-left: 8px; }
   .no-curve { width: ${LEFT + WIDTH}px; color: var(--lit-neutral-700); }`,
);
