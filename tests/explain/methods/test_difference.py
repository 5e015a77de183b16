import numpy as np

from lit_plugins.explain import explain

TEXT = "not good , well-made but forgettable"


def test_scores_and_pairs_are_one_models_minus_the_others(classifier):
    first, second = classifier("bert", 3), classifier("distilbert", 3)
    (apart,) = explain(first, [TEXT], "difference", 2, other=second, interactions=True)
    one, two = (
        explain(model, [TEXT], "shapley", 2, interactions=True)[0] for model in (first, second)
    )
    np.testing.assert_allclose(apart.scores, one.scores - two.scores, atol=1e-6)
    assert apart.interactions is not None
    assert one.interactions is not None
    assert two.interactions is not None
    expected = one.interactions.values - two.interactions.values
    np.testing.assert_allclose(apart.interactions.values, expected, atol=1e-6)
    assert not apart.interactions.error.any()
