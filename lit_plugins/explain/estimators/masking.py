"""A model's values of texts with some of their words missing, many texts at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from lit_plugins.explain.attribution import Subject
from lit_plugins.explain.estimators.missing_words import Missing
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import Unit
from lit_plugins.runtime.lock_step import split_by_question
from lit_plugins.text.encoded import Row

_CHUNK_TOKENS = 2**18


def masked_values(
    classifier: Predictor,
    subjects: Sequence[Subject],
    keeps: Iterable[np.ndarray],
    unit: Unit,
    missing: Missing | None = None,
) -> Iterator[np.ndarray]:
    """The values of the target class for versions of each text with some words missing.

    Versions of several texts share batches. Memory does not grow with the number of texts.

    Args:
        classifier: the model.
        subjects: texts and classes.
        keeps: for each text a bool array [versions, visible words], True for words that are kept.
        unit: whether the values are logits or probabilities.
        missing: what stands for a missing word; by default a mask for each of its tokens.

    Yields:
        A float64 array [versions] for each text.
    """
    by_token = (_tokens_kept(subject, keep) for subject, keep in zip(subjects, keeps, strict=True))
    values = values_of_tokens(classifier, subjects, by_token, unit, missing)
    for subject, of_classes in zip(subjects, values, strict=True):
        yield of_classes[:, subject.target]


def values_of_tokens(
    classifier: Predictor,
    subjects: Sequence[Subject],
    keeps: Iterable[np.ndarray],
    unit: Unit,
    missing: Missing | None = None,
) -> Iterator[np.ndarray]:
    """The values of all classes for versions of each text with some tokens missing.

    Args:
        classifier, subjects, unit, missing: as in `masked_values`.
        keeps: for each text a bool array [versions, tokens], True for tokens that are kept.

    Yields:
        A float64 array [versions, classes] for each text.
    """
    missing = missing or Missing()
    held: list[list[Row]] = []
    tokens = 0
    for subject, keep in zip(subjects, keeps, strict=True):
        held.append(missing.rows(classifier, subject.encoded, keep))
        tokens += len(keep) * len(subject.encoded.row.input_ids)
        if tokens >= _CHUNK_TOKENS:
            yield from _run(classifier, held, unit)
            held, tokens = [], 0
    if held:
        yield from _run(classifier, held, unit)


def _tokens_kept(subject: Subject, keep: np.ndarray) -> np.ndarray:
    encoded = subject.encoded
    by_word = np.zeros((len(keep), len(encoded.words)), dtype=bool)
    by_word[:, encoded.visible_words] = keep
    return encoded.tokens_of(by_word)


def _run(classifier: Predictor, held: Sequence[Sequence[Row]], unit: Unit) -> Iterator[np.ndarray]:
    logits = classifier.logits([row for rows in held for row in rows])
    for part in split_by_question(logits, held):
        yield classifier.task.values(part, unit).astype(np.float64)
