import itertools

import numpy as np
import pytest

from benchmarks.truth import game, kernel_shap, relative_error, shapley_values, truth
from benchmarks.workloads import Case
from tests.explain.toys import toy, weights


def case(classifier, text, target=1):
    (encoded,) = classifier.encode([text])
    return Case(text, encoded, target)


def test_shapley_values_are_means_over_all_orders():
    values = np.random.default_rng(0).normal(size=16)
    expected = np.zeros(4)
    orders = list(itertools.permutations(range(4)))
    for order in orders:
        there = 0
        for player in order:
            expected[player] += (values[there | 1 << player] - values[there]) / len(orders)
            there |= 1 << player
    np.testing.assert_allclose(shapley_values(values), expected, atol=1e-12)


def test_a_game_has_the_probability_of_each_set_of_words():
    classifier = toy()
    one = case(classifier, "good film")
    values = game(classifier, one)
    texts = ["[MASK] [MASK]", "good [MASK]", "[MASK] film", "good film"]
    np.testing.assert_allclose(values, classifier.predict(texts).probabilities[:, 1], atol=1e-7)


def test_truth_of_two_classes_follows_the_weights():
    classifier = toy(classes=2)
    words = ["good", "bad", "film"]
    found = truth(classifier, case(classifier, " ".join(words)), evaluations=32)
    margin = weights(words, 1, 2) - weights(words, 0, 2)
    mask = weights(["[MASK]"], 1, 2) - weights(["[MASK]"], 0, 2)
    assert np.array_equal(np.sign(found.scores), np.sign(margin - mask))
    assert not found.error.any()


def test_truth_of_a_long_text_is_kernel_shap_with_its_error():
    classifier = toy()
    one = case(classifier, "good bad film the a of and not very plot cast a a")
    found = truth(classifier, one, 800)
    exact = shapley_values(game(classifier, one))
    assert found.scores.sum() == pytest.approx(exact.sum())
    assert (found.error > 0).all()
    assert relative_error(found.scores, exact) <= 2 * found.relative_error


def test_kernel_shap_is_as_far_off_as_its_error_says():
    values = np.random.default_rng(0).normal(size=2**8)
    exact = shapley_values(values)
    off = [
        (scores - exact) / error
        for scores, error in (
            kernel_shap(lambda members: values[members @ (1 << np.arange(8))], 8, 800, seed)
            for seed in range(20)
        )
    ]
    # Student's t with 7 degrees of freedom has this standard deviation.
    assert np.std(off) == pytest.approx(np.sqrt(7 / 5), rel=0.2)


def test_relative_error():
    assert relative_error(np.array([3.0, 5.0]), np.array([3.0, 4.0])) == pytest.approx(0.2)
