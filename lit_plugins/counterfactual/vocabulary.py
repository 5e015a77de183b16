"""The whole words of a model's vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np

from lit_plugins.classifier import TextClassifier
from lit_plugins.network import Network
from lit_plugins.text import Row

_BEFORE = "a "
_SHORT = ("a", "i", "o")
_known: WeakKeyDictionary[Network, Vocabulary] = WeakKeyDictionary()
_lock = Lock()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words that the tokenizer makes one token each of, after a space.

    Attributes:
        words: as they are written.
        embeddings: float32 [words, embedding width].
    """

    words: tuple[str, ...]
    embeddings: np.ndarray


def vocabulary(classifier: TextClassifier) -> Vocabulary:
    """The whole words of a classifier's vocabulary, found once for each model.

    A token is a whole word if it stands for letters only and the tokenizer, given those letters
    after another word and a space, makes that one token of them.
    """
    with _lock:
        if classifier.network not in _known:
            _known[classifier.network] = _find(classifier)
        return _known[classifier.network]


def _find(classifier: TextClassifier) -> Vocabulary:
    spelled = {}
    for token_id, text in classifier.spelled_tokens().items():
        word = text.strip()
        if word.isalpha() and (len(word) > 1 or word.lower() in _SHORT):
            spelled[token_id] = word
    alone = len(classifier.rows([_BEFORE.strip()])[0].input_ids)
    rows = classifier.rows([_BEFORE + word for word in spelled.values()])
    whole = {
        word: token_id
        for (token_id, word), row in zip(spelled.items(), rows, strict=True)
        if len(row.input_ids) == alone + 1 and token_id in row.input_ids
    }
    ids = Row(tuple(whole.values()), (0,) * len(whole))
    return Vocabulary(tuple(whole), classifier.input_embeddings([ids])[0])
