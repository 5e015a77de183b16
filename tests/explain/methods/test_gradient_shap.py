import numpy as np
import pytest

from lit_plugins.explain import explain
from tests.explain.toys import toy, weights

TEXT = "not a very good film"
METHOD = "gradient_shap"


@pytest.mark.parametrize("baseline", ["mask", "pad", "zero"])
def test_a_sum_of_weights_has_the_same_gradient_everywhere_and_no_error(baseline):
    start = {"mask": ["[MASK]"], "pad": ["[PAD]"], "zero": []}[baseline]
    for target in range(3):
        (explanation,) = explain(toy(), [TEXT], METHOD, target, baseline=baseline, samples=5)
        expected = weights(TEXT.split(), target) - weights(start, target).sum()
        np.testing.assert_allclose(explanation.scores, expected, atol=1e-5)
        np.testing.assert_allclose(explanation.error, 0, atol=1e-5)
        assert abs(explanation.delta) < 1e-5
        assert explanation.evaluations == 7


def test_on_a_bent_sum_it_is_the_mean_of_the_bends_slope_at_the_points_that_were_drawn():
    (explanation,) = explain(toy(bend=True), [TEXT], METHOD, 1, samples=20, seed=4)
    shares = weights(TEXT.split(), 1) - weights(["[MASK]"], 1)
    start, end = np.arctanh([explanation.base_value, explanation.output])
    points = np.random.default_rng(4).random(20)
    slopes = 1 - np.tanh(start + points * (end - start)) ** 2
    np.testing.assert_allclose(explanation.scores, shares * slopes.mean(), rtol=1e-3)
    error = np.abs(shares) * slopes.std(ddof=1) / np.sqrt(20)
    np.testing.assert_allclose(explanation.error, error, rtol=1e-3)


def test_it_is_near_integrated_gradients_as_its_error_says(classifier):
    bert = classifier("bert", 3)
    text = "not good , well-made but forgettable"
    (truth,) = explain(bert, [text], "integrated_gradients", 1, tolerance=1e-4)
    for samples in (20, 80):
        found = [explain(bert, [text], METHOD, 1, samples=samples, seed=at)[0] for at in range(25)]
        distances = np.abs([each.scores - truth.scores for each in found])
        errors = np.array([each.error for each in found])
        assert 0.85 < np.mean(distances <= 1.96 * errors) <= 1
        assert np.sqrt((distances**2).mean() / (errors**2).mean()) == pytest.approx(1, abs=0.3)
        assert found[0].base_value == truth.base_value


def test_a_text_may_be_where_it_starts():
    (explanation,) = explain(toy(), [TEXT], METHOD, 1, baseline_text="bad plot", samples=4)
    start = weights(["bad", "plot", "[MASK]", "[MASK]", "[MASK]"], 1)
    np.testing.assert_allclose(explanation.scores, weights(TEXT.split(), 1) - start, atol=1e-5)
