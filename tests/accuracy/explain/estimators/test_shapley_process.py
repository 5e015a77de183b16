"""Sampled Shapley values of embedded models' games, all of whose values are known."""

import numpy as np
import pytest

from benchmarks.games import Game, accuracy_of, early_ends, own_games
from lit_plugins.explain.estimators.coalitions import draw_pairs, pairs_within
from lit_plugins.explain.estimators.shapley_regression import least_squares

KINDS = ("sentiment-small", "sentiment-bow", "difference")
BUDGETS = (71, 154, 336, 731, 1590)


@pytest.fixture(scope="module")
def games() -> dict[str, list[Game]]:
    found = own_games()
    return {kind: [game for name, game in found.items() if kind in name] for kind in KINDS}


@pytest.fixture(scope="module")
def measured(games):
    return {
        kind: {budget: accuracy_of(games[kind], budget, seeds=4) for budget in BUDGETS}
        for kind in KINDS
    }


def kernel_shap(game: Game, evaluations: int, seed: int) -> np.ndarray:
    players = len(game.exact)
    members = draw_pairs(players, pairs_within(players, evaluations), np.random.default_rng(seed))
    index = members @ (1 << np.arange(players))
    differences = game.values[index] - game.values[len(game.values) - 1 - index]
    return least_squares(members, differences, game.values[-1] - game.values[0])


@pytest.mark.parametrize("kind", KINDS)
def test_each_budget_is_nearer_than_the_one_before(measured, kind):
    errors = [measured[kind][budget].squared for budget in BUDGETS]
    assert all(after < before / 2 for before, after in zip(errors[:-1], errors[1:], strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("budget", BUDGETS)
def test_it_is_nearer_than_kernel_shap(games, measured, kind, budget):
    plain = np.mean(
        [np.square(kernel_shap(game, budget, seed=0) - game.exact).mean() for game in games[kind]]
    )
    assert measured[kind][budget].squared < 0.7 * plain


@pytest.mark.parametrize("budget", BUDGETS)
def test_standard_errors_hold_at_each_budget(measured, budget):
    assert 0.92 <= np.mean([measured[kind][budget].covered for kind in KINDS]) <= 0.98


@pytest.mark.parametrize("tolerance", [0.02, 0.05, 0.1])
def test_texts_that_end_early_are_within_the_tolerance(games, tolerance):
    ended, within = np.sum([early_ends(games[kind], tolerance, seeds=4) for kind in KINDS], axis=0)
    assert ended >= 32
    assert within >= 0.95 * ended
