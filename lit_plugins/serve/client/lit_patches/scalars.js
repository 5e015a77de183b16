// The plots of scalars: their points, with several models and many answers at once.

import { lit } from '../lit/elements.js';

/** @import { LitElementPatched } from '../lit/types.d.ts' */

/**
 * @typedef {object} Point
 * @property {string} id of the datapoint.
 * @property {number} rngY how high it stands, from 0 to 1: by chance, for all to be seen.
 */

/**
 * What LIT knows of a plot.
 *
 * @typedef {object} Plot
 * @property {string} key the field.
 * @property {string} [model] none for a field of the dataset.
 * @property {string} [label] the class.
 * @property {((value: number) => number) & { range(): number[] }} xScale
 */

const PADDING = 8; // beside the axes
const RADIUS = 5;
const FAINT = 0.25;

const scalars = lit('scalar-module').prototype;

// LIT draws points by WebGL, in code that is made as it goes: the page's policy forbids that, and a
// browser has few contexts of WebGL. Axes and brush are LIT's; where it would make its scene, it is
// stopped, and gets one that draws on a plain canvas.
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
 * As much of a scene and its points as LIT asks for.
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
          // A brush tells what it covers from where the axis begins.
          const [left, right] = [x + PADDING, x + PADDING + width];
          const isIn = placed.filter((at) => at.x >= left && at.x <= right);
          return isIn.filter((at) => at.y >= y && at.y <= y + height).map(({ point }) => point);
        }
        return placed
          .map(({ point, ...at }) => ({ point, distance: Math.hypot(at.x - x, at.y - y) }))
          .filter(({ distance }) => distance <= RADIUS)
          .sort((one, other) => one.distance - other.distance)
          .map(({ point }) => point);
      },
    },
  };
}

/**
 * Draws the points, those that somebody looks at last and whole.
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
 * How points are marked that are selected, pinned or under the pointer, by their ids.
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

// LIT asks for the threshold of the module's model, which is none: each resize would throw.
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

// Each answer of the server changes the plots: what changes at once is drawn once.
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

// A class's name may have quotes, and LIT looks for its plot by a selector.
/** @param {string} id */
scalars.containerSelector = (id) => `div.scatterplot[data-id="${CSS.escape(id)}"]`;
const renderPlot = scalars.renderPlot;
/** @param {...unknown} of */
scalars.renderPlot = function (...of) {
  const rendered = renderPlot.apply(this, of);
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
