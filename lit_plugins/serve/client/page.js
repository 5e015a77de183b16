// Runs after LIT's own script has defined its modules and before LIT starts, on the window's load.

const lit = (tag) => customElements.get(tag);

function addStyles(tag, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  lit(tag).elementStyles.push(sheet);
}

// PCA is there at once; LIT would open with UMAP, which takes long, and it stays one click away.
const embeddings = lit('embeddings-module').prototype;
const setupReactions = embeddings.setupReactions;
embeddings.setupReactions = function () {
  if ('pca' in this.projectorChoices) this.projectorName = 'pca';
  setupReactions.call(this);
};

// What each model predicts stands beside the gold label; LIT would hide it behind its menu of columns.
const table = lit('data-table-module').prototype;
const isPrediction = (name) => name.endsWith(':class');
const keys = Object.getOwnPropertyDescriptor(table, 'keys').get;
Object.defineProperty(table, 'keys', {
  configurable: true,
  get() {
    const all = keys.call(this);
    // LIT has them in the order in which the models answered.
    const predictions = this.appState.currentModels.flatMap((model) =>
      all.filter(({ name }) => isPrediction(name) && name.startsWith(`${model}:`)),
    );
    const others = all.filter((key) => !predictions.includes(key));
    const label = others.findIndex((key) => key.name === 'label');
    others.splice(label + 1 || others.length, 0, ...predictions);
    return others;
  },
});
const updateColumns = table.updateColumns;
table.updateColumns = function () {
  updateColumns.call(this);
  for (const name of this.columnVisibility.keys()) {
    if (isPrediction(name)) this.columnVisibility.set(name, true);
  }
};
// A column's name is cut at its start, where it names the model: two models' columns look the same.
addStyles(
  'lit-data-table',
  `.header-text, :host([searchenabled]) .header-text {
     direction: ltr; max-width: none; white-space: normal; text-align: start;
   }`,
);

// Wide enough for both models' predictions, and for the editor's buttons.
lit('data-table-module').numCols = 6;
lit('datapoint-editor-module').numCols = 3;

// Two models side by side, where one above the other leaves each a few lines.
for (const tag of ['salience-map-module', 'salience-clustering-module', 'tcav-module']) {
  lit(tag).duplicateAsRow = true;
}
// The colours' legends and what stands beside them are wider than their line and would be cut.
for (const tag of ['salience-map-module', 'embeddings-module']) {
  addStyles(
    tag,
    `.module-footer { flex-wrap: wrap; height: auto; row-gap: 4px; }
     .module-footer > * { flex-shrink: 0; }`,
  );
}

// Many machines have no font with the flame in "Powered by 🔥 LIT"; an empty box stands there.
const toolbar = lit('lit-app-toolbar').prototype;
const renderStatusAndTitle = toolbar.renderStatusAndTitle;
toolbar.renderStatusAndTitle = function () {
  const title = renderStatusAndTitle.call(this);
  const subtitle = title.values.at(-1);
  if (subtitle) subtitle.values[0] = 'Powered by LIT';
  return title;
};
