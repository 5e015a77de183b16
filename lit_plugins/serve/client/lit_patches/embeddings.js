// The projector: what it opens with, and what its points say.

import { lit } from '../lit/elements.js';

// PCA is there at once; LIT would open with UMAP, which takes long, and it stays one click away.
const embeddings = lit('embeddings-module').prototype;
const setupReactions = embeddings.setupReactions;
embeddings.setupReactions = function () {
  if ('pca' in this.projectorChoices) this.projectorName = 'pca';
  setupReactions.call(this);
  // LIT writes the text under the pointer across the points, and leaves it there.
  this.react(
    () => this.focusService.focusData == null,
    (isNowhere) => {
      if (isNowhere) this.scatterGL?.setHoverPointIndex(null);
    },
  );
};

// Until it is told its size, which takes seconds on a busy machine, it cannot write that text: it
// would end in an error.
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
