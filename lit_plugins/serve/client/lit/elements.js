// LIT's elements, to be changed before the page makes the first of them, and its templates.

/** @import { LitElementClass, LitElementPatched, TemplateTag } from './types.d.ts' */

/** @type {(tag: string) => LitElementClass} */
export const lit = (tag) => /** @type {any} */ (customElements.get(tag));

/** @type {(tag: string, css: string) => void} */
export function addStyles(tag, css) {
  lit(tag).elementStyles.push(sheetOf(css));
}

/** @type {(css: string) => CSSStyleSheet} */
export function sheetOf(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

/**
 * Changes what a property of LIT's elements gives.
 *
 * @param {LitElementPatched} prototype
 * @param {string} name
 * @param {(value: any, element: LitElementPatched) => unknown} amend
 */
export function amendGetter(prototype, name, amend) {
  const get = /** @type {() => unknown} */ (Object.getOwnPropertyDescriptor(prototype, name)?.get);
  Object.defineProperty(prototype, name, {
    configurable: true,
    get() {
      return amend(get.call(this), this);
    },
  });
}

// Lit's templates, as its own tags make them; the second is for what stands inside of <svg>.
/** @type {TemplateTag} */
export const html = (strings, ...values) => ({ _$litType$: 1, strings, values });
/** @type {TemplateTag} */
export const svg = (strings, ...values) => ({ _$litType$: 2, strings, values });

// A template's value for which Lit shows nothing, or leaves an attribute out.
export const nothing = Symbol.for('lit-nothing');
