from itertools import permutations

import numpy as np
import pytest

from lit_plugins.explain.estimators.owen_splitting import split
from lit_plugins.explain.estimators.token_tree import TokenTree

# ((0 1) (2 (3 4))), and token 5 beside them, which is never masked.
PARTS = ((0, 1), (3, 4), (2, 7), (6, 8), (9, 5))
FIXED = np.array([False] * 5 + [True])


def tree():
    members = list(np.eye(6, dtype=bool))
    for left, right in PARTS:
        members.append(members[left] | members[right])
    return TokenTree(PARTS, np.array(members))


def game(seed):
    return np.random.default_rng(seed).normal(size=(2**6, 2))


def play(values, **limits):
    """The outcome, and how many texts were asked for in each round."""
    chosen = {"budget": 10_000, "batch_size": 5, "lookahead": 5, **limits}
    full = values[-1]
    turn = split(tree(), FIXED, full, **chosen)
    asked, rounds = turn.send(None), []
    while True:
        assert asked[:, FIXED].all()
        rounds.append(len(asked))
        try:
            asked = turn.send(values[asked @ (1 << np.arange(6))])
        except StopIteration as done:
            return done.value, rounds


def by_definition(values):
    """Owen values: marginal gains over all orders in which no group is interrupted."""

    def orders(node):
        if node < 6:
            return [[node]]
        left, right = (orders(part) for part in PARTS[node - 6])
        return [
            [*first, *second]
            for one in left
            for other in right
            for first, second in permutations([one, other])
        ]

    every = orders(10)
    gains = np.zeros((6, 2))
    for order in every:
        there = 1 << 5
        for token in order:
            gains[token] += values[there | 1 << token] - values[there]
            there |= 1 << token
    return gains / len(every)


@pytest.mark.parametrize("lookahead", [5, 1000])
def test_with_enough_budget_the_tokens_have_their_owen_values(lookahead):
    values = game(0)
    outcome, _ = play(values, lookahead=lookahead)
    np.testing.assert_allclose(outcome.credit[:6], by_definition(values), atol=1e-12)
    assert not outcome.credit[6:].any()
    np.testing.assert_array_equal(outcome.base_value, values[1 << 5])


@pytest.mark.parametrize("budget", [2, 4, 6, 9, 16, 24])
@pytest.mark.parametrize("batch_size", [2, 5, 8])
def test_to_look_ahead_changes_nothing_but_the_number_of_rounds(budget, batch_size):
    for seed in range(5):
        values = game(seed)
        step, steps = play(values, budget=budget, batch_size=batch_size, lookahead=2)
        leap, leaps = play(values, budget=budget, batch_size=batch_size, lookahead=1000)
        np.testing.assert_array_equal(step.credit, leap.credit)
        np.testing.assert_allclose(step.credit.sum(0), values[-1] - values[1 << 5], atol=1e-12)
        assert len(leaps) <= len(steps)
        assert sum(leaps) <= budget + 2  # one without any token, and shap's splits come in twos


def test_no_text_is_asked_for_twice():
    outcome, rounds = play(game(1), lookahead=1000)
    assert sum(rounds) + 1 == outcome.evaluations <= 2**5
