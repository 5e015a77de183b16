import numpy as np
import pytest
import torch

from lit_plugins.explain.estimators.process_fit import Process
from lit_plugins.explain.estimators.shapley_process import (
    fit,
    shapley_covariances,
    shapley_values,
    shapley_variances,
)
from tests.explain.estimators.test_shapley_regression import by_permutations

SIGNS = {
    players: np.where((np.arange(2**players)[:, None] >> np.arange(players)) & 1, 1.0, -1.0)
    for players in (4, 5)
}
"""All coalitions, in the order of their bits."""


def process_of(players: int) -> Process:
    bends = torch.tensor([0.1, 0.5, 0.02, 0.9, 0.3][:players], dtype=torch.float64)
    return Process(bends, torch.tensor([0.7, 1.3, 0.4], dtype=torch.float64))


def covariance_of(players: int) -> np.ndarray:
    """The covariance of all coalitions' differences by the formula."""
    signs, process = SIGNS[players], process_of(players)
    bends, (linear, groups, own) = process.bends.numpy(), process.variances.numpy()
    shared = (signs * bends) @ signs.T
    same = signs @ signs.T / players
    return (
        linear * shared / bends.sum()
        + groups * np.sinh(shared)
        + own * ((same == 1.0) * 1.0 - (same == -1.0))
    )


@pytest.mark.parametrize("players", SIGNS)
def test_covariances_of_the_values_are_those_of_the_definition(players):
    """A pair's covariance with all others is a game, whose values the definition gives too."""
    process, covariance = process_of(players), covariance_of(players)
    found = shapley_covariances(process, torch.from_numpy(SIGNS[players])).numpy()
    # A difference is twice the odd part of the game, and the odd part has the game's values.
    expected = [by_permutations(row, players) / 2 for row in covariance]
    some = np.flatnonzero(SIGNS[players].sum(1) > -players)
    np.testing.assert_allclose(found[some], np.array(expected)[some], atol=1e-12)
    twice = [by_permutations(column, players) / 2 for column in np.array(expected).T]
    np.testing.assert_allclose(shapley_variances(process).numpy(), np.diag(twice), atol=1e-12)


def test_with_all_pairs_the_values_are_exact_whatever_the_process():
    players = 5
    game = np.random.default_rng(0).normal(size=2**players)
    first = np.flatnonzero(SIGNS[players][:, 0] > 0)[::-1]
    signs = torch.from_numpy(SIGNS[players][first])
    differences = torch.from_numpy(game[first] - game[2**players - 1 - first])
    values, errors = shapley_values(process_of(players), signs, differences)
    np.testing.assert_allclose(values, by_permutations(game, players), atol=1e-9)
    np.testing.assert_allclose(errors, 0, atol=1e-6)


def test_words_that_act_together_bend_more():
    signs = torch.from_numpy(SIGNS[5][16:])
    together = signs[:, 0] * signs[:, 1] * signs[:, 2]
    process = fit(signs, together + 0.1 * signs.sum(1), torch.full_like(signs[0], 0.1))
    assert process.bends[:3].min() > 2 * process.bends[3:].max()
