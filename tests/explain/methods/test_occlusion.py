import numpy as np
import pytest

from lit_plugins.explain import explain
from tests.explain.toys import toy, weights

TEXT = "not a very good film"
METHOD = "occlusion"


def test_a_sum_of_weights_gives_each_word_its_weight_less_the_masks():
    for target in range(3):
        (explanation,) = explain(toy(), [TEXT], METHOD, target, output="logit")
        expected = weights(TEXT.split(), target) - weights(["[MASK]"], target)
        np.testing.assert_allclose(explanation.scores, expected, atol=1e-5)
        assert abs(explanation.delta) < 1e-5
        assert explanation.evaluations == 7
        assert explanation.error is None
        assert explanation.tokens is None


def test_a_bent_sum_falls_by_what_it_loses_without_each_word_and_delta_is_the_rest():
    (explanation,) = explain(toy(bend=True), [TEXT], METHOD, 1, output="logit")
    steps = weights(TEXT.split(), 1) - weights(["[MASK]"], 1)
    total = np.arctanh(explanation.output)
    expected = np.tanh(total) - np.tanh(total - steps)
    np.testing.assert_allclose(explanation.scores, expected, atol=1e-5)
    assert explanation.base_value == pytest.approx(np.tanh(total - steps.sum()), abs=1e-5)
    rest = explanation.output - explanation.base_value - expected.sum()
    assert explanation.delta == pytest.approx(rest, abs=1e-5)
    assert abs(rest) > 1e-3


def test_all_tokens_of_a_word_are_masked_together(classifier):
    bert = classifier("bert", 3)
    text = "Crème brûlée, well-made"
    (encoded,) = bert.encode([text])
    (explanation,) = explain(bert, [text], METHOD, 2, output="logit")
    for index in range(len(encoded.words)):
        row = encoded.masked(np.arange(len(encoded.words)) != index, bert.mask_id)
        fall = explanation.output - bert.logits([row])[0, 2]
        assert explanation.scores[index] == pytest.approx(fall, abs=1e-4)


def test_a_text_of_no_words_and_of_one():
    empty, one = explain(toy(), ["", "good"], METHOD, 0)
    assert empty.scores.shape == (0,)
    assert empty.delta == pytest.approx(0, abs=1e-6)
    assert one.scores[0] == pytest.approx(one.output - one.base_value)
    assert one.delta == pytest.approx(0, abs=1e-6)
