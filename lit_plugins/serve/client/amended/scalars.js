// The plots of scalars, with several models and many answers at once.

import { lit } from '../lit/elements.js';

// LIT asks for the threshold of the module's model, which is none: each resize would throw.
const scalars = lit('scalar-module').prototype;
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

// Each answer of the server changes the plots, and each drawing of one takes a WebGL context, of
// which a browser has few: what changes at once is drawn once.
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
