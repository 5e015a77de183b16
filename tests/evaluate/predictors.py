"""A black-box model that says what it is told to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import ExclusiveClasses
from lit_plugins.text.encoded import EncodedText, Row, find_words


class TableModel:
    """Gives each text the probabilities of a table; of a word a token, ids are places of words."""

    mask_id = 0
    batch_tokens = 64

    def __init__(
        self, labels: Sequence[str], probabilities: Callable[[list[str]], Sequence[float]]
    ):
        self.task = ExclusiveClasses(tuple(labels))
        self._probabilities = probabilities
        self._words = ["[MASK]"]
        self.rows_run = 0

    def encode(self, texts: Sequence[str]) -> list[EncodedText]:
        return [self._encode(text) for text in texts]

    def _encode(self, text: str) -> EncodedText:
        spans = find_words(text)
        words = [text[start:end] for start, end in spans]
        for word in words:
            if word not in self._words:
                self._words.append(word)
        ids = tuple(self._words.index(word) for word in words)
        return EncodedText(
            text=text,
            words=tuple(spans),
            row=Row(ids, (0,) * len(ids)),
            tokens=tuple(words),
            token_spans=tuple(spans),
            token_words=tuple(range(len(ids))),
            cut=(),
        )

    def logits(self, rows: Sequence[Row]) -> np.ndarray:
        self.rows_run += len(rows)
        said = [self._probabilities([self._words[each] for each in row.input_ids]) for row in rows]
        probabilities = np.array(said, dtype=np.float64).reshape(len(rows), len(self.task.labels))
        return np.log(probabilities).astype(np.float32)


def table_model(labels: Sequence[str], said: dict[str, Sequence[float]]) -> TableModel:
    """A model that knows whole texts of one word."""
    return TableModel(labels, lambda words: said[" ".join(words)])


def linear(weights: dict[str, float]) -> TableModel:
    """The second class's probability is 0.5 and a weight for each word that is not masked."""

    def probabilities(words: list[str]) -> tuple[float, float]:
        sure = 0.5 + sum(weights.get(word, 0.0) for word in words)
        return 1 - sure, sure

    return TableModel(("no", "yes"), probabilities)


_: type[Predictor] = TableModel
