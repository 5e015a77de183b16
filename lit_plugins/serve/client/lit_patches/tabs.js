// LIT's tabs ignore the keyboard and screen readers, and create all their modules at once. Here
// arrow keys move between tabs, tabs have roles, and a tab creates its modules when first opened.

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

// LIT creates the modules of all tabs before it shows any. Here a tab creates its own when it is
// first opened.
const renderWidgetGroups = modules.renderWidgetGroups;
/**
 * @param {unknown} groups @param {string} tab @param {unknown} widths @param {string} id
 * @param {boolean} isOpen @param {unknown[]} rest
 */
modules.renderWidgetGroups = function (groups, tab, widths, id, isOpen, ...rest) {
  this.openedTabs ??= new Set();
  if (isOpen) this.openedTabs.add(id);
  if (!this.openedTabs.has(id)) return [];
  return renderWidgetGroups.call(this, groups, tab, widths, id, isOpen, ...rest);
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
