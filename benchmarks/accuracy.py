"""Errors of Shapley values against all 2^12 coalitions, and coverage of the standard errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import shap

from benchmarks import markdown
from benchmarks.truth import game, relative_error, shapley_values
from benchmarks.workloads import Case, Workload
from lit_plugins import Explanation, explain

SIGMAS = 1.96
_ROUNDING = 1e-6

Players = Callable[[np.ndarray, int], np.ndarray]
"""Estimates scores [players] from a game's values [2 ** players] and a number of evaluations."""


def table(work: Workload, texts: Sequence[str], budgets: Sequence[int]) -> Iterator[str]:
    """Yields the table's lines: one for each method and number of evaluations.

    Args:
        work: the model.
        texts: texts short enough for running the model on all coalitions of their words.
        budgets: numbers of evaluations, besides the methods' defaults.
    """
    cases = work.cases(texts)
    games = [game(work.classifier, case) for case in cases]
    exact = [shapley_values(values) for values in games]
    words = sorted({len(case.encoded.visible_words) for case in cases})
    yield markdown.head(
        f"{work.name}, {len(cases)} texts of {' to '.join(map(str, words[:: len(words) - 1 or 1]))}"
        " words",
        "budget",
        "evaluations",
        "relative L2 error, median",
        "95th percentile",
        f"within {SIGMAS} standard errors",
    )
    for name in ("shapley", "owen"):
        for budget in (*budgets, None):
            yield _row(f"`{name}`", budget, cases, exact, _ours(work, name, budget, cases))
    for title, players in PEERS.items():
        for budget in budgets:
            errors = [
                relative_error(players(values, budget), true)
                for values, true in zip(games, exact, strict=True)
            ]
            yield _cells(title, str(budget), "–", errors, float("nan"))


def _ours(
    work: Workload, name: str, budget: int | None, cases: Sequence[Case]
) -> list[Explanation]:
    options: dict[str, Any] = {} if budget is None else {"evaluations": budget}
    if name == "shapley" and budget is not None:
        options["tolerance"] = 0
    texts, targets = [case.text for case in cases], [case.target for case in cases]
    return explain(work.classifier, texts, name, targets, output="probability", **options)


def _row(
    title: str,
    budget: int | None,
    cases: Sequence[Case],
    exact: Sequence[np.ndarray],
    explanations: Sequence[Explanation],
) -> str:
    errors, within = [], []
    for case, true, explanation in zip(cases, exact, explanations, strict=True):
        visible = list(case.encoded.visible_words)
        off = np.abs(explanation.scores[visible] - true)
        errors.append(relative_error(explanation.scores[visible], true))
        if explanation.error is not None:
            within += (off <= SIGMAS * explanation.error[visible] + _ROUNDING).tolist()
    evaluations = f"{np.mean([explanation.evaluations for explanation in explanations]):.0f}"
    covered = float(np.mean(within)) if within else float("nan")
    return _cells(title, "default" if budget is None else str(budget), evaluations, errors, covered)


def _cells(
    title: str, budget: str, evaluations: str, errors: Sequence[float], covered: float
) -> str:
    return markdown.row(
        title,
        budget,
        evaluations,
        f"{np.median(errors):.3f}",
        f"{np.quantile(errors, 0.95):.3f}",
        markdown.number(covered, ".1%"),
    )


def _looked_up(values: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    players = len(values).bit_length() - 1
    bits = 1 << np.arange(players)
    return lambda table: values[(np.asarray(table) > 0) @ bits]


def _kernel(values: np.ndarray, budget: int) -> np.ndarray:
    players = len(values).bit_length() - 1
    np.random.seed(0)
    explainer = shap.KernelExplainer(_looked_up(values), np.zeros((1, players)))
    text = np.ones((1, players))
    scores = explainer.shap_values(text, nsamples=budget, l1_reg=False, silent=True)
    return np.asarray(scores).reshape(players)


def _permutation(values: np.ndarray, budget: int) -> np.ndarray:
    players = len(values).bit_length() - 1
    explainer = shap.PermutationExplainer(_looked_up(values), np.zeros((1, players)), seed=0)
    explanation = explainer(np.ones((1, players)), max_evals=budget, silent=True)
    return np.asarray(explanation.values).reshape(players)


PEERS: dict[str, Players] = {
    "shap.KernelExplainer, l1_reg=False": _kernel,
    "shap.PermutationExplainer": _permutation,
}
