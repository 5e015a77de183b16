from itertools import combinations
from math import factorial

import numpy as np
import pytest
import torch

from lit_plugins.explain.estimators.coalitions import draw_pairs, pairs_within
from lit_plugins.explain.estimators.pair_interactions import (
    enumerated,
    estimated,
    interaction_covariances,
)
from lit_plugins.explain.estimators.process_fit import Process
from lit_plugins.explain.estimators.shapley_regression import least_squares
from tests.explain.estimators.test_shapley_regression import rough_game


def by_definition(game: np.ndarray, players: int) -> np.ndarray:
    """Interactions by Grabisch and Roubens; coalition i of `game` has the players of i's bits."""
    values = np.zeros((players, players))
    for one, other in combinations(range(players), 2):
        rest = [player for player in range(players) if player not in (one, other)]
        for size in range(players - 1):
            weight = factorial(size) * factorial(players - size - 2) / factorial(players - 1)
            for chosen in combinations(rest, size):
                without = sum(1 << player for player in chosen)
                gain = game[without | 1 << one | 1 << other] + game[without]
                gain -= game[without | 1 << one] + game[without | 1 << other]
                values[one, other] += weight * gain
    return values + values.T


def asked(game: np.ndarray, players: int, evaluations: int, seed: int = 0):
    count = pairs_within(players, evaluations)
    members = draw_pairs(players, count, np.random.default_rng(seed))
    index = members @ (1 << np.arange(players))
    return members, game[index] + game[game.size - 1 - index], game[-1] + game[0]


def shapley_values(game: np.ndarray, players: int) -> np.ndarray:
    members, _, _ = asked(game, players, 2**players)
    index = members @ (1 << np.arange(players))
    return least_squares(members, game[index] - game[game.size - 1 - index], game[-1] - game[0])


def sampled(game: np.ndarray, players: int, evaluations: int, seed: int = 0):
    return estimated(*asked(game, players, evaluations, seed), shapley_values(game, players))


@pytest.mark.parametrize("players", range(1, 8))
def test_all_pairs_give_the_interactions_of_the_definition(players):
    game = rough_game(players, seed=players)
    values = enumerated(*asked(game, players, 2**players))
    np.testing.assert_allclose(values, by_definition(game, players), atol=1e-12)


def test_values_of_single_players_and_pairs_add_up():
    """The first order of 2-SII is the Shapley value less half of the player's interactions."""
    game = rough_game(6, seed=1)
    pairs = enumerated(*asked(game, 6, 2**6))
    alone = shapley_values(game, 6) - pairs.sum(1) / 2
    assert alone.sum() + pairs.sum() / 2 == pytest.approx(game[-1] - game[0], abs=1e-12)


def test_players_that_add_up_have_no_interactions():
    game = ((np.arange(2**11)[:, None] >> np.arange(11)) & 1) @ np.arange(1.0, 12.0)
    values, errors = sampled(game, 11, 60)
    np.testing.assert_allclose(values, 0, atol=1e-9)
    np.testing.assert_allclose(errors, 0, atol=1e-9)


def test_a_game_of_nothing_has_no_interactions_and_no_error():
    values, errors = sampled(np.zeros(2**9), 9, 100)
    assert not values.any()
    assert not errors.any()


def test_a_pair_that_acts_together_is_found():
    members = (np.arange(2**12)[:, None] >> np.arange(12)) & 1
    game = members @ np.linspace(0.1, 1, 12) - 2.0 * members[:, 3] * members[:, 7]
    values, errors = sampled(game, 12, 200)
    assert values[3, 7] == values[7, 3] == pytest.approx(-2, abs=0.1)
    values[[3, 7], [7, 3]] = 0
    assert np.abs(values).max() < 0.1
    assert not np.diagonal(errors).any()


def test_more_evaluations_are_nearer_and_the_standard_error_says_how_near():
    players = 10
    pairs = np.triu_indices(players, 1)
    games = [rough_game(players, seed) for seed in range(10)]
    truths = [enumerated(*asked(game, players, 2**players))[pairs] for game in games]
    medians = []
    for evaluations in (100, 400):
        distances, covered = [], []
        for seed, (game, truth) in enumerate(zip(games, truths, strict=True)):
            values, errors = sampled(game, players, evaluations, seed)
            distances.append(np.linalg.norm(values[pairs] - truth) / np.linalg.norm(truth))
            covered.append(np.abs(values[pairs] - truth) <= 1.96 * errors[pairs])
        medians.append(float(np.median(distances)))
        assert 0.92 <= np.mean(covered) <= 0.995
    assert medians[0] > 2 * medians[1]


def test_covariances_are_those_of_the_definition():
    """A pair's covariance with all others is a game, whose interactions the definition gives."""
    players = 5
    bends, (constant, groups, own) = np.array([0.1, 0.5, 0.02, 0.9, 0.3]), (0.7, 1.3, 0.4)
    process = Process(torch.from_numpy(bends), torch.tensor([constant, groups, own]).double())
    every = np.where((np.arange(32)[:, None] >> np.arange(players)) & 1, 1.0, -1.0)
    same = np.abs(every @ every.T) == players
    covariance = constant + groups * np.cosh((every * bends) @ every.T) + own * same
    # A sum is twice the even part of the game, and the even part has the game's interactions.
    expected = np.array([by_definition(row, players) / 2 for row in covariance])
    found = interaction_covariances(process, torch.from_numpy(every))
    for first, (with_data, variances) in zip(range(players - 1), found, strict=True):
        np.testing.assert_allclose(with_data, expected[:, first, first + 1 :], atol=1e-12)
        for second in range(first + 1, players):
            twice = by_definition(expected[:, first, second], players) / 2
            assert float(variances[second - first - 1]) == pytest.approx(twice[first, second])


def test_with_all_pairs_the_estimate_is_exact():
    game = rough_game(8, seed=4)
    values, errors = sampled(game, 8, 2**8)
    np.testing.assert_allclose(values, by_definition(game, 8), atol=1e-9)
    np.testing.assert_allclose(errors, 0, atol=1e-6)


def test_a_text_of_many_words_has_its_pairs_too():
    players = 80
    random = np.random.default_rng(0)
    effects = random.normal(size=players) ** 3 / 8
    members = draw_pairs(players, pairs_within(players, 330), random)
    sums = np.tanh(members @ effects) + np.tanh(~members @ effects)
    values, errors = estimated(members, sums, np.tanh(effects.sum()), effects)
    assert np.isfinite(values).all()
    assert (errors[~np.eye(players, dtype=bool)] > 0).all()
