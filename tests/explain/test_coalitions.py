from itertools import permutations

import numpy as np
import pytest

from lit_plugins.explain.coalitions import draw_pairs, pairs_within, solve


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


def solved(game: np.ndarray, players: int, evaluations: int, seed: int = 0):
    count = pairs_within(players, evaluations)
    pairs = draw_pairs(players, count, np.random.default_rng(seed))
    index = pairs.members @ (1 << np.arange(players))
    full = 2**players - 1
    return solve(pairs, game[index] - game[full - index], game[full] - game[0])


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
    values, errors = solved(game, players, evaluations=2**players)
    np.testing.assert_allclose(values, by_permutations(game, players), atol=1e-12)
    assert not errors.any()


@pytest.mark.parametrize("players", [2, 5, 6, 9, 12, 13, 40])
@pytest.mark.parametrize("evaluations", [32, 200, 501])
def test_no_coalition_is_evaluated_twice_and_no_size_is_left_out(players, evaluations):
    count = pairs_within(players, evaluations)
    pairs = draw_pairs(players, count, np.random.default_rng(3))
    assert len(pairs.members) == count
    both = np.concatenate([pairs.members, ~pairs.members])
    assert len(np.unique(both, axis=0)) == 2 * count
    assert set(both.sum(1)) == set(range(1, players))


def test_a_budget_is_kept_unless_the_regression_could_not_be_solved():
    assert pairs_within(12, 500) == 249
    assert pairs_within(5, 32) == 15  # all there are
    assert pairs_within(5, 20000) == 15
    assert pairs_within(100, 32) == 200
    assert pairs_within(0, 500) == pairs_within(1, 500) == 0
    assert pairs_within(3000, 500) == 6000


def test_sampled_values_add_up_exactly():
    game = rough_game(11, seed=1)
    for seed in range(5):
        values, _ = solved(game, 11, 100, seed)
        assert values.sum() == pytest.approx(game[-1] - game[0], abs=1e-12)


def test_an_additive_game_is_solved_from_a_few_coalitions_with_no_error():
    worth = np.arange(1.0, 12.0)
    game = ((np.arange(2**11)[:, None] >> np.arange(11)) & 1) @ worth
    values, errors = solved(game, 11, 50)
    np.testing.assert_allclose(values, worth, atol=1e-10)
    np.testing.assert_allclose(errors, 0, atol=1e-10)


def test_more_evaluations_are_nearer_and_the_standard_error_says_how_near():
    players = 11
    games = [rough_game(players, seed) for seed in range(40)]
    truths = [solved(game, players, 2**players)[0] for game in games]
    medians = []
    for evaluations in (100, 400, 1600):
        distances, covered = [], []
        for seed, (game, truth) in enumerate(zip(games, truths, strict=True)):
            values, errors = solved(game, players, evaluations, seed)
            distances.append(np.linalg.norm(values - truth) / np.linalg.norm(truth))
            covered.append(np.abs(values - truth) <= 1.96 * errors)
        medians.append(float(np.median(distances)))
        assert 0.92 <= np.mean(covered) <= 0.995
    assert medians[0] > 2 * medians[1] > 4 * medians[2]


def test_a_seed_gives_the_same_pairs_and_another_seed_others():
    first, again, other = (draw_pairs(12, 99, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.members, again.members)
    assert (first.members != other.members).any()
