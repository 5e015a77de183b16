"""Numbers and sentences that all drawings of an explanation share."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.text.encoded import Span

if TYPE_CHECKING:
    from lit_plugins.explain.scored_text import ScoredText


def headline(explanation: ScoredText) -> str:
    """The class, the model's value of it and, if the method has one, the base value."""
    said = f"{explanation.target_label}: {explanation.unit} {_rounded(explanation.output)}"
    if math.isfinite(explanation.base_value):
        said += f", base value {_rounded(explanation.base_value)}"
    return said


def caption(explanation: ScoredText) -> str:
    """The headline, delta, evaluations, method and warnings, on one line."""
    delta = f", delta {_rounded(explanation.delta)}" if math.isfinite(explanation.delta) else ""
    evaluations = f"{explanation.evaluations:,} evaluations"
    said = [f"{headline(explanation)}{delta}, {evaluations} ({explanation.method})."]
    if explanation.missing is not None:
        said.append(f"{missing_words(explanation).capitalize()}.")
    if explanation.truncated:
        said.append("The model does not see the end of the text.")
    if explanation.note:
        said.append(explanation.note)
    return " ".join(said)


def missing_words(explanation: ScoredText) -> str:
    """What stands for a missing word, or "" for a method without missing words."""
    way = explanation.missing
    return "" if way is None else f"missing words: {way.replace('_', ' ')}"


def written_scores(explanation: ScoredText) -> list[str]:
    """Formats each word's score with its sign, and its standard error unless all are exact.

    All scores get the same number of decimals: enough to show three digits of the largest one.
    """
    return _written(explanation.scores, standard_errors(explanation))


def written_pairs(explanation: ScoredText, n: int) -> list[tuple[str, str]]:
    """The `n` strongest pairs of words, "not × bad", each with its formatted interaction.

    There are none unless the explanation has interactions.
    """
    interactions = explanation.interactions
    if interactions is None:
        return []
    pairs = interactions.strongest(n)
    values, errors = (
        np.array([matrix[pair] for pair in pairs])
        for matrix in (interactions.values, interactions.error)
    )
    names = [" × ".join(explanation.words[index] for index in pair) for pair in pairs]
    written = _written(values, errors if errors.any() else None)
    return list(zip(names, written, strict=True))


def standard_errors(explanation: ScoredText) -> np.ndarray | None:
    """The words' standard errors, float64 [words], or None if all scores are exact."""
    errors = explanation.error
    return None if errors is None or not errors.any() else errors


def largest(explanation: ScoredText, n: int | None) -> list[int]:
    """Indices of the `n` words (None for all) with the largest scores of either sign, sorted."""
    return np.argsort(-np.abs(explanation.scores), kind="stable")[:n].tolist()


def segments(text: str, offsets: Sequence[Span]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Splits a text into parts of one colour each, from its start to its end.

    Yields:
        A part and the indices of its words. A part between words has no index; a part whose
        characters several word pieces share has several.
    """
    begin = end = 0
    inside: list[int] = []
    for index in sorted(range(len(offsets)), key=lambda index: offsets[index]):
        start, stop = offsets[index]
        if inside and start < end:
            inside.append(index)
            end = max(end, stop)
            continue
        if inside:
            yield text[begin:end], tuple(inside)
        if end < start:
            yield text[end:start], ()
        begin, end, inside = start, stop, [index]
    if inside:
        yield text[begin:end], tuple(inside)
    if end < len(text):
        yield text[end:], ()


def _rounded(value: float) -> str:
    return f"{round(value, 9) + 0.0:.4g}"  # rounding errors of a sum are shown as 0


def _written(scores: np.ndarray, errors: np.ndarray | None) -> list[str]:
    kind = _number_kind(scores)
    signed = [f"{score + 0.0:+{kind}}" for score in scores]  # + 0.0 turns -0.0 into 0.0
    if errors is None:
        return signed
    return [f"{score} ± {error:{kind}}" for score, error in zip(signed, errors, strict=True)]


def _number_kind(scores: np.ndarray) -> str:
    top = np.abs(scores[np.isfinite(scores)]).max(initial=0.0)
    if not top:
        return ".3f"
    if top < 1e-4:
        return ".2e"
    return f".{max(2 - math.floor(math.log10(top)), 0)}f"
