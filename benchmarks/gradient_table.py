"""Integrated gradients: others at a number of steps beside ours at a tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks import gradient_sides, markdown
from benchmarks.alternating import Timed, alternate, ratio
from benchmarks.workloads import Workload


def table(work: Workload, texts: Sequence[str], steps: int, chunk: int) -> Iterator[str]:
    """The table of one model.

    Args:
        work: the model.
        texts: what to explain.
        steps: the peers' points on the path.
        chunk: texts that a side gets at a time.
    """
    cases = work.cases(texts)
    (warm_up,) = work.cases(["a good film"])
    timed = alternate(gradient_sides.sides(work, steps), cases, warm_up, chunk)
    yield markdown.head(
        f"{work.name}, {len(cases)} texts; peers at {steps} steps",
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
        missed = _missed(side)
        yield markdown.row(
            name,
            f"{np.mean([answer.evaluations for answer in side.answers]):.0f}",
            f"{side.mean:.3f}",
            markdown.times(ratio(timed[gradient_sides.INTERPRET], side)),
            markdown.times(ratio(timed[gradient_sides.CAPTUM], side)),
            f"{np.median(missed):.2%}",
            f"{np.quantile(missed, 0.95):.2%}",
        )
    for name, why in gradient_sides.NOT_RUN.items():
        yield markdown.row(name, why, *["–"] * 5)
    yield ""
    yield (
        "The relative delta is the share of the output's difference from the baseline that the "
        "scores miss: for transformers-interpret of the probability, for the others of the logit; "
        "baselines are each one's own (captum's: the mask token, as ours)."
    )


def _missed(side: Timed) -> np.ndarray:
    return np.array([answer.missed() for answer in side.answers if answer.missed is not None])
