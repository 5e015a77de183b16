"""Errors of shapiq's estimators on given games, by a Python that has shapiq.

It is run as a script, `python shapiq_sides.py FILE BUDGETS SEEDS`, so that shapiq may have an
environment of its own; it imports nothing of this repository. It prints JSON: shapiq's version, and
for each estimator the mean squared error at each number of evaluations, or why it did not run.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

ESTIMATORS: dict[str, tuple[str, dict[str, Any]]] = {
    "KernelSHAP, paired": ("KernelSHAP", {"pairing_trick": True}),
    "LeverageSHAP": ("LeverageSHAP", {}),
    "RegressionMSR": ("RegressionMSR", {"index": "SV"}),
    "OddSHAP": ("OddSHAP", {}),
    "PolySHAP, order 2": ("PolySHAP", {"max_order": 2, "pairing_trick": True}),
    "PolySHAP, order 3": ("PolySHAP", {"max_order": 3, "pairing_trick": True}),
    "ProxySHAP, adjusted": ("ProxySHAP", {"max_order": 1, "index": "SV", "adjustment": True}),
    "PermutationSamplingSV": ("PermutationSamplingSV", {}),
}
"""Class and arguments of each estimator of Shapley values."""

_SECOND = {"max_order": 2, "index": "k-SII"}
PAIR_ESTIMATORS: dict[str, tuple[str, dict[str, Any]]] = {
    "KernelSHAPIQ": ("KernelSHAPIQ", _SECOND),
    "KernelSHAPIQ, paired": ("KernelSHAPIQ", {**_SECOND, "pairing_trick": True}),
    "InconsistentKernelSHAPIQ": ("InconsistentKernelSHAPIQ", _SECOND),
    "InconsistentKernelSHAPIQ, paired": (
        "InconsistentKernelSHAPIQ",
        {**_SECOND, "pairing_trick": True},
    ),
    "SVARMIQ": ("SVARMIQ", _SECOND),
    "SVARMIQ, paired": ("SVARMIQ", {**_SECOND, "pairing_trick": True}),
    "SHAPIQ, paired": ("SHAPIQ", {**_SECOND, "pairing_trick": True}),
    "PermutationSamplingSII": ("PermutationSamplingSII", _SECOND),
    "ProxySHAP": ("ProxySHAP", _SECOND),
    "ProxySHAP, adjusted": ("ProxySHAP", {**_SECOND, "adjustment": True}),
}
"""Class and arguments of each estimator of interactions, whose second order is the pairs' SII."""


def main() -> None:
    """Prints the errors."""
    import shapiq
    from shapiq import approximator

    warnings.filterwarnings("ignore")
    file, budgets, seeds = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
    with np.load(file) as stored:
        games = [(stored[f"values {i}"], stored[f"exact {i}"]) for i in range(len(stored) // 2)]
    found: dict[str, list[float] | str] = {}
    estimators = PAIR_ESTIMATORS if games[0][1].ndim == 2 else ESTIMATORS
    for name, (kind, arguments) in estimators.items():
        if not hasattr(approximator, kind):
            found[name] = f"not in shapiq {shapiq.__version__}"
            continue
        try:
            found[name] = [
                float(
                    np.mean(
                        [
                            _error(getattr(approximator, kind), arguments, *game, budget, seed)
                            for game in games
                            for seed in range(seeds)
                        ]
                    )
                )
                for budget in budgets
            ]
        except Exception as error:
            found[name] = f"{type(error).__name__}: {error}"
    print(json.dumps({"version": shapiq.__version__, "errors": found}))


def _error(
    kind: Callable[..., Any],
    arguments: dict[str, Any],
    values: np.ndarray,
    exact: np.ndarray,
    budget: int,
    seed: int,
) -> float:
    players = len(exact)
    bits = 1 << np.arange(players)

    def game(coalitions: np.ndarray) -> np.ndarray:
        return values[np.atleast_2d(np.asarray(coalitions, dtype=bool)) @ bits] - values[0]

    found = kind(players, random_state=seed, **arguments).approximate(budget, game)
    subsets = combinations(range(players), exact.ndim)
    return float(np.mean([(found[subset] - exact[subset]) ** 2 for subset in subsets]))


if __name__ == "__main__":
    main()
