// The tabs over groups of modules, which LIT has for the mouse alone: by keyboard, and read out.

import { addStyles, html, lit } from '../lit/elements.js';

const modules = lit('lit-modules').prototype;

/** @type {Record<string, 'previousElementSibling' | 'nextElementSibling'>} */
const NEIGHBOURS = { ArrowLeft: 'previousElementSibling', ArrowRight: 'nextElementSibling' };

/** @param {KeyboardEvent & { currentTarget: HTMLElement }} event */
function move(event) {
  const neighbour = event.currentTarget[NEIGHBOURS[event.key]];
  if (!(neighbour instanceof HTMLElement)) return;
  event.preventDefault();
  neighbour.focus({ preventScroll: true });
  neighbour.click();
}

/** @param {string[]} names @param {string} selected @param {(name: string) => void} select */
modules.renderTabs = function (names, selected, select) {
  return names.map((name) => {
    const isSelected = name === selected;
    const choose = () => {
      select(name);
      this.requestUpdate();
    };
    return html`<div class="tab ${isSelected ? 'selected' : ''}" role="tab"
      aria-selected=${String(isSelected)} tabindex=${isSelected ? 0 : -1}
      @click=${choose} @keydown=${move}>${name}</div>`;
  });
};

const modulesUpdated = modules.updated;
/** @param {...unknown} changed */
modules.updated = function (...changed) {
  modulesUpdated.apply(this, changed);
  for (const tabs of this.renderRoot.querySelectorAll('.tabs-container')) {
    tabs.setAttribute('role', 'tablist');
  }
};

addStyles(
  'lit-modules',
  `.tab.selected { color: var(--lit-cyea-600); }
   .tab:focus-visible { outline: 2px solid var(--lit-cyea-500); outline-offset: -2px; }`,
);
