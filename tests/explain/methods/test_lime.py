from itertools import product
from math import comb

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from lit_plugins.explain import explain
from lit_plugins.explain.methods.lime import draw_neighbours
from tests.explain.toys import toy, weights

TEXT = "not a very good film"
TWELVE = "not a very good film and the plot of the bad cast"
METHOD = "lime"


def steps(text, target=1):
    return weights(text.split(), target) - weights(["[MASK]"], target)


def test_few_words_have_the_ridge_regression_on_all_masked_versions():
    # The model's values are known: a bent sum of the words that are kept.
    (explanation,) = explain(
        toy(bend=True), [TEXT], METHOD, 1, output="logit", evaluations=102, kernel_width=40
    )
    keep = np.array(list(product([0, 1], repeat=5)))
    total = np.arctanh(explanation.output)
    values = np.tanh(total - (1 - keep) @ steps(TEXT))
    kept = keep.sum(1)
    # Sizes 1 to 5 of what is masked are drawn alike, 100 times in all; the text itself is added.
    drawn = [100 / 5 / comb(5, 5 - size) if size < 5 else 1 for size in kept]
    cosine = 1 - np.sqrt(kept / 5)
    near = np.sqrt(np.exp(-((100 * cosine) ** 2) / 40**2))
    theirs = Ridge(alpha=1).fit(keep, values, sample_weight=drawn * near)
    np.testing.assert_allclose(explanation.scores, theirs.coef_, atol=1e-5)
    assert explanation.error is not None
    assert not explanation.error.any()
    assert explanation.evaluations == 2**5
    assert explanation.base_value == pytest.approx(values[0], abs=1e-5)


def test_more_words_have_the_ridge_regression_on_those_that_were_drawn():
    (explanation,) = explain(
        toy(bend=True), [TWELVE], METHOD, 1, output="logit", evaluations=300, seed=7
    )
    neighbours = draw_neighbours(12, 298, np.random.default_rng(7))
    keep = np.vstack([neighbours.keep, np.ones(12)])
    values = np.tanh(np.arctanh(explanation.output) - (1 - keep) @ steps(TWELVE))
    near = np.exp(-0.5 * (100 * (1 - np.sqrt(keep.sum(1) / 12)) / 25) ** 2)
    theirs = Ridge(alpha=1).fit(keep, values, sample_weight=near * np.append(neighbours.counts, 1))
    np.testing.assert_allclose(explanation.scores, theirs.coef_, atol=1e-5)
    assert explanation.evaluations == 1 + len(neighbours.keep) <= 300


def test_a_sum_of_weights_has_its_weights_but_for_the_penalty():
    classifier = toy()
    scores = [
        explain(classifier, [TWELVE], METHOD, 1, output="logit", evaluations=budget)[0].scores
        for budget in (100, 10000)
    ]
    misses = [np.abs(each - steps(TWELVE)).max() for each in scores]
    assert misses[1] < 0.02 < misses[0]


@pytest.mark.parametrize(("words", "count"), [(0, 30), (1, 30), (4, 30), (5, 31), (5, 30)])
def test_all_masked_versions_are_taken_where_they_fit(words, count):
    neighbours = draw_neighbours(words, count, np.random.default_rng(0))
    assert neighbours.all == (2**words - 1 <= count)
    assert not neighbours.keep[0].any()
    assert len(np.unique(neighbours.keep, axis=0)) == len(neighbours.keep)
    assert neighbours.counts.sum() == pytest.approx(count if words else 0)
    if words:
        assert not neighbours.keep.all(1).any()


def test_as_many_words_are_masked_as_one_would_draw():
    neighbours = draw_neighbours(20, 20000, np.random.default_rng(0))
    masked = 20 - neighbours.keep.sum(1)
    by_size = np.bincount(masked, neighbours.counts, minlength=21)
    assert by_size[0] == 0
    np.testing.assert_allclose(by_size[1:], 1000, rtol=0.15)
    kept = neighbours.counts @ neighbours.keep
    np.testing.assert_allclose(kept, 20000 * 9.5 / 20, rtol=0.03)


def test_the_standard_error_is_how_far_other_draws_are():
    classifier = toy(bend=True)
    found = [
        explain(classifier, [TWELVE], METHOD, 1, evaluations=200, seed=seed)[0]
        for seed in range(40)
    ]
    spread = np.std([each.scores for each in found], axis=0, ddof=1)
    said = np.mean([each.error for each in found], axis=0)
    np.testing.assert_allclose(said, spread, rtol=0.5)
    assert np.mean(said) == pytest.approx(np.mean(spread), rel=0.2)


def test_a_kernel_too_narrow_for_a_short_text_says_nothing_rather_than_fail():
    (explanation,) = explain(toy(), ["good film"], METHOD, kernel_width=1)
    np.testing.assert_allclose(explanation.scores, 0, atol=1e-6)
    assert explanation.delta == pytest.approx(explanation.output - explanation.base_value)


def test_a_text_of_no_words_and_of_one():
    empty, one = explain(toy(), ["", "good"], METHOD, 0)
    assert empty.scores.shape == (0,)
    assert empty.error is not None
    assert empty.error.shape == (0,)
    assert empty.evaluations == 2
    assert one.evaluations == 2
    assert np.sign(one.scores[0]) == np.sign(one.output - one.base_value)
