// The saved work module: the datapoints that were added and saved, and buttons to download, load
// and remove them, and to bring back what was removed.

import { save as saveFile } from '../explaining/export.js';
import { textFieldIn } from '../lit/fields.js';
import {
  canSave,
  download,
  fetchRemovals,
  load,
  onChange,
  refresh,
  remove,
  restore,
  save,
  savedNow,
  unsaved,
} from '../lit/saved_datapoints.js';
import { Module, css, define, html, nothing } from '../module.js';
import { showChosen } from './global_words_lists.js';
import { counted, listStyles, renderRemovals, renderSaved, shownTime } from './saved_lists.js';

/** @import { Input } from '../module.js' */
/** @import { Removal } from '../lit/saved_datapoints.js' */

const LARGEST_FILE = 16_000_000; // bytes

class SavedWork extends Module {
  static title = 'Saved Work';

  static infoMarkdown = `The datapoints that were added to the dataset by hand, by a generator or
from a file. The server saves each datapoint when it is added, so that everybody who opens the page
sees it, even after a restart of the server.

- **Download** them as a table (CSV) or as JSON lines. Both files can be loaded again, here or
  elsewhere, and JSON lines also open as a dataset of their own.
- **Load a file** adds its rows to the dataset. Columns are matched by their names.
- **Remove** removes datapoints from the dataset for everybody. The server's file keeps their texts.
- **Removed** lists what was removed, by whomever. Everybody can bring it back.
- **Refresh** fetches the changes that others have made. This also happens when you return to the
  page.`;

  static numCols = 12;
  static duplicateForModelComparison = false;
  static duplicateForExampleComparison = false;

  static styles = [
    ...Module.styles,
    listStyles,
    css`
      .module-container { display: flex; flex-direction: column; height: 100%; }
      .controls > .end { margin-inline-start: auto; }
      .status {
        flex-shrink: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px;
        min-height: 34px; padding: 4px 8px; box-sizing: border-box;
        border-block: 1px solid var(--lit-neutral-300);
      }
      .status p { margin: 0; }
      .status .hairline-button { margin: 0; padding: 0 8px; font-size: 12px; }
      .other { color: var(--google-red-700); }
    `,
  ];

  static shouldDisplayModule() {
    return canSave();
  }

  said = '';
  problem = '';
  /** The ids of the datapoints whose removal awaits confirmation. @type {string[] | null} */
  removing = null;
  /** The ids of the datapoints that were removed last, here. @type {string[]} */
  removed = [];
  /** What was removed, if it is listed in place of what is saved. @type {Removal[] | null} */
  removals = null;
  areAllRemovals = true;
  /** The id of the chosen row. */
  chosen = '';
  stopTelling = () => {};

  connectedCallback() {
    super.connectedCallback();
    this.stopTelling = onChange(() => this.requestUpdate());
    this.attempt(refresh, () => '');
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stopTelling();
  }

  firstUpdated() {
    this.react(
      () => this.appState.currentDataset,
      () => {
        this.said = '';
        this.problem = '';
        this.removing = null;
        this.removed = [];
        this.removals = null;
        this.chosen = '';
        this.attempt(refresh, () => '');
      },
    );
  }

  /** The saved datapoints, the latest first. */
  get saved() {
    const { times } = savedNow();
    return this.appState.currentInputData.filter(({ id }) => times.has(id)).toReversed();
  }

  /**
   * Sends a request and shows a sentence on its result, or its error.
   *
   * @template Answer
   * @param {() => Promise<Answer>} act sends the request.
   * @param {(answer: Answer) => string} sentence words the result.
   */
  async attempt(act, sentence) {
    this.problem = '';
    this.removed = [];
    try {
      this.said = sentence(await act());
      if (this.removals) await this.listRemovals();
    } catch (error) {
      this.said = '';
      this.problem = /** @type {Error} */ (error).message;
    }
    this.requestUpdate();
  }

  /** @param {'csv' | 'jsonl'} kind */
  download(kind) {
    this.attempt(
      () => download(kind),
      ({ name, kind: type, text }) => {
        saveFile(new Blob([text], { type }), name);
        return `Downloaded as ${name}.`;
      },
    );
  }

  /** @param {File} file */
  load(file) {
    this.attempt(
      async () => load(file.name, await textOf(file)),
      ({ inputs, notes }) =>
        [`Added ${counted(inputs.length)} from ${file.name}.`, ...notes].join(' '),
    );
  }

  /** @param {string[]} ids */
  askToRemove(ids) {
    this.removing = ids;
    this.focusOn('.keep');
  }

  /** @param {boolean} isConfirmed */
  endRemoving(isConfirmed) {
    const ids = this.removing ?? [];
    this.removing = null;
    this.focusOn('.refresh');
    if (!isConfirmed) return;
    this.attempt(
      () => remove(ids),
      () => {
        this.removed = ids;
        return `Removed ${counted(ids.length)}.`;
      },
    );
  }

  /** @param {{ ids: string[] } | { at: string }} which */
  restore(which) {
    this.focusOn('.refresh'); // the button may go with the row
    this.attempt(
      () => restore(which),
      ({ inputs }) => `Brought back ${counted(inputs.length)}.`,
    );
  }

  toggleRemovals() {
    if (this.removals === null) return void this.listRemovals();
    this.removals = null;
    this.requestUpdate();
  }

  /** Lists what was removed. @param {Removal[]} later removals that are listed already. */
  async listRemovals(later = []) {
    const { currentDataset } = this.appState;
    try {
      const answer = await fetchRemovals(later.at(-1)?.at ?? null);
      if (currentDataset !== this.appState.currentDataset) return;
      this.removals = [...later, ...answer.removals];
      this.areAllRemovals = answer.are_all;
    } catch (error) {
      this.problem = /** @type {Error} */ (error).message;
    }
    this.requestUpdate();
  }

