from itertools import permutations

import numpy as np
import pytest

from lit_plugins.evaluate.aopc_limits import Limits, find_limits, masked_counts


def solve(words, budget, worth):
    """Runs a search on a game; gives its limits and how many different versions it asked for."""
    search = find_limits(words, worth(np.ones((1, words), bool))[0], budget)
    asked = set()
    try:
        keep = next(search)
        while True:
            asked |= {row.tobytes() for row in keep}
            keep = search.send(worth(keep))
    except StopIteration as stop:
        return stop.value, len(asked)


def random_game(words, seed=0):
    table = np.random.default_rng(seed).random(2**words)
    return lambda keep: table[keep @ (1 << np.arange(words))]


def linear_game(weights):
    return lambda keep: 0.5 + keep @ weights


def aopcs(words, worth):
    """Of every order, by its definition."""
    whole = worth(np.ones((1, words), bool))[0]
    found = []
    for order in permutations(range(words)):
        rows = np.ones((words, words), bool)
        for step, word in enumerate(order):
            rows[step:, word] = False
        found.append(whole - worth(rows).mean())
    return found


@pytest.mark.parametrize("words", [1, 2, 5, 6])
def test_all_sets_give_the_limits_of_all_orders(words):
    worth = random_game(words)
    limits, asked = solve(words, 2**words, worth)
    every = aopcs(words, worth)
    assert limits.exact
    assert asked == 2**words
    assert limits.lower == pytest.approx(min(every))
    assert limits.upper == pytest.approx(max(every))


def test_a_wide_beam_finds_all_and_a_narrow_one_stays_within():
    worth = random_game(6)
    exact, _ = solve(6, 64, worth)
    wide, _ = solve(6, 63, lambda keep: worth(keep))
    assert not wide.exact
    narrow, asked = solve(6, 36, worth)
    assert asked <= 36 + 6
    for found in (wide, narrow):
        assert exact.lower - 1e-12 <= found.lower <= found.upper <= exact.upper + 1e-12


@pytest.mark.parametrize(("words", "budget"), [(12, 512), (30, 512), (33, 200), (400, 512)])
def test_a_linear_game_is_solved_within_the_budget(words, budget):
    weights = np.random.default_rng(1).normal(size=words) / words
    limits, asked = solve(words, budget, linear_game(weights))
    counts = masked_counts(words)
    fall = np.sort(weights)[::-1].cumsum()[counts - 1].mean()
    rise = np.sort(weights).cumsum()[counts - 1].mean()
    assert limits.upper == pytest.approx(fall)
    assert limits.lower == pytest.approx(rise)
    assert asked <= max(budget, 2 * words + 64)


def test_long_texts_are_asked_at_32_counts():
    assert masked_counts(3).tolist() == [1, 2, 3]
    assert masked_counts(32).tolist() == list(range(1, 33))
    many = masked_counts(1000)
    assert len(set(many.tolist())) == 32
    assert many[-1] == 1000


def test_normalised_values():
    limits = Limits(-0.1, 0.4, True)
    assert limits.normalise(0.4) == 1
    assert limits.normalise(-0.1) == 0
    assert limits.normalise(0.15) == pytest.approx(0.5)
    assert limits.normalise(0.5) == 1
    assert np.isnan(Limits(0.2, 0.2, True).normalise(0.2))
