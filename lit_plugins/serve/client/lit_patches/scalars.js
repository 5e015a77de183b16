// LIT draws scalar plots with WebGL and generated code, which the page's security policy forbids.
// Here a plain canvas shows the points, with fixes for several models and for many updates at once.

import { lit } from '../lit/elements.js';

/** @import { LitElementPatched } from '../lit/types.d.ts' */

/**
 * @typedef {object} Point
 * @property {string} id the id of the datapoint.
 * @property {number} rngY the height of the point, from 0 to 1: random, so that points spread out.
 */

/**
 * LIT's record of a plot.
 *
 * @typedef {object} Plot
 * @property {string} key the name of the plotted field.
 * @property {string} [model] missing for a field of the dataset.
 * @property {string} [label] the plotted class.
 * @property {((value: number) => number) & { range(): number[] }} xScale
 */

const PADDING = 8; // pixels beside the axes
const RADIUS = 5; // pixels
const FAINT = 0.25; // opacity of points without a mark

const scalars = lit('scalar-module').prototype;

// Besides the policy, browsers limit the number of WebGL contexts. LIT still draws axes and brush:
// its `setupPlot` is interrupted just before it creates the WebGL scene, and gets the scene below.
const STOP = new Error('The scene is made here.');
const setupPlot = scalars.setupPlot;
/** @param {Plot & { scene: object, points: object }} plot @param {HTMLElement} container */
scalars.setupPlot = function (plot, container) {
  const place = /** @type {HTMLElement} */ (container.querySelector('.scene'));
  const standIn = {
    getBoundingClientRect: () => place.getBoundingClientRect(),
    appendChild() {
      throw STOP;
    },
  };
  /** @param {string} name */
  const querySelector = (name) => (name === '.scene' ? standIn : container.querySelector(name));
  try {
    setupPlot.call(this, plot, { querySelector });
  } catch (error) {
    if (error !== STOP) throw error;
  }
  Object.assign(plot, sceneOf(this, plot, place));
};

/**
 * Makes a scene and its points, with only the methods that LIT calls.
 *
 * @param {LitElementPatched} module
 * @param {Plot} plot
 * @param {HTMLElement} place
 */
function sceneOf(module, plot, place) {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'display: block; width: 100%; height: 100%;';
  place.replaceChildren(canvas);
  /** @type {{ point: Point, x: number, y: number }[]} */
  let placed = [];

  /** @param {Point[]} points */
  function put(points) {
    const { height } = place.getBoundingClientRect();
    placed = points.map((point) => {
      const value = module.getValue(point.id, plot.key, plot.model, plot.label);
      const x = PADDING + (Number.isFinite(value) ? plot.xScale(value) : 0);
      return { point, x, y: PADDING + (1 - point.rngY) * (height - 2 * PADDING) };
    });
    draw(module, canvas, placed);
  }

  return {
    scene: { offset: {}, scale: {}, resize: () => put(placed.map(({ point }) => point)) },
    points: {
      bind: put,
      clear() {},
      /** @param {{ x: number, y: number, width?: number, height?: number }} area */
      hitTest({ x, y, width, height }) {
        if (width !== undefined && height !== undefined) {
          // A brush's coordinates start at the axis.
          const [left, right] = [x + PADDING, x + PADDING + width];
          const isIn = placed.filter((dot) => dot.x >= left && dot.x <= right);
          return isIn.filter((dot) => dot.y >= y && dot.y <= y + height).map(({ point }) => point);
        }
        return placed
          .map(({ point, ...dot }) => ({ point, distance: Math.hypot(dot.x - x, dot.y - y) }))
          .filter(({ distance }) => distance <= RADIUS)
          .sort((one, other) => one.distance - other.distance)
          .map(({ point }) => point);
      },
    },
  };
}

/**
 * Draws the points. Marked points come last and are opaque.
 *
 * @param {LitElementPatched} module
 * @param {HTMLCanvasElement} canvas
 * @param {{ point: Point, x: number, y: number }[]} placed
 */
