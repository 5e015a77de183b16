// LIT's elements, to be changed before the page makes the first of them, and how its templates are made.

export const lit = (tag) => customElements.get(tag);

export function addStyles(tag, css) {
  lit(tag).elementStyles.push(sheetOf(css));
}

export function sheetOf(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

// Lit's templates, as its own tags make them; the second is for what stands inside of <svg>.
export const html = (strings, ...values) => ({ _$litType$: 1, strings, values });
export const svg = (strings, ...values) => ({ _$litType$: 2, strings, values });

// A template's value for which Lit shows nothing, or leaves an attribute out.
export const nothing = Symbol.for('lit-nothing');
