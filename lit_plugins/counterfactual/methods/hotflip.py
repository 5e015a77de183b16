"""HotFlip (Ebrahimi et al., 2018): words replaced by others as the gradient says."""

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
        "The most words of a text that are replaced, those first where the gradient promises most.",
        low=1,
        high=1000,
    ),
    Integer(
        "words",
        2,
        "How many words of the vocabulary are tried in each place.",
        low=1,
        high=1000,
    ),
)

_PLACES_AT_ONCE = 16  # times a large vocabulary's words is much memory


def hotflip(
    classifier: TextClassifier, cases: Sequence[Case], *, places: int, words: int
) -> list[list[Change]]:
    """Words in place of others, those that lower the margin most to first order.

    Only whole words of the vocabulary are put in, in the case of the word that they replace, and
    only words are replaced, no punctuation.

    Args:
        classifier: the model.
        cases: texts, and what is wanted of them.
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
    # The new word takes the place of the first token; the word's other tokens are gone.
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
    """The words that promise most in each place.

    Args:
        known: the words to choose from.
        slopes: float32 [places, embedding width], the margin's gradient there.
        lost: float64 [places], what the margin loses with the word that stands there.
        words: how many to give.

    Returns:
        Indices of words, int64 [places, words], and what the margin loses with each in place of
        what stands there, float64, the same shape; fewer where there are not as many.
    """
    count = min(words, len(known.words))
    found = []
    for at in range(0, len(slopes), _PLACES_AT_ONCE):
        here = slice(at, at + _PLACES_AT_ONCE)
        gains = lost[here, np.newaxis] - slopes[here] @ known.embeddings.T
        best = np.argpartition(gains, -count, axis=1)[:, -count:]
        found.append((best, np.take_along_axis(gains, best, axis=1)))
    return np.concatenate([best for best, _ in found]), np.concatenate([gain for _, gain in found])


METHOD = CounterfactualMethod(
    "hotflip",
    "HotFlip",
    "Replaces the fewest words by others of the model's vocabulary, as its gradient says, away "
    "from what it predicts. What it finds is often no English.",
    OPTIONS,
    hotflip,
    black_box=False,
)
