// LIT writes every text from left to right. Here a text has the direction of its first letter: in
// the data table, in the datapoint editor and among the words of salience maps.
//
// LIT lays the words of a salience map out as boxes, which stand in the order of the whole text.
// Where letters of both directions can meet, they are inline here, so that the browser orders them
// by the Unicode bidirectional algorithm, as it orders the text itself.

import { addStyles, lit } from '../lit/elements.js';

// The parts of LIT's elements that hold a text.
const PARTS = {
  'lit-data-table': '.text-cell',
  'lit-table-text-cell': '.lit-table-text-cell',
  'lit-token-chips': '.tokens-holder',
  'datapoint-editor-module': '.entry-content :is(textarea, input[type="text"])',
};
const FROM_THE_RIGHT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

for (const [tag, parts] of Object.entries(PARTS)) {
  const { prototype } = lit(tag);
  const { updated } = prototype;
  /** @param {unknown[]} changed */
  prototype.updated = function (...changed) {
    updated.apply(this, changed);
    for (const part of this.renderRoot.querySelectorAll(parts)) {
      part.setAttribute('dir', 'auto');
      part.toggleAttribute('data-inline', FROM_THE_RIGHT.test(part.textContent ?? ''));
    }
  };
}

// A text that is as wide as its cell begins at the right edge if it is read from there.
addStyles('lit-data-table', '.cell-holder > lit-table-text-cell { flex: 1; }');
addStyles('lit-table-text-cell', '.lit-table-text-cell { display: block; }');

// A word's element has white space around the word, which would be coloured at the end of a run of
// the other direction. So only the word itself is drawn.
addStyles(
  'lit-token-chips',
  `.tokens-holder[data-inline] { display: block; line-height: 30px; }
   .tokens-holder[data-inline].dense { line-height: var(--tokens-line-height); }
   .tokens-holder[data-inline] .word-spacer { display: inline; unicode-bidi: normal; }
   .tokens-holder[data-inline] .salient-token { display: contents; }
   .tokens-holder[data-inline] .pre-wrap {
     background-color: var(--token-bg-color); color: var(--token-text-color);
     outline: 1px solid var(--token-outline-color);
     border-radius: 2px; padding: 2px 4px; margin: 0 1px;
   }
   .tokens-holder[data-inline].dense .pre-wrap { padding: 0; margin: 0; }
   .tokens-holder[data-inline] lit-tooltip { --anchor-display-mode: inline; }`,
);
addStyles('lit-tooltip', '.lit-tooltip { unicode-bidi: normal; }'); // browsers isolate a <div>
