// A word's scores in all models, shown beside the word while the pointer or the arrow keys are on
// it. The word is marked in every model's row.

import { css } from '../module.js';

/** @import { Span } from '../explaining/coloured_text.js' */

export const tipStyles = css`
  .tip {
    position: fixed; inset: auto; margin: 0; padding: 6px 10px; border-radius: 4px;
    border: 1px solid var(--lit-neutral-700);
    background: var(--lit-neutral-900); color: white; font-size: 12px; line-height: 18px;
    pointer-events: none; max-width: 320px;
  }
  .tip b { display: block; font-weight: 600; overflow-wrap: anywhere; }
  .tip span { display: flex; justify-content: space-between; gap: 16px; }
  .tip span i { font-style: normal; font-variant-numeric: tabular-nums; white-space: nowrap; }
`;

const GAP = 6; // pixels between the word and the tip

/** Words to move on by for each key, in a text that is read from left to right. */
const STEPS = new Map([
  ['ArrowRight', 1], ['ArrowLeft', -1], ['ArrowDown', 1], ['ArrowUp', -1],
  ['Home', -Infinity], ['End', Infinity],
]);
const SIDEWAYS = new Set(['ArrowLeft', 'ArrowRight']);

/**
 * Returns the words of all rows, or of one row.
 *
 * @param {ParentNode} root
 * @returns {HTMLElement[]}
 */
const wordsIn = (root) => /** @type {any} */ ([...root.querySelectorAll('.word')]);

/** @param {HTMLElement} word @returns {Span} */
const spanOf = ({ dataset }) => [Number(dataset.start), Number(dataset.end)];

/** Shows and hides the tip of one module. */
export class WordTip {
  /**
   * @param {() => ShadowRoot} root returns the module's content, with an element `.tip`.
   * @param {(span: Span) => { model: string, score: string }[]} scores returns a word's scores.
   */
  constructor(root, scores) {
    this.root = root;
    this.scores = scores;
  }

  /** Handles the pointer over a text. @param {Event} event */
  pointed = ({ target }) => {
    const word = /** @type {HTMLElement} */ (target).closest('.word');
    if (word) this.show(/** @type {HTMLElement} */ (word));
    else this.hide();
  };

  /** Handles arrow keys on a text. @param {KeyboardEvent} event */
  moved = (event) => {
    const { key, target, ctrlKey, altKey, metaKey } = event;
    const text = /** @type {HTMLElement} */ (target);
    if (key === 'Escape') this.hide();
    const words = text.matches('.words') ? wordsIn(text) : [];
    let step = STEPS.get(key);
    if (step === undefined || words.length === 0 || ctrlKey || altKey || metaKey) return;
    event.preventDefault();
    if (SIDEWAYS.has(key) && getComputedStyle(text).direction === 'rtl') step = -step;
    const from = words.findIndex((word) => word.classList.contains('pointed'));
    const to = from < 0 && step > 0 ? 0 : from + step;
    const word = words[Math.max(0, Math.min(to, words.length - 1))];
    word.scrollIntoView({ block: 'nearest' });
    this.show(word);
  };

  /** @param {HTMLElement} word */
  show(word) {
    const root = this.root();
    const [start, end] = spanOf(word);
    for (const other of wordsIn(root)) {
      const [first, last] = spanOf(other);
      other.classList.toggle('pointed', first < end && start < last);
    }
    const tip = /** @type {HTMLElement} */ (root.querySelector('.tip'));
    const name = document.createElement('b');
    name.dir = 'auto';
    name.textContent = word.textContent;
    tip.replaceChildren(name, ...this.scores([start, end]).map(lineOf));
    tip.showPopover();
    place(tip, word.getBoundingClientRect());
  }

  hide() {
    const root = this.root();
    for (const word of wordsIn(root)) word.classList.remove('pointed');
    const tip = /** @type {HTMLElement | null} */ (root.querySelector('.tip:popover-open'));
    tip?.hidePopover();
  }
}

/** @param {{ model: string, score: string }} line */
function lineOf({ model, score }) {
  const [line, figure] = [document.createElement('span'), document.createElement('i')];
  figure.textContent = score;
  line.append(model, ' ', figure);
  return line;
}

/**
 * Puts the tip below a word, or above it where there is no room, inside the window.
 *
 * @param {HTMLElement} tip
 * @param {DOMRect} word
 */
function place(tip, word) {
  const { width, height } = tip.getBoundingClientRect();
  const below = word.bottom + GAP;
  const top = below + height > innerHeight ? word.top - GAP - height : below;
  tip.style.top = `${top}px`;
  tip.style.left = `${Math.max(4, Math.min(word.left, innerWidth - width - 4))}px`;
}
