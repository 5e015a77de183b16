// LIT finds a column's filter by a selector with the column's name, which a colon breaks, and lets
// the filter of a hidden column hide every row. Here any name works, and a filter goes away with
// its column.

import { lit } from '../lit/elements.js';

const table = lit('lit-data-table').prototype;

/** @param {string} name the name of a column. @returns {string} valid in a selector as it is. */
table.columnNameToId = (name) =>
  name.replaceAll(/^\d|[^\w-]/g, (letter) => `_${letter.codePointAt(0)}_`);

const firstUpdated = table.firstUpdated;
table.firstUpdated = function () {
  firstUpdated.call(this);
  this.react(
    () => /** @type {string[]} */ (this.columnStrings),
    (shown) => {
      for (const name of this.columnFilterInfo.keys()) {
        if (!shown.includes(name)) this.columnFilterInfo.delete(name);
      }
    },
  );
};
