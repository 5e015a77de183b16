"""Searches that ask what a model says of masked texts, many texts' questions in one go."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TypeVar

import numpy as np

from lit_plugins.explain.attribution import Subject
from lit_plugins.explain.estimators.masking import masked_values
from lit_plugins.models.predictor import Predictor
from lit_plugins.runtime.lock_step import lock_step

Result = TypeVar("Result")
Play = Generator[np.ndarray, np.ndarray, Result]
"""Yields bool [versions, visible words], the words that are kept; is sent the target's
probabilities, float64 [versions]; returns a result."""


def play(
    classifier: Predictor, subjects: Sequence[Subject], plays: Sequence[Play[Result]]
) -> tuple[list[Result], list[int]]:
    """Runs one play a text, all of them side by side.

    The model is run once on what is asked for twice of a text, and not again on the text as it
    stands.

    Returns:
        The plays' results, and how many masked versions of each text the model was run on.
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
        found = masked_values(classifier, about, new.values(), classifier.task.shown)
        for (index, keep), probabilities in zip(new.items(), found, strict=True):
            known[index].update(zip(_keys(keep), probabilities.tolist(), strict=True))
        for index, keep in zip(indices, keeps, strict=True):
            yield np.array([known[index][key] for key in _keys(keep)], dtype=np.float64)

    results = list(lock_step(plays, values))
    return results, [len(values_of_text) - 1 for values_of_text in known]


def _keys(keep: np.ndarray) -> list[bytes]:
    return [row.tobytes() for row in np.packbits(keep, axis=1)]


def _unknown(keep: np.ndarray, known: dict[bytes, float]) -> np.ndarray:
    """The rows that are not known, each once."""
    first = {key: row for row, key in reversed(list(enumerate(_keys(keep)))) if key not in known}
    return keep[sorted(first.values())]
