"""Search for the smallest sets of changes that flip a prediction; each set is run on the model.

It is a beam search: the most promising sets grow by one change at a time. A set counts only if none
of its subsets flips the prediction, so the subsets are run, too.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from lit_plugins.counterfactual.change import Change, Edit, apply, compatible
from lit_plugins.models.predictor import Predictor, rows_of
from lit_plugins.runtime.lock_step import lock_step, split_by_question

_BEAM = 12
"""Number of sets of one size that grow."""
_SIDE_BY_SIDE = 32
"""Number of searches that share batches."""
_FIRST_CHUNK = 5
_LARGEST_CHUNK = 32
_LARGER_SETS = 64
"""Most sets to try of each size above one. It limits the cost of texts that no change flips."""
_PARTNERS = 48
"""Number of single changes that sets may grow by."""
_SINGLES_SHARE = 0.6
"""Share of the evaluations for single changes. The rest is kept for larger sets."""

Asking = Generator[list[str], np.ndarray, "Search"]
"""A search: yields texts, is sent their logits, float32 [texts, classes], returns the outcome."""
Choice = tuple[int, ...]
"""Indices of the changes in a set, in order."""


@dataclass(frozen=True, eq=False)
class Found:
    """One set of changes that was run on the model.

    Attributes:
        new_text: the changed text.
        edits: the edits that lead to it.
        logits: float32 [classes], the model's logits for `new_text`.
        flips: whether its margin is below 0.
    """

    new_text: str
    edits: tuple[Edit, ...]
    logits: np.ndarray
    flips: bool


@dataclass(frozen=True, eq=False)
class Search:
    """The outcome of a search.

    Attributes:
        found: sets of changes.
        evaluations: number of texts that were run on the model.
    """

    found: list[Found]
    evaluations: int


def search(
    text: str,
    changes: Sequence[Change],
    margin: Callable[[np.ndarray], np.ndarray],
    start: float,
    *,
    max_edits: int,
    limit: int,
    evaluations: int,
    flips_only: bool = True,
) -> Asking:
    """Tries changes of one text, alone and in sets.

    Args:
        text: the text as written.
        changes: possible changes; those with the largest `gain` are tried first.
        margin: takes logits, float32 [texts, classes], and returns how far each text is from the
            prediction to reach, float64 [texts]; below 0, it has reached it.
        start: the margin of the unchanged text.
        max_edits: largest number of changes in one set.
        limit: number of flipping sets after which the search ends.
        evaluations: largest number of texts to run on the model.
        flips_only: whether to return only sets that flip; otherwise all single changes, too.
    """
    tried: dict[Choice, Found] = {}
    margins: dict[Choice, float] = {(): start}
    answers: dict[str, tuple[np.ndarray, float]] = {}
    readable = str.isalnum if any(map(str.isalnum, text)) else _shows

    def ask(choices: Iterable[Choice]) -> Generator[list[str], np.ndarray, None]:
        made: dict[Choice, tuple[str, tuple[Edit, ...]]] = {}
        wanted: dict[str, None] = {}
        for choice in choices:
            if choice in tried or choice in made:
                continue
            new_text, edits = apply(text, [changes[index] for index in choice])
            # Changes that undo each other, or leave nothing to read, make no counterfactual.
            if new_text == text or not any(map(readable, new_text)):
                continue
            if new_text not in answers:
                if len(answers) + len(wanted) >= evaluations:
                    continue
                wanted[new_text] = None
            made[choice] = new_text, edits
        if wanted:
            logits = yield list(wanted)
            values = margin(logits).tolist()
            answers.update(zip(wanted, zip(logits, values, strict=True), strict=True))
        for choice, (new_text, edits) in made.items():
            row, margins[choice] = answers[new_text]
            tried[choice] = Found(new_text, edits, row, margins[choice] < 0)

    def flips(choice: Choice) -> bool:
        return margins.get(choice, 1.0) < 0

    def flipping() -> list[Choice]:
        return [choice for choice in margins if flips(choice)]

    singles = evaluations if max_edits == 1 else max(1, int(_SINGLES_SHARE * evaluations))
    order = sorted(range(len(changes)), key=lambda index: -changes[index].gain)
    waiting: Sequence[Choice] = [(index,) for index in order[:singles]]
    for size in range(1, max_edits + 1):
        for chunk in _chunks(waiting):
            known = flipping()
            if len(known) >= limit and flips_only:
                break
            yield from ask(choice for choice in chunk if not _holds_any(choice, known))
            yield from ask(part for choice in chunk if flips(choice) for part in _parts(choice))
        if len(flipping()) >= limit or len(answers) >= evaluations:
            break
        waiting = _larger(changes, margins, size + 1)
    kept = {
        choice: found
        for choice, found in tried.items()
        if (found.flips and all(part in tried and not flips(part) for part in _parts(choice)))
        or (not flips_only and len(choice) == 1)
    }
    return Search(list(kept.values()), len(answers))


def side_by_side(classifier: Predictor, searches: Iterable[Asking]) -> Iterator[Search]:
    """Runs several searches at a time, so that their texts share batches.

    Args:
        classifier: the model that computes the logits.
        searches: a search starts when another one ends.

    Yields:
        The outcome of each search, in the order of `searches`.
    """

    def logits(_: Sequence[int], questions: Sequence[list[str]]) -> list[np.ndarray]:
        rows = rows_of(classifier, list(chain.from_iterable(questions)))
        return split_by_question(classifier.logits(rows), questions)

    return lock_step(searches, logits, at_once=_SIDE_BY_SIDE)


def _larger(changes: Sequence[Change], margins: dict[Choice, float], size: int) -> list[Choice]:
    """Sets of `size` changes, the most promising first.

    The estimate assumes that margins add up: a set and a further change have the sum of their
    margins.
    """
    singles = sorted(
        (choice for choice in margins if len(choice) == 1 and margins[choice] >= 0),
        key=margins.__getitem__,
    )[:_PARTNERS]
    beam = sorted(
        (choice for choice in margins if len(choice) == size - 1 and margins[choice] >= 0),
        key=margins.__getitem__,
    )[:_BEAM]
    promise: dict[Choice, float] = {}
    for choice in beam:
        for (partner,) in singles:
            if partner in choice or not all(
                compatible(changes[index], changes[partner]) for index in choice
            ):
                continue
            larger = tuple(sorted((*choice, partner)))
            estimate = margins[choice] + margins[(partner,)]
            promise[larger] = min(estimate, promise.get(larger, np.inf))
    return sorted(promise, key=promise.__getitem__)[:_LARGER_SETS]


def _chunks(choices: Sequence[Choice]) -> Iterator[Sequence[Choice]]:
    """Splits choices into chunks: small ones first, which may suffice, then larger, faster ones."""
    start, size = 0, _FIRST_CHUNK
    while start < len(choices):
        yield choices[start : start + size]
        start, size = start + size, min(2 * size, _LARGEST_CHUNK)


def _parts(choice: Choice) -> list[Choice]:
    """All proper subsets of a set, except the empty one."""
    return list(chain.from_iterable(combinations(choice, n) for n in range(1, len(choice))))


def _shows(character: str) -> bool:
    return not character.isspace()


def _holds_any(choice: Choice, others: Sequence[Choice]) -> bool:
    return any(set(other) <= set(choice) for other in others)
