// LIT shows a picture without alternative text in empty modules, and screen readers read out its
// file name. Here the picture has an empty text, because it is mere decoration.

import { lit } from '../lit/elements.js';

const interstitial = lit('lit-interstitial').prototype;
const interstitialUpdated = interstitial.updated;
/** @param {...unknown} changed */
interstitial.updated = function (...changed) {
  interstitialUpdated.apply(this, changed);
  this.renderRoot.querySelector('img')?.setAttribute('alt', '');
};
