"""Table of the shap package beside `owen` and `shapley`, with errors against exact values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import markdown, shap_sides
from benchmarks.alternating import Timed, alternate, ratio
from benchmarks.truth import MOST_WORDS, Reference, relative_error, truth
from benchmarks.workloads import Case, Workload

SAME = 1e-5


@dataclass(frozen=True)
class Sizes:
    """Sizes of the measurement.

    Attributes:
        budgets: numbers of evaluations of `shapley` without early stopping, one row each.
        chunk: number of texts that a side gets in one call.
        reference: evaluations of KernelSHAP, which replaces exact values for long texts.
        errors_of_random: whether errors are also measured for random weights.
    """

    budgets: tuple[int, ...]
    chunk: int
    reference: int
    errors_of_random: bool


def table(work: Workload, texts: Sequence[str], sizes: Sizes) -> Iterator[str]:
    """Yields the table's lines for one model, and sentences about it."""
    cases = work.cases(texts)
    (warm_up,) = work.cases(["a good film"])
    timed = alternate(shap_sides.sides(work, sizes.budgets), cases, warm_up, sizes.chunk)
    exact = None
    if work.trained or sizes.errors_of_random:
        exact = [truth(work.classifier, case, sizes.reference) for case in cases]
    errors = {name: _error(side, exact) for name, side in timed.items()}
    tutorials, token_ids = timed[shap_sides.TUTORIALS], timed[shap_sides.TOKEN_IDS]
    yield markdown.head(
        f"{work.name}, {len(cases)} texts",
        "evaluations",
        "s a text",
        "the tutorials' way",
        "shap, batch_size=50",
        "relative L2 error",
        "share of the tutorials' error",
    )
    for name, side in timed.items():
        if side.failure:
            yield markdown.row(name, side.failure, *["–"] * 5)
            continue
        yield markdown.row(
            name,
            f"{np.mean([answer.evaluations for answer in side.answers]):.0f}",
            f"{side.mean:.3f}",
            markdown.times(ratio(tutorials, side)),
            markdown.times(ratio(timed[shap_sides.TUNED], side)),
            markdown.number(errors[name], ".3f"),
            markdown.number(errors[name] / errors[shap_sides.TUTORIALS], ".2f"),
        )
    yield ""
    yield from _same(timed[shap_sides.OWEN], token_ids, "shap on token ids")
    yield from _same(timed[shap_sides.OWEN], tutorials, "the tutorials' way")
    if exact is not None:
        yield _on_errors(cases, exact, sizes)
        yield from _half(timed, errors, sizes)


def _error(side: Timed, exact: Sequence[Reference] | None) -> float:
    if exact is None or not side.answers:
        return float("nan")
    pairs = zip(side.answers, exact, strict=True)
    return float(np.median([relative_error(answer.words, true.scores) for answer, true in pairs]))


def _same(ours: Timed, theirs: Timed, name: str) -> Iterator[str]:
    if ours.failure or theirs.failure:
        return
    pairs = zip(ours.answers, theirs.answers, strict=True)
    apart = np.array([np.abs(our.tokens - their.tokens).max() for our, their in pairs])
    yield (
        f"`owen` and {name}: token values differ by at most {apart.max():.1e} (median text "
        f"{np.median(apart):.1e}); by more than {SAME:g} in {int((apart > SAME).sum())} of "
        f"{len(apart)} texts."
    )


def _on_errors(cases: Sequence[Case], exact: Sequence[Reference], sizes: Sizes) -> str:
    longer = [
        reference.relative_error
        for case, reference in zip(cases, exact, strict=True)
        if len(case.encoded.visible_words) > MOST_WORDS
    ]
    own = f", whose own relative standard error is {np.median(longer):.3f}" if longer else ""
    return (
        f"Errors are medians over texts. The reference is enumeration for the "
        f"{len(cases) - len(longer)} texts of at most {MOST_WORDS} words, and plain paired "
        f"KernelSHAP with {sizes.reference:,} evaluations for the others{own}."
    )


def _half(timed: dict[str, Timed], errors: dict[str, float], sizes: Sizes) -> Iterator[str]:
    limit = errors[shap_sides.TUTORIALS] / 2
    for budget in sorted(sizes.budgets):
        name = shap_sides.shapley_at(budget)
        if errors[name] <= limit:
            faster = ratio(timed[shap_sides.TUTORIALS], timed[name])
            yield (
                f"With {budget} evaluations, `shapley` has at most half the error of the "
                f"tutorials' way, and is {faster:.1f}× as fast."
            )
            return