  /** @param {string} selector the selector of a button that the next update shows. */
  async focusOn(selector) {
    this.requestUpdate();
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(selector))?.focus();
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    super.updated(changed);
    showChosen(this.renderRoot);
  }

  renderImpl() {
    const { saved } = this;
    return html`<div class="module-container">
      ${this.renderControls(saved)}
      ${this.renderStatus(saved)}
      ${this.renderRows(saved)}
    </div>`;
  }

  /** @param {Input[]} saved */
  renderControls(saved) {
    const isEmpty = saved.length === 0;
    const ids = saved.map(({ id }) => id);
    const selected = ids.filter((id) => this.selectionService.isIdSelected(id));
    const { removed } = savedNow();
    const choose = () =>
      /** @type {HTMLInputElement} */ (this.renderRoot.querySelector('input')).click();
    return html`<div class="controls">
      <button class="hairline-button" title="Download a table for spreadsheets"
        ?disabled=${isEmpty} @click=${() => this.download('csv')}>Download CSV</button>
      <button class="hairline-button" title="Download one JSON object per line"
        ?disabled=${isEmpty} @click=${() => this.download('jsonl')}>Download JSON lines</button>
      <button class="hairline-button" title="Add the rows of a CSV, TSV or JSON lines file"
        @click=${choose}>Load a file</button>
      <input type="file" accept=".csv,.tsv,.jsonl,.ndjson,.json" hidden aria-label="File to load"
        @change=${(event) => {
          const file = event.target.files?.[0];
          if (file) this.load(file);
          event.target.value = '';
        }}>
      <button class="hairline-button refresh" title="Fetch what others have added or removed"
        @click=${() => this.attempt(refresh, () => 'The list is up to date.')}>Refresh</button>
      <button class="hairline-button end" ?disabled=${selected.length === 0}
        @click=${() => this.askToRemove(selected)}>Remove selected (${selected.length})</button>
      <button class="hairline-button" ?disabled=${isEmpty}
        @click=${() => this.askToRemove(ids)}>Remove all (${saved.length})</button>
      <button class=${`hairline-button ${this.removals ? 'active' : ''}`}
        title="List what was removed, to bring it back" aria-pressed=${String(!!this.removals)}
        ?disabled=${removed === 0 && !this.removals}
        @click=${() => this.toggleRemovals()}>Removed (${removed})</button>
    </div>`;
  }

  /** @param {Input[]} saved */
  renderStatus(saved) {
    const { removing } = this;
    if (removing !== null) {
      const question = `Remove ${counted(removing.length)} for everybody?`;
      return html`<div class="status" role="alertdialog" aria-label=${question}
          @keydown=${(event) => {
            if (event.key === 'Escape') this.endRemoving(false);
          }}>
        <p class="other">${question}</p>
        <button class="hairline-button" @click=${() => this.endRemoving(true)}>Remove</button>
        <button class="hairline-button keep" @click=${() => this.endRemoving(false)}>Keep</button>
      </div>`;
    }
    const lost = unsaved();
    const said = [this.summary(saved), this.said, ...savedNow().notes].filter(Boolean).join(' ');
    return html`<div class="status">
      <p role="status">
        ${this.problem ? html`<span class="other">${this.problem}</span>` : nothing} ${said}
      </p>
      ${this.removed.length > 0
        ? html`<button class="hairline-button" @click=${() => this.restore({ ids: this.removed })}
            >Undo</button>`
        : nothing}
      ${lost.length > 0
        ? html`<p class="other">${counted(lost.length)} in the page
              ${lost.length === 1 ? 'is' : 'are'} not saved.</p>
            <button class="hairline-button" @click=${() =>
              this.attempt(
                () => save(lost).then(refresh),
                () => `Saved ${counted(lost.length)}.`,
              )}>Save now</button>`
        : nothing}
    </div>`;
  }

  /** @param {Input[]} saved */
  summary(saved) {
    const { currentDataset } = this.appState;
    if (saved.length === 0) return `No datapoint added to ${currentDataset} is saved.`;
    const { times } = savedNow();
    const first = saved.map(({ id }) => times.get(id) ?? '').reduce((a, b) => (a < b ? a : b));
    const verb = saved.length === 1 ? 'is' : 'are';
    const since = shownTime(first) && `, the first since ${shownTime(first)}`;
    return `${counted(saved.length)} added to ${currentDataset} ${verb} saved${since}.`;
  }

  /** @param {Input[]} saved */
  renderRows(saved) {
    const { removals } = this;
    if (removals !== null) {
      return renderRemovals({
        removals,
        areAll: this.areAllRemovals,
        restore: (which) => this.restore(which),
        showEarlier: () => this.listRemovals(removals),
      });
    }
    return renderSaved({
      saved,
      times: savedNow().times,
      field: textFieldIn(this.appState.currentDatasetSpec),
      chosen: this.chosen,
      choose: (id) => {
        this.chosen = id;
        this.requestUpdate();
      },
      open: (id) => this.selectionService.selectIds([id], this),
    });
  }
}

/**
 * Reads the text of a file.
 *
 * @param {File} file
 * @throws {Error} if the file is too large or is not UTF-8 text.
 */
async function textOf(file) {
  if (file.size > LARGEST_FILE) {
    throw new Error(`${file.name} is larger than 16 MB; load it in parts.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch (error) {
    throw new Error(`${file.name} is not UTF-8 text; save it again as UTF-8.`, { cause: error });
  }
}

define('saved-work-module', SavedWork);
