// A module whose script failed: LIT would show no page where a layout names what is not there.

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
          The script of ${tag} failed, or defines no such element; the browser's console says more.
        </p>`;
      }
    },
  );
}
