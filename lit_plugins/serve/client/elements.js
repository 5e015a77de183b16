// LIT's elements, to be changed before the page makes the first of them.

export const lit = (tag) => customElements.get(tag);

export function addStyles(tag, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  lit(tag).elementStyles.push(sheet);
}

// One of Lit's templates, as its own tag makes them.
export const html = (strings, ...values) => ({ _$litType$: 1, strings, values });
