// Access to LIT's elements and templates. Elements must be changed before the page creates them.

/** @import { LitElementClass, LitElementPatched, TemplateTag } from './types.d.ts' */

/** Returns the class of one of LIT's elements. @type {(tag: string) => LitElementClass} */
export const lit = (tag) => /** @type {any} */ (customElements.get(tag));

/** Adds rules to an element's style sheets. @type {(tag: string, css: string) => void} */
export function addStyles(tag, css) {
  lit(tag).elementStyles.push(sheetOf(css));
}

/** Makes a style sheet of some rules. @type {(css: string) => CSSStyleSheet} */
export function sheetOf(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

/**
 * Changes the values that a getter of LIT's elements returns.
 *
 * @param {LitElementPatched} prototype the prototype that defines the getter.
 * @param {string} name the getter's name.
 * @param {(value: any, element: LitElementPatched) => unknown} amend maps LIT's value to a new one.
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

// Tags for Lit templates, equivalent to Lit's own. `svg` is for content inside an <svg> element.
/** @type {TemplateTag} */
export const html = (strings, ...values) => ({ _$litType$: 1, strings, values });
/** @type {TemplateTag} */
export const svg = (strings, ...values) => ({ _$litType$: 2, strings, values });

// A template value for which Lit renders nothing; as an attribute's value, it omits the attribute.
export const nothing = Symbol.for('lit-nothing');
