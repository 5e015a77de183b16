"""Peers and ours by turns in one process, so that what slows the machine down hits all of them."""

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
    """What one side says of one text.

    Attributes:
        tokens: float64 [tokens], scores of the tokens; empty where they are not compared.
        words: float64 [words], scores of the words; empty where they are not compared.
        evaluations: inputs that the model was run on.
        missed: the share of the output's difference from the baseline that the scores miss; a
            function, since finding it out is no part of the time.
    """

    tokens: np.ndarray = field(default_factory=lambda: np.zeros(0))
    words: np.ndarray = field(default_factory=lambda: np.zeros(0))
    evaluations: int = 0
    missed: Callable[[], float] | None = None


Explain = Callable[[Sequence[Case]], Sequence[Any]]
"""Gives an answer a case: an `Answer`, or whatever else the table reads."""


@dataclass(frozen=True)
class Side:
    """One way to explain.

    Attributes:
        name: as the table's row has it.
        start: makes what explains; raises where the peer is not there.
    """

    name: str
    start: Callable[[], Explain]


@dataclass
class Timed:
    """How one side did; `failure` says why where it did not."""

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
    """Runs every side on every case, some cases at a time, and every second time in reverse order.

    A side that fails is left out from then on.

    Args:
        sides: by distinct names.
        cases: what to explain.
        warm_up: a short text that each side explains first, which is not timed.
        chunk: cases that a side gets at a time.
    """
    timed = {side.name: Timed(side.name) for side in sides}
    running: dict[str, Explain] = {}
    for side in sides:
        try:
            running[side.name] = side.start()
            running[side.name]([warm_up])
        except Exception as error:  # peers fail in ways of their own, and the table goes on
            running.pop(side.name, None)
            timed[side.name].failure = reason(error)
    for start in range(0, len(cases), chunk):
        some = cases[start : start + chunk]
        for name in list(running)[:: -1 if start // chunk % 2 else 1]:
            try:
                before = time.perf_counter()
                answers = running[name](some)
                timed[name].seconds.append(time.perf_counter() - before)
                timed[name].answers += answers
            except Exception as error:
                del running[name]
                timed[name] = Timed(name, failure=reason(error))
        print(f"  {start + len(some)} of {len(cases)} texts", file=sys.stderr, flush=True)
    return timed


def reason(error: Exception) -> str:
    """Why a peer is not there or does not run, in one line."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:100]}" if lines else type(error).__name__


def ratio(slow: Timed, fast: Timed) -> float:
    """How many times as fast the second is; no number where one of them failed."""
    return slow.mean / fast.mean if slow.answers and fast.answers else float("nan")
