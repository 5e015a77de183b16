"""HotFlip (Ebrahimi et al., 2018): words replaced by others as the gradient says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lit_plugins.classifier import TextClassifier
from lit_plugins.counterfactual.change import Change, in_case_of, substitution
from lit_plugins.counterfactual.gradients import margin_gradients
from lit_plugins.counterfactual.method import Case, Method
from lit_plugins.counterfactual.vocabulary import Vocabulary, vocabulary
from lit_plugins.options import Option

OPTIONS = (
    Option(
        "places",
        "integer",
        20,
        "The most words of a text that are replaced, those first where the gradient promises most.",
        low=1,
        high=1000,
    ),
    Option(
        "words",
        "integer",
        2,
        "How many words of the vocabulary are tried in each place.",
        low=1,
        high=1000,
    ),
)


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
    gains = lost[:, np.newaxis] - slopes[first] @ known.embeddings.T
    count = min(words, len(known.words))
    best = np.argpartition(-gains, count - 1, axis=1)[:, :count]
    order = np.argsort(-gains.max(axis=1), kind="stable")[:places]
    return [
        substitution(
            encoded.text,
            encoded.words[replaceable[place]],
            in_case_of(known.words[index], encoded.word_texts[replaceable[place]]),
            gain=float(gains[place, index]),
        )
        for place in order
        for index in best[place]
    ]


METHOD = Method(
    "hotflip",
    "HotFlip",
    "Replaces the fewest words by others of the model's vocabulary, as its gradient says, away "
    "from what it predicts. What it finds is often no English.",
    OPTIONS,
    hotflip,
    black_box=False,
)
