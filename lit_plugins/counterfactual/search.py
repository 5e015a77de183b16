"""Looks for the smallest sets of changes that flip a prediction, every one tried on the model.

Sets grow by one change at a time, a beam of the most promising ones. A set counts only if none of
its subsets flips, and that is tried too.
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
_SIDE_BY_SIDE = 32
_FIRST_CHUNK = 5
_LARGEST_CHUNK = 32
_LARGER_SETS = 64
"""Of each size above one, so that a text that nothing flips costs little more than others."""
_PARTNERS = 48
_SINGLES_SHARE = 0.6
"""Of the evaluations, so that some are left for sets of more than one change."""

Asking = Generator[list[str], np.ndarray, "Search"]
"""Yields texts, is sent their logits, float32 [texts, classes], and returns the outcome."""
Choice = tuple[int, ...]
"""Indices of the changes of a set, in order."""


@dataclass(frozen=True, eq=False)
class Found:
    """One set of changes.

    Attributes:
        new_text: the text with the changes made.
        edits: the changes as edits of that text.
        logits: float32 [classes], the model's for it.
        flips: whether the margin fell below 0.
    """

    new_text: str
    edits: tuple[Edit, ...]
    logits: np.ndarray
    flips: bool


@dataclass(frozen=True, eq=False)
class Search:
    """The outcome: sets of changes, and how many texts were tried."""

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
    """Tries changes of one text, alone and together.

    Args:
        text: the text as written.
        changes: what may be changed; those with the largest `gain` are tried first.
        margin: of logits [texts, classes] how far each text is from what is wanted, below 0 if it
            is there.
        start: the text's own margin.
        max_edits: changes in one set.
        limit: sets to look for; once there are as many, no more are tried.
        evaluations: texts to try at most.
        flips_only: whether sets that do not flip are left out; otherwise all single changes are
            given.
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
            # Changes that undo each other, or leave nothing to be read, are no counterfactual.
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
        choice: each
        for choice, each in tried.items()
        if (each.flips and all(part in tried and not flips(part) for part in _parts(choice)))
        or (not flips_only and len(choice) == 1)
    }
    return Search(list(kept.values()), len(answers))


def side_by_side(classifier: Predictor, searches: Iterable[Asking]) -> Iterator[Search]:
    """Runs searches, some at a time, so that what they ask for shares batches.

    Args:
        classifier: answers them.
        searches: each is begun when another one ends.

    Yields:
        Their outcomes, in their order.
    """

    def logits(_: Sequence[int], questions: Sequence[list[str]]) -> list[np.ndarray]:
        rows = rows_of(classifier, list(chain.from_iterable(questions)))
        return split_by_question(classifier.logits(rows), questions)

    return lock_step(searches, logits, at_once=_SIDE_BY_SIDE)


def _larger(changes: Sequence[Change], margins: dict[Choice, float], size: int) -> list[Choice]:
    """Sets of `size` changes, the most promising first: what each adds is taken to add up."""
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
    """Few at first, since that may be enough, then more, since batches are faster."""
    at, size = 0, _FIRST_CHUNK
    while at < len(choices):
        yield choices[at : at + size]
        at, size = at + size, min(2 * size, _LARGEST_CHUNK)


def _parts(choice: Choice) -> list[Choice]:
    """All smaller sets within one, but the empty one."""
    return list(chain.from_iterable(combinations(choice, n) for n in range(1, len(choice))))


def _shows(character: str) -> bool:
    return not character.isspace()


def _holds_any(choice: Choice, others: Sequence[Choice]) -> bool:
    return any(set(other) <= set(choice) for other in others)
