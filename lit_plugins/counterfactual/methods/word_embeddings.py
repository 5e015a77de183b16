"""The whole words of a model's vocabulary, and their embeddings."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from lit_plugins.runtime.cancellation import held
from lit_plugins.text.encoded import Row
from lit_plugins.text.vocabulary_words import WholeWords

if TYPE_CHECKING:
    from lit_plugins.models.classifier import TextClassifier

_PLACE = "a x", (2, 3)  # a text, and the span of a word in it that follows a word and a space
_known: WeakKeyDictionary[WholeWords, Vocabulary] = WeakKeyDictionary()
_lock = Lock()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words that are a single token of the model's when they follow a space.

    Attributes:
        words: the words as written.
        embeddings: float32 [words, embedding width], their input embeddings.
    """

    words: tuple[str, ...]
    embeddings: np.ndarray


def vocabulary(classifier: TextClassifier) -> Vocabulary:
    """The whole words of a classifier's vocabulary, computed once per model."""
    with held(_lock):
        if classifier.whole_words not in _known:
            words = classifier.whole_words.at(*_PLACE)
            ids = Row(tuple(words.ids.tolist()), (0,) * len(words.ids))
            (embeddings,) = classifier.input_embeddings([ids])
            _known[classifier.whole_words] = Vocabulary(tuple(words.texts), embeddings)
        return _known[classifier.whole_words]
