"""HotFlip (Ebrahimi et al., 2018): replaces words by those that the gradient favours.

To first order, replacing an embedding e by e' lowers the margin by (e - e') · gradient.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.counterfactual.change import Change, in_case_of, substitution
from lit_plugins.counterfactual.method import Case, CounterfactualMethod
from lit_plugins.counterfactual.methods.gradients import margin_gradients
from lit_plugins.counterfactual.methods.word_embeddings import Vocabulary, vocabulary
from lit_plugins.options import Integer

if TYPE_CHECKING:
    from lit_plugins.models.classifier import TextClassifier

OPTIONS = (
    Integer(
        "places",
        20,
        "The most words of a text to replace; those with the largest effect by the gradient first.",
        low=1,
        high=1000,
    ),
    Integer(
        "words",
        2,
        "How many words of the vocabulary to try in place of each word.",
        low=1,
        high=1000,
    ),
)

_PLACES_AT_ONCE = 16  # the gains of each take a float per word of a vocabulary, which may be large


def hotflip(
    classifier: TextClassifier, cases: Sequence[Case], *, places: int, words: int
) -> list[list[Change]]:
    """Proposes the replacements of words that lower the margin most, to first order.

    New words are whole words of the vocabulary, in the case of the word that they replace.
    Punctuation is not replaced.

    Args:
        classifier: the model.
        cases: texts, and the predictions to reach.
        places, words: see the options.
    """
    known = vocabulary(classifier)
    return [
        _changes(known, case, embeddings, slopes, places, words)
        for case, (embeddings, slopes) in zip(
            cases, margin_gradients(classifier, cases), strict=True
        )
    ]


def _changes(
    known: Vocabulary,
    case: Case,
    embeddings: np.ndarray,
    slopes: np.ndarray,
    places: int,
    words: int,
) -> list[Change]:
    encoded = case.encoded
    owners = np.array([-1 if word is None else word for word in encoded.token_words])
    replaceable = [
        word for word in encoded.visible_words if any(map(str.isalpha, encoded.word_texts[word]))
    ]
    if not replaceable or not known.words:
        return []
    # The new word takes the place of the word's first token; the word's other tokens are removed.
    first = np.array([int(np.flatnonzero(owners == word)[0]) for word in replaceable])
    lost = encoded.sum_by_word((embeddings * slopes).sum(-1))[replaceable]
    best, gains = _best_words(known, slopes[first], lost, words)
    order = np.argsort(-gains.max(axis=1), kind="stable")[:places]
    return [
        substitution(
            encoded.text,
            encoded.words[replaceable[place]],
            in_case_of(known.words[index], encoded.word_texts[replaceable[place]]),
            gain=float(gain),
        )
        for place in order
        for index, gain in zip(best[place], gains[place], strict=True)
    ]


def _best_words(
    known: Vocabulary, slopes: np.ndarray, lost: np.ndarray, words: int
) -> tuple[np.ndarray, np.ndarray]:
    """Finds the words of the vocabulary that lower the margin most in each place.

    Args:
        known: the words to choose from.
        slopes: float32 [places, embedding width], the margin's gradient in each place.
        lost: float64 [places], how much the margin falls if the word in the place is removed.
        words: how many words to return for each place.

    Returns:
        Indices of words, int64 [places, words], and how much the margin falls with each of them in
        the place, float64 [places, words]. Both have fewer columns if the vocabulary is smaller.
    """
    count = min(words, len(known.words))
    parts = []
    for start in range(0, len(slopes), _PLACES_AT_ONCE):
        chunk = slice(start, start + _PLACES_AT_ONCE)
        gains = lost[chunk, np.newaxis] - slopes[chunk] @ known.embeddings.T
        best = np.argpartition(gains, -count, axis=1)[:, -count:]
        parts.append((best, np.take_along_axis(gains, best, axis=1)))
    return np.concatenate([best for best, _ in parts]), np.concatenate([gain for _, gain in parts])


METHOD = CounterfactualMethod(
    "hotflip",
    "HotFlip",
    "Replaces the fewest words by others of the model's vocabulary, which its gradient chooses to "
    "lead away from the prediction. The new texts are often not good English.",
    OPTIONS,
    hotflip,
    black_box=False,
)
