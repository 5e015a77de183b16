// The results of the global words module: words for a class, words against it, and the sentences
// that contain the chosen word.

import { background, hue, textOn } from '../explaining/colors.js';
import { decimalsOf, errorOf, scoreOf, signed } from '../explaining/number_format.js';
import { css, html, nothing } from '../module.js';
import { extract, renderList } from './global_words_lists.js';

/** @import { Result, Word } from './global_words.d.ts' */

const MOST_ROWS = 100; // words in a list
const NONE = 'No word occurs that often; lower the minimum.';

/** @param {number} count @param {string} noun */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const resultStyles = css`
  .words {
    flex: 1; min-height: 0; display: grid; gap: 0 8px; padding: 0 8px;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1.3fr);
  }
  .words > section { display: flex; flex-direction: column; min-height: 0; }
  h3 {
    display: flex; justify-content: space-between; align-items: center; gap: 8px; height: 26px;
    margin: 0; font-size: 12px; font-weight: 500; white-space: nowrap;
  }
  h3 > span { overflow: hidden; text-overflow: ellipsis; }
  h3 > small { font-size: 11px; font-weight: normal; color: var(--lit-neutral-700); }
  h3 > .hairline-button { flex-shrink: 0; }
  .rows { flex: 1; margin: 0; padding: 0; overflow-y: auto; list-style: none; }
  .rows:focus-visible { outline-offset: -2px; }
  .rows > li {
    position: relative; border-bottom: 1px solid var(--lit-neutral-100); cursor: pointer;
  }
  .rows > li:hover { background: var(--lit-neutral-100); }
  .rows > li[aria-selected='true'] {
    background: var(--lit-mintonal-p-3); box-shadow: inset 3px 0 var(--lit-cyea-600);
  }
  .line { display: flex; align-items: center; gap: 6px; height: 21px; padding: 0 6px; }
  .line > * { position: relative; }
  .line > .bar { position: absolute; inset: 2px auto 2px 3px; opacity: 0.25; }
  .line > .word { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: pre; }
  .line > .figure { white-space: nowrap; font-variant-numeric: tabular-nums; }
  .line > .n { color: var(--lit-neutral-700); }
  .line > .error { min-width: 42px; color: var(--lit-neutral-700); }
  .sentence { display: flex; gap: 8px; padding: 2px 8px; line-height: 17px; }
  .sentence > span { flex: 1; overflow-wrap: anywhere; }
  .sentence mark { padding: 0 2px; border-radius: 2px; font-weight: 500; }
  .sentence > b { font-weight: normal; white-space: nowrap; font-variant-numeric: tabular-nums; }
  .none { margin: 0; padding: 6px; color: var(--lit-neutral-700); }
`;

/**
 * Renders the words and the sentences.
 *
 * @param {object} shown
 * @param {Result} shown.result
 * @param {string} shown.query the letters that all shown words contain; empty for all words.
 * @param {'mean' | 'count'} shown.sort the figure by which words are sorted, the largest first.
 * @param {Word | null} shown.word the word whose sentences are shown.
 * @param {number} shown.sentence the index of the chosen sentence, or -1.
 * @param {boolean} shown.selectable whether the result's texts are in the open dataset.
 * @param {(word: Word, sentence: number) => void} shown.choose called with the newly chosen word
 *   and sentence.
 * @param {() => void} shown.enter called when a key opens a word's sentences.
 * @param {(ids: string[]) => void} shown.select called with the ids of texts to select; a single
 *   text becomes the primary selection.
 */
export function renderResult(shown) {
  const { words, target } = shown.result;
  const letters = shown.query.trim().toLowerCase();
  const matching = words.filter(({ word }) => word.includes(letters));
  const size = (/** @type {Word} */ { n, mean }) => (shown.sort === 'count' ? n : Math.abs(mean));
  const sorted = matching.toSorted((one, other) => size(other) - size(one));
  const figures = {
    largest: Math.max(...words.map(({ mean }) => Math.abs(mean))),
    decimals: decimalsOf(words.map(({ mean }) => mean)),
  };
  const above = sorted.filter(({ mean }) => mean > 0);
  const below = sorted.filter(({ mean }) => mean < 0);
  return html`<div class="words">
    ${renderWords(shown, 'words-for', `For ${target}`, above, figures)}
    ${renderWords(shown, 'words-against', `Against ${target}`, below, figures)}
    ${renderSentences(shown, figures.decimals)}
  </div>`;
}

