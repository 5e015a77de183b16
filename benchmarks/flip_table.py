"""Table of counterfactuals: how often, how small and how fast, compared with LIT's generators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks import flip_sides, markdown
from benchmarks.alternating import alternate
from benchmarks.flip_sides import LEAN, LIT, MAX_EDITS, Flips
from benchmarks.workloads import Case, Workload


def table(work: Workload, texts: Sequence[str], kind: str, chunk: int) -> Iterator[str]:
    """Yields the table's lines for one model and texts of one kind.

    Args:
        work: the model.
        texts: the texts to flip.
        kind: a description of the texts, for the table's head.
        chunk: number of texts that a side gets in one call.
    """
    cases = work.cases(texts)
    (warm_up,) = work.cases(["a good film"])
    timed = alternate(flip_sides.sides(work), cases, warm_up, chunk)
    yield markdown.head(
        f"{work.name}, {len(cases)} {kind}",
        "flipped",
        "within 3 words",
        "median words",
        "evaluations",
        "s a sentence",
        "s a flip",
        "LIT's",
        "LIT's, lean model",
    )
    per_flip: dict[str, float] = {}
    for name, side in timed.items():
        if side.failure:
            yield markdown.row(name, side.failure, *["–"] * 7)
            continue
        smallest = np.array(
            [_smallest(work, case, flips) for case, flips in zip(cases, side.answers, strict=True)]
        )
        flipped = np.isfinite(smallest)
        per_flip[name] = sum(side.seconds) / flipped.sum() if flipped.any() else np.nan
        peers = [per_flip.get(names.get(name, ""), np.nan) for names in (LIT, LEAN)]
        yield markdown.row(
            name,
            f"{flipped.mean():.1%}",
            f"{(smallest <= MAX_EDITS).mean():.1%}",
            markdown.number(float(np.median(smallest[flipped])) if flipped.any() else np.nan, "g"),
            f"{np.mean([flips.evaluations for flips in side.answers]):.0f}",
            f"{side.mean:.4f}",
            markdown.number(per_flip[name], ".4f"),
            *(markdown.times(peer / per_flip[name]) for peer in peers),
        )


def _smallest(work: Workload, case: Case, flips: Flips) -> float:
    """Counts the words changed by the smallest text that the model puts into another class."""
    if not flips.new_texts:
        return np.nan
    flipped = work.classifier.predict(flips.new_texts).logits.argmax(1) != case.target
    return float(min(np.array(flips.sizes)[flipped], default=np.nan))
