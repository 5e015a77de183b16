// The buttons that save and copy the columns of the attribution chart.

import { canCopy, contentOf, copy, FORMATS, save } from '../explaining/export.js';
import { pictureOf } from '../explaining/picture.js';
import { menu } from '../menu.js';
import { html } from '../module.js';
import { headingOf } from './attribution_column.js';
import { remarksOf } from './attribution_scales.js';

/** @import { Module } from '../module.js' */
/** @import { Drawn } from './attribution_column.js' */

const TITLE = 'What each word adds to a model’s output';

/** The menu of formats and the buttons. */
export class AttributionExport {
  #format = FORMATS[0];

  /** A sentence on the result of the last export. */
  said = '';

  /** @param {Module} module the module that contains the buttons. */
  constructor(module) {
    this.module = module;
  }

  /** @param {Drawn[]} drawn the columns; outdated columns are not exported. */
  render(drawn) {
    const shown = drawn.filter(({ column }) => column.isCurrent);
    const none = shown.length === 0;
    const name = `attributions.${this.#format.toLowerCase()}`;
    return html`<div class="export">
      ${menu('As', FORMATS, this.#format, (format) => {
        this.#format = format;
        this.#say('');
      })}
      <button class="hairline-button" ?disabled=${none || !canCopy()}
        title=${canCopy() ? '' : 'Copying from another machine’s page needs HTTPS.'}
        @click=${() => this.#put(shown, copy, 'Copied.')}>Copy</button>
      <button class="hairline-button" ?disabled=${none} @click=${() =>
        this.#put(shown, (content) => save(content, name), `Saved as ${name}.`)}>Save</button>
    </div>`;
  }

  /** @param {string} sentence */
  #say(sentence) {
    this.said = sentence;
    this.module.requestUpdate();
  }

  /**
   * Exports columns.
   *
   * @param {Drawn[]} shown the columns.
   * @param {(content: Blob) => unknown} put saves or copies the content.
   * @param {string} done the sentence to show afterwards.
   */
  async #put(shown, put, done) {
    try {
      const texts = new Set(shown.map(({ explanation }) => explanation.text));
      const picture = pictureOf(
        shown.map((drawing) => ({ ...drawing, heading: headingOf(drawing.column) })),
        TITLE,
        [...texts, ...remarksOf(shown)].join('\n'),
      );
      const data = shown.map(({ column: { model }, explanation }) => ({ model, ...explanation }));
      await put(await contentOf(this.#format, picture, data));
      this.#say(done);
    } catch (error) {
      this.#say(/** @type {Error} */ (error).message);
    }
  }
}
