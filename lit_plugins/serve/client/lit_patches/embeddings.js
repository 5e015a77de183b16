// LIT's projector opens with UMAP, which takes long, draws the text of a point across its menus,
// and shows no point if there is only one or all are equal. Here it opens with PCA, which is fast,
// the text stands below the points, and every point has a place and a size.

import { addStyles, html, lit, nothing } from '../lit/elements.js';

// In the projector's units.
const CUBE = 2; // the edge of the cube that holds the points
const LARGEST = 24; // size of a point; LIT's own size of a single one is infinite

/** @typedef {{ points: number[][] }} Points points of two or three dimensions */

const embeddings = lit('embeddings-module').prototype;
const setupReactions = embeddings.setupReactions;
embeddings.setupReactions = function () {
  if ('pca' in this.projectorChoices) this.projectorName = 'pca';
  setupReactions.call(this);
  // LIT keeps the point large that was last under the pointer.
  this.react(
    () => this.focusService.focusData == null,
    (isNowhere) => {
      if (isNowhere) this.scatterGL?.setHoverPointIndex(null);
    },
  );
};

const firstUpdated = embeddings.firstUpdated;
embeddings.firstUpdated = function () {
  firstUpdated.call(this);
  const projector = this.scatterGL;
  projector.generateVisibleLabelRenderParams = () => null;
  /** @param {Points} points */
  projector.generatePointPositionArray = (points) => {
    const places = placesOf(points);
    // Fog hides what is farther away than the nearest point; it would hide all equal points.
    projector.styles.fog.enabled = places.some((place) => place !== 0);
    return places;
  };
  const { setVisualizers } = projector;
  projector.setVisualizers = function () {
    setVisualizers.call(this);
    const { pointVisualizer: drawn } = this;
    if (!drawn || Object.hasOwn(drawn, 'calculatePointSize')) return;
    const sizeOf = drawn.calculatePointSize;
    /** @param {boolean} isDeep */
    drawn.calculatePointSize = (isDeep) => Math.min(sizeOf.call(drawn, isDeep), LARGEST);
  };
};

/**
 * Places points in the middle of the cube, with one scale for all dimensions.
 *
 * @param {Points} dataset
 * @returns {Float32Array} three numbers for each point.
 */
function placesOf({ points }) {
  const extents = points[0].map((_, axis) =>
    points.reduce(
      ([low, high], point) => [Math.min(low, point[axis]), Math.max(high, point[axis])],
      [Infinity, -Infinity],
    ),
  );
  const widest = Math.max(...extents.map(([low, high]) => high - low)) || 1;
  const places = new Float32Array(3 * points.length);
  for (const [index, point] of points.entries()) {
    for (const [axis, [low, high]] of extents.entries()) {
      places[3 * index + axis] = (CUBE * (point[axis] - (low + high) / 2)) / widest;
    }
  }
  return places;
}

// The text of the point under the pointer, or of the one that is selected.
const renderResultsArea = embeddings.renderResultsArea;
embeddings.renderResultsArea = function () {
  const { selectedIds } = this.selectionService;
  const selected = selectedIds.length === 1 ? selectedIds[0] : null;
  const id = this.focusService.focusData?.datapointId ?? selected;
  const label = this.displayLabels[this.currentInputIndicesById.get(id)]?.label ?? '';
  return html`${renderResultsArea.call(this)}
    ${label === '' ? nothing : html`<div class="point-label" dir="auto">${label}</div>`}`;
};
addStyles(
  'embeddings-module',
  `.module-results-area { position: relative; }
   .point-label {
     position: absolute; inset: auto 0 0; padding: 0 8px 2px; pointer-events: none;
     font-size: 12px; line-height: 15px; max-height: 45px; overflow: hidden;
     overflow-wrap: anywhere; background: rgb(255 255 255 / 75%);
   }`,
);
// Three lines of menus leave the points no room on a small screen. Two hold them, in this order.
addStyles(
  'embeddings-module',
  `.module-toolbar > * { margin-inline-end: 0; }
   .module-toolbar > :nth-child(2) { order: 1; }
   .module-toolbar > :nth-child(n + 4) { order: 2; }
   .module-toolbar .dropdown { margin-inline-end: 0; max-width: 176px; }
   .module-toolbar > :nth-child(3) .dropdown { max-width: 100px; }`,
);
