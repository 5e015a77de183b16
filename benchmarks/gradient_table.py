"""Table of integrated gradients: others with fixed steps, this package's with a tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks import gradient_sides, markdown
from benchmarks.alternating import Timed, alternate, ratio
from benchmarks.workloads import Workload


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
        "scores miss. The output is the probability for transformers-interpret, the logit for the "
        "others. Each package has its own baseline; captum's is the mask token, like ours."
    )


def _missed(side: Timed) -> np.ndarray:
    return np.array([answer.missed() for answer in side.answers if answer.missed is not None])
