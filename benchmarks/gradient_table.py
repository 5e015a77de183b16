"""Table of integrated gradients: others with fixed steps, this package's with a tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks import gradient_sides, markdown
from benchmarks.alternating import Timed, alternate, ratio
from benchmarks.workloads import Case, Workload

_MOST_STEPS = 1600
"""The largest number of steps at which captum's delta is compared with ours."""


def table(work: Workload, texts: Sequence[str], steps: int, chunk: int) -> Iterator[str]:
    """Yields the table's lines for one model.

    Args:
        work: the model.
        texts: the texts to explain.
        steps: number of points on the path for the other packages.
        chunk: number of texts that a side gets in one call.
    """
    cases = work.cases(texts)
    (warm_up,) = work.cases(["a good film"])
    timed = alternate(gradient_sides.sides(work, steps), cases, warm_up, chunk)
    near = _as_near(work, cases, warm_up, steps, chunk, timed[gradient_sides.OURS])
    yield markdown.head(
        f"{work.name}, {len(cases)} texts; others at {steps} steps",
        "evaluations",
        "s a text",
        "transformers-interpret",
        "captum",
        "relative delta, median",
        "95th percentile",
    )
    for name, side in timed.items():
        if side.failure:
            yield markdown.row(name, side.failure, *["–"] * 5)
            continue
        yield _row(name, side, timed[gradient_sides.INTERPRET], timed[gradient_sides.CAPTUM])
    for name, side in near.items():
        yield _row(name, side, timed[gradient_sides.INTERPRET], next(iter(near.values())))
    for name, why in gradient_sides.NOT_RUN.items():
        yield markdown.row(name, why, *["–"] * 5)
    yield ""
    yield (
        "The relative delta is the share of the output's difference from the baseline that the "
        "scores miss. The output is the probability for transformers-interpret, the logit for the "
        "others. Each package has its own baseline; captum's is the mask token, like ours."
    )
    if near:
        yield "The last two rows ran by turns, and captum's column compares them with each other."
    elif not timed[gradient_sides.OURS].failure:
        yield f"captum's delta is above ours at all numbers of steps up to {_MOST_STEPS:,}."


def _as_near(
    work: Workload, cases: Sequence[Case], warm_up: Case, steps: int, chunk: int, ours: Timed
) -> dict[str, Timed]:
    """Times captum with as many steps as its delta needs to be no larger than ours."""
    if ours.failure:
        return {}
    asked = float(np.quantile(_missed(ours), 0.95))
    sides = gradient_sides.as_near(work, cases, steps, _MOST_STEPS, asked)
    return alternate(sides, cases, warm_up, chunk) if sides else {}


def _row(name: str, side: Timed, interpret: Timed, captum: Timed) -> str:
    missed = _missed(side)
    return markdown.row(
        name,
        f"{np.mean([answer.evaluations for answer in side.answers]):.0f}",
        f"{side.mean:.3f}",
        markdown.times(ratio(interpret, side)),
        markdown.times(ratio(captum, side)),
        f"{np.median(missed):.2%}",
        f"{np.quantile(missed, 0.95):.2%}",
    )


def _missed(side: Timed) -> np.ndarray:
    return np.array([answer.missed() for answer in side.answers if answer.missed is not None])
