// A module whose script failed: LIT would show no page at all where a layout names what is not there.

import { Module, define, html } from './module.js';

for (const { dataset } of document.querySelectorAll('script[data-defines]')) {
  const tag = dataset.defines;
  if (customElements.get(tag)) continue;
  define(
    tag,
    class extends Module {
      static title = tag;

      renderImpl() {
        return html`<p class="problem" role="alert">
          The script of ${tag} failed, or defines no such element; the browser's console says more.
        </p>`;
      }
    },
  );
}
