// Menus, facets and toolbars: whole names, and no sign that a machine may lack.

import { addStyles, lit } from '../lit/elements.js';

// A menu's entries and the facets are columns: whole names, and more than four of them at once.
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

// A slice is named after a model, a field and a class, of which LIT's menu would show the start.
addStyles('lit-main-toolbar', '.slice-container { width: 540px; }');

// Many machines have no font with the flame in "Powered by 🔥 LIT"; an empty box stands there.
const toolbar = lit('lit-app-toolbar').prototype;
const renderStatusAndTitle = toolbar.renderStatusAndTitle;
toolbar.renderStatusAndTitle = function () {
  const title = renderStatusAndTitle.call(this);
  const subtitle = title.values.at(-1);
  if (subtitle) subtitle.values[0] = 'Powered by LIT';
  return title;
};
