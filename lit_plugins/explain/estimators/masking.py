"""A model's values of texts with some of their words masked, many texts at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from lit_plugins.explain.attribution import Subject
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import Unit
from lit_plugins.runtime.lock_step import split_by_question
from lit_plugins.text.encoded import Row

_CHUNK_TOKENS = 2**18


def masked_values(
    classifier: Predictor, subjects: Sequence[Subject], keeps: Iterable[np.ndarray], unit: Unit
) -> Iterator[np.ndarray]:
    """The values of the target class for masked versions of each text.

    Versions of several texts share batches. Memory does not grow with the number of texts.

    Args:
        classifier: the model.
        subjects: texts and classes.
        keeps: for each text a bool array [versions, visible words], True for words that are kept.
        unit: whether the values are logits or probabilities.

    Yields:
        A float64 array [versions] for each text.
    """
    held: list[tuple[Subject, list[Row]]] = []
    tokens = 0
    for subject, keep in zip(subjects, keeps, strict=True):
        rows = _rows(subject, keep, classifier.mask_id)
        held.append((subject, rows))
        tokens += len(rows) * len(subject.encoded.row.input_ids)
        if tokens >= _CHUNK_TOKENS:
            yield from _run(classifier, held, unit)
            held, tokens = [], 0
    if held:
        yield from _run(classifier, held, unit)


def _rows(subject: Subject, keep: np.ndarray, mask_id: int) -> list[Row]:
    encoded = subject.encoded
    by_word = np.zeros((len(keep), len(encoded.words)), dtype=bool)
    by_word[:, encoded.visible_words] = keep
    return [encoded.masked(kept, mask_id) for kept in by_word]


def _run(
    classifier: Predictor, held: Sequence[tuple[Subject, list[Row]]], unit: Unit
) -> Iterator[np.ndarray]:
    logits = classifier.logits([row for _, rows in held for row in rows])
    parts = split_by_question(logits, [rows for _, rows in held])
    for (subject, _), part in zip(held, parts, strict=True):
        yield classifier.task.values(part, unit)[:, subject.target].astype(np.float64)
