import re

import numpy as np
import pytest

from lit_plugins.explain import explain
from tests.explain.toys import toy, weights


def test_a_sum_of_weights_gives_each_word_its_weight_less_the_masks():
    text = "not a very good film"
    (explanation,) = explain(toy(), [text], "owen", target=1, output="logit")
    expected = weights(text.split(), 1) - weights(["[MASK]"], 1)
    np.testing.assert_allclose(explanation.scores, expected, atol=1e-5)
    assert explanation.note == ""


def test_phrases_have_the_sum_of_their_words():
    (explanation,) = explain(toy(bend=True), ["not a very good film"], "owen", target=1)
    assert explanation.groups is not None
    assert explanation.groups[0].text == "not a very good film"
    for group in explanation.groups:
        start, end = group.offsets
        assert explanation.text[start:end] == group.text
        inside = [start <= first and last <= end for first, last in explanation.offsets]
        assert sum(inside) > 1
        assert group.score == pytest.approx(explanation.scores[inside].sum())
    # A binary tree over five words has four groups.
    assert len(explanation.groups) == 4
    assert explanation.to_dict()["groups"][0]["text"] == "not a very good film"


def test_what_the_evaluations_do_not_last_for_is_said():
    (explanation,) = explain(toy(bend=True), ["good bad film plot " * 8], "owen", evaluations=40)
    assert "The evaluations did not last" in explanation.note
    assert re.search(r"That is \d+% of all worth", explanation.note)
    assert abs(explanation.delta) < 1e-6
