// The models' answers for a text, a row a model: the prediction on the left, and on the right the
// text with the colours of its words.

import { colouredParts, scoreAt } from '../explaining/coloured_text.js';
import { hue } from '../explaining/colors.js';
import {
  deltaOf, errorOf, nameOf, ROUNDING, scoreOf, UNKNOWN, valueOf,
} from '../explaining/number_format.js';
import { labelsOf } from '../explaining/methods.js';
import { largest } from '../explaining/predictions.js';
import { marked } from '../lit/class_colours.js';
import { classesOf } from '../lit/fields.js';
import { css, html, nothing } from '../module.js';

/** @import { Span } from '../explaining/coloured_text.js' */
/** @import { Explanation } from '../explaining/explanation.d.ts' */
/** @import { Input } from '../module.js' */
/** @import { Answer } from './prediction_answers.js' */

export const rowStyles = css`
  .answers {
    display: grid; grid-template-columns: fit-content(38%) minmax(0, 1fr); gap: 14px 24px;
    padding: 12px 16px;
  }
  .answer, .wide { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; }
  .verdict { min-width: 120px; padding-top: 5px; }
  .answers h3 {
    padding: 0; font-size: 14px; line-height: 20px; font-weight: 600; overflow-wrap: anywhere;
    color: var(--lit-neutral-900);
  }
  .verdict p { margin: 4px 0 0; font-size: 14px; line-height: 20px; white-space: nowrap; }
  .verdict .probability { font-variant-numeric: tabular-nums; }
  .was, .quiet { font-size: 12px; line-height: 16px; color: var(--lit-neutral-700); }
  .mark {
    display: inline-block; margin-inline-start: 6px; padding: 0 7px; border-radius: 8px;
    font-size: 12px; line-height: 16px; font-weight: 500;
  }
  .mark.right { background: #e6f4ea; color: #0d652d; }
  .mark.wrong { background: #fce8e6; color: #a50e0e; }
  .words {
    margin: 0; font-size: 19px; line-height: 30px; color: var(--lit-neutral-900);
    white-space: pre-wrap; overflow-wrap: anywhere; transition: opacity 0.15s;
  }
  .words.long { font-size: 16px; line-height: 26px; }
  .words .word { padding-block: 2px; border-radius: 3px; }
  .words .word.pointed { outline: 2px solid var(--lit-neutral-800); }
  .words.outdated { opacity: 0.45; }
  .unread { color: var(--lit-neutral-700); }
  .limit {
    margin-inline: 6px; padding: 1px 6px; border-radius: 3px; background: var(--lit-neutral-200);
    color: var(--lit-neutral-800); font-size: 12px; vertical-align: 2px; white-space: nowrap;
  }
  .reading .quiet { margin: 4px 0 0; }
  .reading .problem { padding: 0; margin: 4px 0 0; }
`;

/** Characters from which on a text has smaller letters. */
export const LONG = 300;

/**
 * Returns the name of the field with a model's gold labels, and the text's label in it; '' if there
 * is none.
 *
 * @param {string} model
 * @param {Input} input
 */
export function goldOf(model, { data }) {
  const field = classesOf(model)[1].parent ?? '';
  return { field, label: String(data[field] ?? '') };
}

/**
 * Renders whether a prediction equals the gold label; nothing without a gold label.
 *
 * @param {string} model
 * @param {number[]} probabilities
 * @param {Input} input
 * @param {boolean} isShort whether the mark has no room for a word.
 */
export function markOf(model, probabilities, input, isShort = false) {
  const labels = labelsOf(model);
  const { label } = goldOf(model, input);
  if (!labels.includes(label)) return nothing;
  const isRight = labels[largest(probabilities)] === label;
  const [sign, word] = isRight ? ['✓', 'right'] : ['✗', 'wrong'];
  return html`<span class="mark ${word}" title=${word}
    >${sign} <span class=${isShort ? 'only-read-out' : ''}>${word}</span></span>`;
}

/**
 * Renders a predicted class and its probability.
 *
 * @param {string} model
 * @param {number[]} probabilities
 */
export function predictionOf(model, probabilities) {
  const predicted = largest(probabilities);
  return html`${marked(labelsOf(model)[predicted])}
    <span class="probability">${valueOf(probabilities[predicted])}</span>`;
}

/**
 * Renders one model's row.
 *
 * @param {Answer} answer
 * @param {object} settings
 * @param {Input} settings.input the text that the answer is for.
 * @param {string} settings.text the text itself.
 * @param {number} settings.row the row's index.
 * @param {boolean} settings.withMark whether the prediction is compared with the gold label.
 * @param {number[] | null} settings.before the probabilities before a change; null without one.
 * @param {() => unknown} settings.again tries again what has failed.
 */
