// What stands in a module that has nothing to show yet.

import { lit } from '../lit/elements.js';

// The picture beside a sentence in an empty module says nothing; its file's name would be read out.
const interstitial = lit('lit-interstitial').prototype;
const interstitialUpdated = interstitial.updated;
/** @param {...unknown} changed */
interstitial.updated = function (...changed) {
  interstitialUpdated.apply(this, changed);
  this.renderRoot.querySelector('img')?.setAttribute('alt', '');
};
