from math import comb

import numpy as np
import pytest

from lit_plugins.explain.estimators.coalitions import draw_pairs, kernel_weights, pairs_within


@pytest.mark.parametrize("players", [2, 5, 6, 9, 12, 13, 40])
@pytest.mark.parametrize("evaluations", [32, 200, 501])
def test_no_coalition_is_evaluated_twice_and_no_size_is_left_out(players, evaluations):
    count = pairs_within(players, evaluations)
    pairs = draw_pairs(players, count, np.random.default_rng(3))
    assert len(pairs) == count
    both = np.concatenate([pairs, ~pairs])
    assert len(np.unique(both, axis=0)) == 2 * count
    assert set(both.sum(1)) == set(range(1, players))


def test_a_budget_is_kept_unless_the_regression_could_not_be_solved():
    assert pairs_within(12, 500) == 249
    assert pairs_within(5, 32) == 15  # all there are
    assert pairs_within(5, 20000) == 15
    assert pairs_within(100, 32) == 200
    assert pairs_within(0, 500) == pairs_within(1, 500) == 0
    assert pairs_within(3000, 500) == 6000


def test_a_seed_gives_the_same_pairs_and_another_seed_others():
    first, again, other = (draw_pairs(12, 99, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize("players", [5, 12, 13])
def test_the_first_so_many_pairs_take_of_each_size_what_a_smaller_draw_would(players):
    count = pairs_within(players, 400)
    drawn = draw_pairs(players, count, np.random.default_rng(1))
    for fewer in (players, count // 3, count // 2):
        sizes = np.bincount(drawn[:fewer].sum(1), minlength=players)
        smaller = draw_pairs(players, fewer, np.random.default_rng(2)).sum(1)
        assert np.abs(sizes - np.bincount(smaller, minlength=players)).max() <= 1


def test_weights_of_all_pairs_are_those_of_kernel_shap():
    players = 6
    drawn = draw_pairs(players, 2**5 - 1, np.random.default_rng(0))
    sizes = drawn.sum(1)
    # The kernel up to a factor; a pair of the middle size stands for its complement too.
    kernel = [1 / (comb(players, size) * size * (players - size)) for size in sizes]
    ratio = kernel_weights(drawn) / kernel
    np.testing.assert_allclose(ratio, ratio[0])


def test_sizes_are_drawn_as_their_share_of_the_error_asks():
    players, count = 31, 300
    counts = np.bincount(draw_pairs(players, count, np.random.default_rng(0)).sum(1))[2:]
    sizes = np.arange(2, players // 2 + 1)
    asked = 1 / np.sqrt(sizes * (players - sizes))
    np.testing.assert_allclose(counts / counts.sum(), asked / asked.sum(), rtol=0.06)
