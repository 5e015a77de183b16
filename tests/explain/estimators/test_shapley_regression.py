from itertools import permutations

import numpy as np
import pytest

from lit_plugins.explain.estimators.coalitions import draw_pairs, pairs_within
from lit_plugins.explain.estimators.shapley_regression import least_squares, regress


def by_permutations(game: np.ndarray, players: int) -> np.ndarray:
    """Shapley values from their definition; coalition i of `game` has the players of i's bits."""
    orders = list(permutations(range(players)))
    values = np.zeros(players)
    for order in orders:
        coalition = 0
        for player in order:
            values[player] += game[coalition | 1 << player] - game[coalition]
            coalition |= 1 << player
    return values / len(orders)


def asked(game: np.ndarray, players: int, evaluations: int, seed: int = 0):
    count = pairs_within(players, evaluations)
    pairs = draw_pairs(players, count, np.random.default_rng(seed))
    index = pairs @ (1 << np.arange(players))
    full = 2**players - 1
    return pairs, game[index] - game[full - index], game[full] - game[0]


def rough_game(players: int, seed: int) -> np.ndarray:
    """Additive, pairwise and threefold effects, and a bend, as a text classifier has."""
    random = np.random.default_rng(seed)
    members = (np.arange(2**players)[:, None] >> np.arange(players)) & 1
    sums = members @ random.normal(size=players)
    pairs = np.einsum("ij,jk,ik->i", members, random.normal(size=(players, players)), members)
    bent = members @ random.normal(size=players) * sums * pairs
    return np.tanh((sums + pairs / players + bent / players**2) / 2)


@pytest.mark.parametrize("players", [1, 2, 3, 4, 5, 6, 7])
def test_all_pairs_give_the_shapley_values_of_the_definition(players):
    game = rough_game(players, seed=players)
    values = least_squares(*asked(game, players, evaluations=2**players))
    np.testing.assert_allclose(values, by_permutations(game, players), atol=1e-12)


def test_sampled_values_add_up_exactly():
    game = rough_game(11, seed=1)
    for seed in range(5):
        values, _ = regress(*asked(game, 11, 100, seed))
        assert values.sum() == pytest.approx(game[-1] - game[0], abs=1e-12)


def test_an_additive_game_is_solved_from_a_few_coalitions_with_no_error():
    worth = np.arange(1.0, 12.0)
    game = ((np.arange(2**11)[:, None] >> np.arange(11)) & 1) @ worth
    values, errors = regress(*asked(game, 11, 50))
    np.testing.assert_allclose(values, worth, atol=1e-10)
    np.testing.assert_allclose(errors, 0, atol=1e-10)


def test_more_evaluations_are_nearer_and_the_standard_error_says_how_near():
    players = 11
    games = [rough_game(players, seed) for seed in range(40)]
    truths = [least_squares(*asked(game, players, 2**players)) for game in games]
    medians = []
    for evaluations in (100, 400, 1600):
        distances, covered = [], []
        for seed, (game, truth) in enumerate(zip(games, truths, strict=True)):
            values, errors = regress(*asked(game, players, evaluations, seed))
            distances.append(np.linalg.norm(values - truth) / np.linalg.norm(truth))
            covered.append(np.abs(values - truth) <= 1.96 * errors)
        medians.append(float(np.median(distances)))
        assert 0.92 <= np.mean(covered) <= 0.995
    assert medians[0] > 2 * medians[1] > 4 * medians[2]


def test_it_is_nearer_than_least_squares_where_the_words_that_matter_act_together():
    players = 11
    members = (np.arange(2**players)[:, None] >> np.arange(players)) & 1
    nearer = []
    for seed in range(20):
        effects = np.random.default_rng(seed).normal(size=players) ** 3
        game = np.tanh(members @ effects / 2)
        truth = least_squares(*asked(game, players, 2**players))
        some = asked(game, players, 150, seed)
        nearer.append(
            np.linalg.norm(least_squares(*some) - truth) / np.linalg.norm(regress(*some)[0] - truth)
        )
    assert np.median(nearer) > 2


def test_a_game_of_nothing_has_no_values_and_no_error():
    values, errors = regress(*asked(np.zeros(2**9), 9, 100))
    assert not values.any()
    assert not errors.any()


def test_more_pairs_than_the_process_is_chosen_on_are_all_used():
    players = 12
    game = rough_game(players, 3)
    truth = least_squares(*asked(game, players, 2**players))
    far, near = (
        np.linalg.norm(regress(*asked(game, players, count))[0] - truth) for count in (200, 1500)
    )
    assert near < far / 2


def test_a_text_of_many_words_has_as_good_a_choice():
    players = 140
    random = np.random.default_rng(0)
    effects = random.normal(size=players) ** 3 / 8
    members = draw_pairs(players, pairs_within(players, 700), random)
    total = np.tanh(effects.sum()) - np.tanh(0)
    differences = np.tanh(members @ effects) - np.tanh(~members @ effects)
    values, errors = regress(members, differences, total)
    assert np.isfinite(values).all()
    assert (errors > 0).all()
    assert values.sum() == pytest.approx(total)
