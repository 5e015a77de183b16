"""Many searches run in lock step, so that what they ask a model for shares batches.

A search is a generator: it yields a question, is sent the answer, and returns a result.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence, Sized
from functools import partial
from math import inf
from typing import TypeVar

import numpy as np

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Result = TypeVar("Result")


def lock_step(
    searches: Iterable[Generator[Question, Answer, Result]],
    ask: Callable[[Sequence[int], Sequence[Question]], Iterable[Answer]],
    *,
    at_once: float = inf,
) -> Iterator[Result]:
    """Runs searches side by side: all of their open questions are asked in one call.

    Args:
        searches: each is taken when there is room for it.
        ask: takes the indices of some searches and the question of each, and gives the answers in
            the same order. It is called once a round, and never without questions.
        at_once: how many searches run side by side; the next one starts when another one ends.

    Yields:
        The results, in the order of the searches, as soon as they are there. Nothing is asked
        before the next result is wanted.
    """
    waiting = enumerate(searches)
    running: dict[int, tuple[Generator[Question, Answer, Result], Question]] = {}
    results: dict[int, Result] = {}
    yielded = 0

    def advance(
        index: int, search: Generator[Question, Answer, Result], step: Callable[[], Question]
    ) -> None:
        try:
            running[index] = search, step()
        except StopIteration as stop:
            results[index] = stop.value

    while True:
        while len(running) < at_once and (following := next(waiting, None)) is not None:
            index, search = following
            advance(index, search, partial(next, search))
        while yielded in results:
            yield results.pop(yielded)
            yielded += 1
        if not running:
            return
        asked = dict(running)
        running.clear()
        answers = ask(list(asked), [question for _, question in asked.values()])
        for (index, (search, _)), answer in zip(asked.items(), answers, strict=True):
            advance(index, search, partial(search.send, answer))


def split_by_question(values: np.ndarray, questions: Iterable[Sized]) -> list[np.ndarray]:
    """Splits what was computed for several questions at once.

    Args:
        values: one row for each item of each question, in order.
        questions: what was asked.

    Returns:
        The rows of each question.
    """
    ends = np.cumsum([len(question) for question in questions], dtype=np.int64)
    return np.split(values, ends)[:-1]
