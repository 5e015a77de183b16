// A text that is changed in place: predictions follow while one types, the words in a pause.

import { textFieldOf } from '../lit/fields.js';
import { css, html } from '../module.js';
import { Answers, classifyingModels } from './prediction_answers.js';

/** @import { MethodForm } from '../explaining/method_form.js' */
/** @import { Input, Module } from '../module.js' */

// Milliseconds after the last key.
const PREDICT_AFTER = 150;
const EXPLAIN_AFTER = 700;

// The column that says how a generated text was made. It is wrong once the text is changed by hand.
const HOW = 'edit';

export const editStyles = css`
  textarea {
    box-sizing: border-box; width: 100%; field-sizing: content; min-height: 44px; margin: 0;
    padding: 6px 8px; border: 1px solid var(--lit-neutral-600); border-radius: 4px;
    resize: vertical; font: inherit; font-size: 19px; line-height: 30px;
    color: var(--lit-neutral-900);
  }
`;

/** The name of the field with the text. */
export const textField = () => textFieldOf(classifyingModels()[0] ?? '');

/** One text while it is changed. */
export class Edit {
  /** @type {Input | null} */
  parent = null;
  text = '';
  #clocks = [0, 0];

  /**
   * @param {Module} module the module that shows the text.
   * @param {MethodForm} form chooses the explanation.
   * @param {() => unknown} leave leaves the text as it was.
   */
  constructor(module, form, leave) {
    this.module = module;
    this.leave = leave;
    this.answers = new Answers(module, 'edit', form);
  }

  /** Whether a text is being changed. */
  get isOpen() {
    return this.parent !== null;
  }

  /** Whether the text differs from what it was. */
  get isChanged() {
    return this.parent !== null && this.text !== this.parent.data[textField()];
  }

  /** The changed text as a datapoint that is in no dataset. */
  get input() {
    const { id, data } = /** @type {Input} */ (this.parent);
    const { _id, _meta, ...values } = data;
    return /** @type {Input} */ ({
      id: '',
      data: { ...values, ...(HOW in values ? { [HOW]: '' } : {}), [textField()]: this.text },
      meta: { source: 'manual', added: true, parentId: id },
    });
  }

  /** @param {Input} parent the datapoint to change. */
  open(parent) {
    this.parent = parent;
    this.text = parent.data[textField()] ?? '';
    this.answers.show(parent);
  }

  close() {
    this.#stopClocks();
    this.parent = null;
    this.answers.show(null);
  }

  #stopClocks() {
    for (const clock of this.#clocks) clearTimeout(clock);
  }

  /** @param {string} text */
  #type(text) {
    this.text = text;
    this.#stopClocks();
    const show = (/** @type {boolean} */ withWords) => () => {
      const input = this.isChanged ? this.input : this.parent;
      this.answers.show(input, { withWords, keepsWords: true });
    };
    this.#clocks = [setTimeout(show(false), PREDICT_AFTER), setTimeout(show(true), EXPLAIN_AFTER)];
    this.module.requestUpdate();
  }

  render() {
    return html`<textarea dir="auto" aria-label=${textField()} .value=${this.text}
      @input=${(event) => this.#type(event.target.value)}
      @keydown=${(event) => event.key === 'Escape' && this.leave()}></textarea>`;
  }
}
