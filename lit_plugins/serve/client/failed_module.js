// Stand-ins for modules whose scripts failed. LIT shows no page at all if a layout names an element
// that is not defined.

import { Module, define, html } from './module.js';

/** @type {NodeListOf<HTMLScriptElement>} */
const scripts = document.querySelectorAll('script[data-defines]');
for (const { dataset } of scripts) {
  const tag = dataset.defines ?? '';
  if (customElements.get(tag)) continue;
  define(
    tag,
    class extends Module {
      static title = tag;

      renderImpl() {
        return html`<p class="problem" role="alert">
          The script of ${tag} failed or does not define this element; see the browser's console.
        </p>`;
      }
    },
  );
}
