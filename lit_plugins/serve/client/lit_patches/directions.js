// LIT writes every text from left to right. Here a text has the direction of its first letter: in
// the data table, in the datapoint editor and among the words of salience maps.

import { addStyles, lit } from '../lit/elements.js';

// The parts of LIT's elements that hold a text.
const PARTS = {
  'lit-data-table': '.text-cell',
  'lit-table-text-cell': '.lit-table-text-cell',
  'lit-token-chips': '.tokens-holder',
  'datapoint-editor-module': '.entry-content :is(textarea, input[type="text"])',
};
for (const [tag, parts] of Object.entries(PARTS)) {
  const { prototype } = lit(tag);
  const { updated } = prototype;
  /** @param {unknown[]} changed */
  prototype.updated = function (...changed) {
    updated.apply(this, changed);
    for (const part of this.renderRoot.querySelectorAll(parts)) part.setAttribute('dir', 'auto');
  };
}

// A text that is as wide as its cell begins at the right edge if it is read from there.
addStyles('lit-data-table', '.cell-holder > lit-table-text-cell { flex: 1; }');
addStyles('lit-table-text-cell', '.lit-table-text-cell { display: block; }');
