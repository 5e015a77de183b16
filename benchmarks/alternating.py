"""Timing of several packages by turns in one process, so that a slow machine slows all of them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.workloads import Case


@dataclass(frozen=True, eq=False)
class Answer:
    """One side's explanation of one text.

    Attributes:
        tokens: float64 [tokens], scores of the tokens; empty if they are not compared.
        words: float64 [words], scores of the words; empty if they are not compared.
        evaluations: number of inputs that the model was run on.
        missed: computes the share of the output's difference from the baseline that the scores
            miss; a function, so that computing it is not timed.
    """

    tokens: np.ndarray = field(default_factory=lambda: np.zeros(0))
    words: np.ndarray = field(default_factory=lambda: np.zeros(0))
    evaluations: int = 0
    missed: Callable[[], float] | None = None


Explain = Callable[[Sequence[Case]], Sequence[Any]]
"""Returns one answer for each case: an `Answer`, or another type that the table reads."""


@dataclass(frozen=True)
class Side:
    """One way to explain.

    Attributes:
        name: the name in the table.
        start: makes the function that explains; raises if the package is not installed.
    """

    name: str
    start: Callable[[], Explain]


@dataclass
class Timed:
    """Times and answers of one side; `failure` is the reason if it failed, otherwise empty."""

    name: str
    seconds: list[float] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    failure: str = ""

    @property
    def mean(self) -> float:
        """Seconds a text."""
        return sum(self.seconds) / max(len(self.answers), 1)


def alternate(
    sides: Sequence[Side], cases: Sequence[Case], warm_up: Case, chunk: int
) -> dict[str, Timed]:
    """Runs every side on every chunk of cases, for every second chunk in reverse order.

    A side that fails is left out from then on.

    Args:
        sides: the sides, with distinct names.
        cases: the texts to explain.
        warm_up: a short text that each side explains first, without being timed.
        chunk: number of cases that a side gets in one call.

    Returns:
        The results by the sides' names.
    """
    timed = {side.name: Timed(side.name) for side in sides}
    running: dict[str, Explain] = {}
    for side in sides:
        try:
            running[side.name] = side.start()
            running[side.name]([warm_up])
        except Exception as error:  # packages fail in many ways; the table goes on without them
            running.pop(side.name, None)
            timed[side.name].failure = reason(error)
    for start in range(0, len(cases), chunk):
        batch = cases[start : start + chunk]
        for name in list(running)[:: -1 if start // chunk % 2 else 1]:
            try:
                before = time.perf_counter()
                answers = running[name](batch)
                timed[name].seconds.append(time.perf_counter() - before)
                timed[name].answers += answers
            except Exception as error:
                del running[name]
                timed[name] = Timed(name, failure=reason(error))
        print(f"  {start + len(batch)} of {len(cases)} texts", file=sys.stderr, flush=True)
    return timed


def reason(error: Exception) -> str:
    """Describes in one line why a package is not installed or does not run."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:100]}" if lines else type(error).__name__


def ratio(slow: Timed, fast: Timed) -> float:
    """Returns how many times as fast `fast` is as `slow`; NaN if one of them failed."""
    return slow.mean / fast.mean if slow.answers and fast.answers else float("nan")