/**
 * @param {Parameters<typeof renderResult>[0]} shown
 * @param {string} id
 * @param {string} title
 * @param {Word[]} words
 * @param {{ largest: number, decimals: number }} figures largest: the absolute mean whose bar has
 *   the whole width.
 */
function renderWords({ result, word: chosen, choose, enter }, id, title, words, figures) {
  const { largest, decimals } = figures;
  const rows = words.slice(0, MOST_ROWS);
  const width = (/** @type {number} */ mean) => (100 * Math.abs(mean)) / largest;
  return html`<section>
    <h3><span title=${title}>${title}</span> <small>n, mean ± error</small></h3>
    ${rows.length === 0
      ? html`<p class="none">${result.found === 0 ? NONE : 'No words.'}</p>`
      : renderList({
          id,
          label: title,
          rows,
          chosen: chosen ? rows.indexOf(chosen) : -1,
          choose: (index) => choose(rows[index], -1),
          open: (_, key) => key && enter(),
          name: ({ word, mean, error, n, texts }) =>
            `${word}: mean ${scoreOf(mean, error, decimals)}, ` +
            `${counted(n, 'time')} in ${counted(texts, 'text')}`,
          render: ({ word, mean, error, n, texts }) => html`<div class="line"
              title=${`${word}: ${counted(n, 'time')} in ${counted(texts, 'text')}`}>
            <span class="bar"
              style=${`width: calc(${width(mean)}% - 6px); background: ${hue(mean)}`}></span>
            <span class="word" dir="auto">${word}</span>
            <span class="figure n">${n}</span>
            <span class="figure mean">${signed(mean, decimals)}</span>
            <span class="figure error">
              ${error === null ? nothing : `± ${errorOf(error, decimals)}`}</span>
          </div>`,
        })}
    ${words.length > rows.length
      ? html`<p class="none">And ${words.length - rows.length} more; search to see them.</p>`
      : nothing}
  </section>`;
}

/**
 * @param {Parameters<typeof renderResult>[0]} shown
 * @param {number} decimals
 */
function renderSentences({ result, word, sentence, selectable, choose, select }, decimals) {
  if (word === null) {
    return html`<section>
      <h3>Sentences</h3>
      <p class="none">Choose a word to see the sentences that contain it.</p>
    </section>`;
  }
  const rows = word.occurrences.map(([text, start, end, score]) => ({
    id: result.explained[text],
    score,
    ...extract(result.sentences[text], start, end),
  }));
  const ids = [...new Set(rows.map(({ id }) => id))];
  const title = `Sentences with ${word.word}`;
  const share = ids.length < word.texts ? `${ids.length} of` : 'all';
  const colours = (/** @type {number} */ score) =>
    `background: ${background(score, result.unit)}; color: ${textOn(score, result.unit)}`;
  return html`<section>
    <h3>
      <span title=${title}>${title}</span>
      <button class="hairline-button" title="Select these texts in the page"
        ?disabled=${!selectable} @click=${() => select(ids)}>Select ${share} ${word.texts}</button>
    </h3>
    ${renderList({
      id: 'sentences',
      label: title,
      rows,
      chosen: sentence,
      choose: (index) => choose(word, index),
      open: (index) => selectable && select([rows[index].id]),
      name: ({ before, word: marked, after, score }) =>
        `${signed(score, decimals)}: ${before}${marked}${after}`,
      render: ({ before, word: marked, after, score }) => html`<div class="sentence">
        <span dir="auto">${before}<mark style=${colours(score)}>${marked}</mark>${after}</span>
        <b>${signed(score, decimals)}</b>
      </div>`,
    })}
  </section>`;
}
