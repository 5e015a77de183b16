"""Searches that run a model on texts with words missing, batched across many texts."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TypeVar

import numpy as np

from lit_plugins.explain.attribution import Subject
from lit_plugins.explain.estimators.masking import masked_values
from lit_plugins.explain.estimators.missing_words import Missing
from lit_plugins.models.predictor import Predictor
from lit_plugins.runtime.lock_step import lock_step

Result = TypeVar("Result")
Play = Generator[np.ndarray, np.ndarray, Result]
"""A search over masked versions of one text. It yields bool [versions, visible words], the words
to keep; receives the target's probabilities, float64 [versions]; and returns a result."""


def play(
    classifier: Predictor,
    subjects: Sequence[Subject],
    plays: Sequence[Play[Result]],
    missing: Missing | None = None,
) -> tuple[list[Result], list[int]]:
    """Runs one play for each text, all of them in lock step.

    By default a mask stands for each token of a missing word; `missing` chooses otherwise.

    The model runs only once on each masked version of a text, and never again on the unmasked
    text, whose output the subject already has.

    Returns:
        The plays' results, and for each text the number of masked versions the model was run on.
    """
    known: list[dict[bytes, float]] = []
    for subject in subjects:
        whole = np.ones((1, len(subject.encoded.visible_words)), dtype=bool)
        known.append({_keys(whole)[0]: subject.output(subject.task.shown)})

    def values(indices: Sequence[int], keeps: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
        unknown = {
            index: _unknown(keep, known[index]) for index, keep in zip(indices, keeps, strict=True)
        }
        new = {index: keep for index, keep in unknown.items() if len(keep)}
        about = [subjects[index] for index in new]
        computed = masked_values(classifier, about, new.values(), classifier.task.shown, missing)
        for (index, keep), probabilities in zip(new.items(), computed, strict=True):
            known[index].update(zip(_keys(keep), probabilities.tolist(), strict=True))
        for index, keep in zip(indices, keeps, strict=True):
            yield np.array([known[index][key] for key in _keys(keep)], dtype=np.float64)

    results = list(lock_step(plays, values))
    return results, [len(values_of_text) - 1 for values_of_text in known]


def _keys(keep: np.ndarray) -> list[bytes]:
    return [row.tobytes() for row in np.packbits(keep, axis=1)]


def _unknown(keep: np.ndarray, known: dict[bytes, float]) -> np.ndarray:
    """The distinct rows of `keep` whose values are not known yet."""
    first = {key: row for row, key in reversed(list(enumerate(_keys(keep)))) if key not in known}
    return keep[sorted(first.values())]