function draw(module, canvas, placed) {
  const { width, height } = canvas.getBoundingClientRect();
  const sharpness = window.devicePixelRatio;
  canvas.width = Math.round(width * sharpness);
  canvas.height = Math.round(height * sharpness);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.scale(sharpness, sharpness);
  pen.lineWidth = 2;
  const marks = marksOf(module, canvas);
  const marked = placed.filter(({ point }) => marks.has(point.id));
  for (const { point, x, y } of [...placed, ...marked]) {
    const mark = marks.get(point.id);
    pen.globalAlpha = mark ? 1 : FAINT;
    pen.fillStyle = module.colorService.getDatapointColor(
      module.appState.getCurrentInputDataById(point.id),
    );
    pen.strokeStyle = mark?.color ?? pen.fillStyle;
    pen.beginPath();
    pen.arc(x, y, mark?.radius ?? RADIUS - 1, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }
}

/**
 * Returns the marks of selected and pinned points and of the point under the pointer, by id.
 *
 * @param {LitElementPatched} module
 * @param {HTMLElement} element
 * @returns {Map<string, { color: string, radius: number }>}
 */
function marksOf(module, element) {
  const style = getComputedStyle(element);
  /** @param {string} name */
  const colored = (name) => ({ color: style.getPropertyValue(`--lit-${name}`), radius: 6 });
  const { selectedIds, primarySelectedId } = module.selectionService;
  const marks = new Map(
    selectedIds.map((id) => [id, { color: 'white', radius: RADIUS }]),
  );
  for (const [id, mark] of /** @type {const} */ ([
    [primarySelectedId, 'cyea-700'],
    [module.pinnedSelectionService.primarySelectedId, 'mage-700'],
    [module.focusService.focusData?.datapointId, 'mage-400'],
  ])) {
    if (id != null) marks.set(id, colored(mark));
  }
  return marks;
}

// On each resize, LIT reads the threshold of the module's model. The module has none, so LIT throws
// an error. Here each plot is resized with its own model.
const resizePlots = scalars.resizePlots;
scalars.resizePlots = function () {
  for (const [id, plot] of this.plots) {
    if (plot.model != null && !this.appState.currentModels.includes(plot.model)) continue;
    resizePlots.call(
      Object.create(this, {
        model: { value: plot.model },
        plots: { value: new Map([[id, plot]]) },
      }),
    );
  }
};

// LIT redraws all plots after each response. Here responses that arrive together cause one redraw.
const drawings = new WeakSet();
const updatePlots = scalars.updatePlots;
scalars.updatePlots = function () {
  if (drawings.has(this)) return;
  drawings.add(this);
  requestAnimationFrame(() => {
    drawings.delete(this);
    updatePlots.call(this);
  });
};

// LIT finds a class's plot by a selector, which quotes in the name of the class would break.
/** @param {string} id */
scalars.containerSelector = (id) => `div.scatterplot[data-id="${CSS.escape(id)}"]`;
const renderPlot = scalars.renderPlot;
/** @param {...unknown} args */
scalars.renderPlot = function (...args) {
  const rendered = renderPlot.apply(this, args);
  const id = rendered.values.at(-3);
  /** @typedef {MouseEvent & { currentTarget: HTMLElement }} OnPlot */
  /** @param {OnPlot} event @returns {Point | undefined} */
  const pointAt = ({ clientX, clientY, currentTarget }) => {
    const { left, top } = currentTarget.querySelector('.scene')?.getBoundingClientRect() ?? {};
    if (left === undefined || top === undefined) return undefined;
    return this.plots.get(id).points?.hitTest({ x: clientX - left, y: clientY - top })[0];
  };
  /** @param {OnPlot} event */
  const hover = (event) => {
    const point = pointAt(event);
    if (point) this.focusService.setFocusedDatapoint(point.id);
    else this.focusService.clearFocus();
  };
  /** @param {OnPlot} event */
  const select = (event) => {
    const point = pointAt(event);
    if (point) this.selectionService.setPrimarySelection(point.id);
  };
  rendered.values.splice(-2, 2, hover, select);
  return rendered;
};