export function renderAnswer(answer, { input, text, row, withMark, before, again }) {
  const { model, probabilities, problem, explanation, isCurrent, unexplained } = answer;
  const failure = problem || unexplained;
  const state = explanation && !isCurrent ? 'outdated' : '';
  const size = text.length > LONG ? 'long' : '';
  const parts = explanation ? wordsOf(explanation, model) : text;
  const isBusy = !isCurrent && !failure;
  return html`<section class="answer" aria-label=${model} aria-busy=${String(isBusy)}>
    <div class="verdict">
      <h3>${model}</h3>
      ${probabilities
        ? html`<p>${predictionOf(model, probabilities)}
            ${withMark ? markOf(model, probabilities, input) : nothing}</p>
            ${before ? html`<p class="was">was ${predictionOf(model, before)}</p>` : nothing}`
        : html`<p class="quiet">${problem ? 'no prediction' : 'predicting …'}</p>`}
    </div>
    <div class="reading">
      ${text.trim() === '' ? html`<p class="quiet">The text is empty.</p>` : nothing}
      <p class="words ${state} ${size}" dir="auto" tabindex="0" role="group" data-row=${row}
        aria-label="The text as ${model} reads it; arrow keys move from word to word"
        >${parts}</p>
      ${failure
        ? html`<p class="problem" role="alert">${failure}
            <button class="hairline-button" @click=${again}>Try again</button></p>`
        : html`<p class="quiet"
            >${explanation ? figuresOf(explanation) : 'Computing the words …'}</p>`}
    </div>
  </section>`;
}

/**
 * Renders the words of a text in their colours. What the model does not read has none.
 *
 * @param {Explanation} explanation
 * @param {string} model
 */
function wordsOf(explanation, model) {
  const [first, last] = explanation.seen;
  let isTold = false;
  /** @param {string} text @param {Span} span @param {() => unknown} render */
  const within = (text, [start, end], render) => {
    if (start >= first && end <= last) return render();
    const told = isTold ? nothing : html`<span class="limit">not read by ${model}</span>`;
    isTold = true;
    return html`${told}<span class="unread">${text}</span>`;
  };
  return colouredParts(
    explanation,
    (text, score, style, span) =>
      within(text, span, () => html`<span class="word" style=${style} data-start=${span[0]}
        data-end=${span[1]}>${text}</span>`),
    (text, span) => within(text, span, () => text),
  );
}

/**
 * Says by which method the words were scored, and how exact that is.
 *
 * @param {Explanation} explanation
 */
function figuresOf(explanation) {
  const { title, target_label: label, unit, output, base_value: base, delta, error } = explanation;
  const { converged, note } = explanation;
  const figures = [`${title} for ${label}`];
  if (unit !== 'probability') figures.push(`${nameOf(explanation)} ${valueOf(output)}`);
  if (base !== null) figures.push(`base value ${valueOf(base)}`);
  const most = Math.max(0, ...(error ?? []));
  if (error !== null) figures.push(most > 0 ? `error up to ${errorOf(most)}` : 'exact');
  if (Math.abs(delta ?? 0) > ROUNDING) figures.push(`unexplained ${deltaOf(delta ?? 0)}`);
  if (!converged) figures.push('the method has not reached its tolerance');
  return [figures.join(' · '), note].filter(Boolean).join(' · ');
}

/**
 * Renders the scores of all words as a table, for screen readers.
 *
 * @param {Answer[]} answers
 */
export function renderScores(answers) {
  const explained = answers.filter(({ explanation }) => explanation !== null);
  const [first] = explained.map(({ explanation }) => /** @type {Explanation} */ (explanation));
  if (first === undefined) return nothing;
  return html`<div class="only-read-out"><table>
    <caption>What each word adds, by ${first.title}</caption>
    <thead><tr>
      <th scope="col">Word</th>
      ${explained.map(({ model }) => html`<th scope="col">${model}</th>`)}
    </tr></thead>
    <tbody>${first.words.map((word, index) => html`<tr>
      <th scope="row">${word}</th>
      ${scoresAt(explained, first.offsets[index]).map(({ score }) => html`<td>${score}</td>`)}
    </tr>`)}</tbody>
  </table></div>`;
}

/**
 * Returns the score of a word in all models that have one.
 *
 * @param {Answer[]} answers
 * @param {Span} span the word's place.
 * @returns {{ model: string, score: string, colour: string }[]}
 */
export function scoresAt(answers, span) {
  return answers.flatMap(({ model, explanation }) => {
    if (explanation === null) return [];
    const found = scoreAt(explanation, span);
    return [{
      model,
      score: found === null ? UNKNOWN : scoreOf(found.value, found.error),
      colour: hue(found?.value ?? 0),
    }];
  });
}
