// LIT cuts long names in its menus, facets and toolbar, and uses an emoji that many machines lack.
// Here names are whole, more of them fit, and the emoji is gone.

import { addStyles, lit } from '../lit/elements.js';

// Menu items and facets name columns. LIT cuts them, and shows only four facets at a time.
const menu = lit('lit-menu').prototype;
const renderItem = menu.renderItem;
/** @param {{ itemText: string }} item @param {unknown[]} ids */
menu.renderItem = function (item, ...ids) {
  const rendered = renderItem.call(this, item, ...ids);
  rendered.values[rendered.values.length - 1] = item.itemText;
  return rendered;
};
addStyles('lit-menu', '.item { width: auto; min-width: 260px; white-space: nowrap; }');
addStyles('faceting-control', '.config-panel { max-height: 280px; }');

// The name of a slice contains a model, a field and a class, and LIT's menu shows only its start.
addStyles('lit-main-toolbar', '.slice-container { width: 540px; }');

// Many machines have no font for the flame in "Powered by 🔥 LIT", and show an empty box instead.
const toolbar = lit('lit-app-toolbar').prototype;
const renderStatusAndTitle = toolbar.renderStatusAndTitle;
toolbar.renderStatusAndTitle = function () {
  const title = renderStatusAndTitle.call(this);
  const subtitle = title.values.at(-1);
  if (subtitle) subtitle.values[0] = 'Powered by LIT';
  return title;
};
