"""Interactions of embedded models' games, all of whose values are known."""

import numpy as np
import pytest

from benchmarks.games import own_games
from benchmarks.pair_games import accuracy_of

BUDGETS = (154, 336, 731, 1590, 4096)


@pytest.fixture(scope="module")
def measured():
    games = list(own_games().values())
    return [accuracy_of(games, budget, seeds=2) for budget in BUDGETS]


def test_each_budget_is_nearer_than_the_one_before(measured):
    errors = [found.squared for found in measured]
    assert all(after < before / 1.5 for before, after in zip(errors[:-1], errors[1:], strict=True))


def test_all_pairs_are_exact(measured):
    assert np.sqrt(measured[-1].squared) < 1e-9


def test_standard_errors_hold_at_each_budget(measured):
    for found in measured[:-1]:
        assert 0.92 <= found.covered <= 0.995
