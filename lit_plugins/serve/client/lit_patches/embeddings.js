// LIT's projector opens with UMAP, which takes long, and leaves the text of a point on the plot.
// Here it opens with PCA, which is fast, and the text goes away with the pointer.

import { lit } from '../lit/elements.js';

const embeddings = lit('embeddings-module').prototype;
const setupReactions = embeddings.setupReactions;
embeddings.setupReactions = function () {
  if ('pca' in this.projectorChoices) this.projectorName = 'pca';
  setupReactions.call(this);
  // LIT never removes the text of the point that was last under the pointer.
  this.react(
    () => this.focusService.focusData == null,
    (isNowhere) => {
      if (isNowhere) this.scatterGL?.setHoverPointIndex(null);
    },
  );
};

// LIT writes that text even before the projector has a size, which takes seconds on a busy machine,
// and fails with an error. Here the text waits for the size.
const firstUpdated = embeddings.firstUpdated;
embeddings.firstUpdated = function () {
  firstUpdated.call(this);
  const projector = this.scatterGL;
  const hover = projector.setHoverPointIndex;
  projector.setHoverPointIndex = /** @type {(index: number | null) => void} */ (index) => {
    const canvases = Array.from(this.renderRoot.querySelectorAll('canvas'));
    const isSized = canvases.every(({ width, height }) => width && height);
    if (isSized) hover.call(projector, index);
  };
};
