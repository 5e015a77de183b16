// LIT's elements, to be changed before the page makes the first of them.

export const lit = (tag) => customElements.get(tag);

export function addStyles(tag, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  lit(tag).elementStyles.push(sheet);
}
