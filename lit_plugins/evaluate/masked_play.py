"""Searches that ask what a model says of masked texts, many texts' questions in one go."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TypeVar

import numpy as np

from lit_plugins.explain.attribution import Subject
from lit_plugins.explain.estimators.masking import masked_values
from lit_plugins.models.predictor import Predictor

Result = TypeVar("Result")
Play = Generator[np.ndarray, np.ndarray, Result]
"""Yields bool [versions, visible words], the words that are kept; is sent the target's
probabilities, float64 [versions]; returns a result."""


def play(
    classifier: Predictor, subjects: Sequence[Subject], plays: Sequence[Play[Result]]
) -> tuple[list[Result], list[int]]:
    """Runs one play a text, all of them side by side.

    What is asked for twice of a text is run once, and the text as it stands not again.

    Returns:
        The plays' results, and how many masked versions of each text the model was run on.
    """
    known: list[dict[bytes, float]] = []
    asked: dict[int, np.ndarray] = {}
    results: dict[int, Result] = {}
    for index, (subject, each) in enumerate(zip(subjects, plays, strict=True)):
        whole = np.ones((1, len(subject.encoded.visible_words)), dtype=bool)
        known.append({_keys(whole)[0]: subject.output("probability")})
        _advance(index, each, None, asked, results)
    while asked:
        unknown = {index: _unknown(keep, known[index]) for index, keep in asked.items()}
        new = {index: keep for index, keep in unknown.items() if len(keep)}
        about = [subjects[index] for index in new]
        found = masked_values(classifier, about, new.values(), "probability")
        for (index, keep), values in zip(new.items(), found, strict=True):
            known[index].update(zip(_keys(keep), values.tolist(), strict=True))
        for index, keep in list(asked.items()):
            del asked[index]
            answer = np.array([known[index][key] for key in _keys(keep)], dtype=np.float64)
            _advance(index, plays[index], answer, asked, results)
    return [results[index] for index in range(len(plays))], [len(each) - 1 for each in known]


def _advance(
    index: int,
    each: Play[Result],
    answer: np.ndarray | None,
    asked: dict[int, np.ndarray],
    results: dict[int, Result],
) -> None:
    try:
        asked[index] = next(each) if answer is None else each.send(answer)
    except StopIteration as stop:
        results[index] = stop.value


def _keys(keep: np.ndarray) -> list[bytes]:
    return [row.tobytes() for row in np.packbits(keep, axis=1)]


def _unknown(keep: np.ndarray, known: dict[bytes, float]) -> np.ndarray:
    """The rows that are not known, each once."""
    first = {key: at for at, key in reversed(list(enumerate(_keys(keep)))) if key not in known}
    return keep[sorted(first.values())]
