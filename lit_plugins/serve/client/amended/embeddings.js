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
