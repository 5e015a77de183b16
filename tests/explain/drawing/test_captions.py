import numpy as np
import pytest

from lit_plugins.explain.drawing.captions import (
    caption,
    headline,
    largest,
    segments,
    written_pairs,
    written_scores,
)
from tests.explain.examples import an_explanation, of_text, with_pairs


def test_the_caption_says_everything_beside_the_scores():
    assert caption(an_explanation()) == (
        "positive: probability 0.3, base value 0.3, delta 0, 16 evaluations (shapley)."
    )
    explanation = an_explanation(
        unit="logit",
        output=-12.3456,
        delta=1e-17,
        evaluations=2048,
        base_value=1234567.0,
        truncated=True,
        note="Read it with care.",
    )
    assert caption(explanation) == (
        "positive: logit -12.35, base value 1.235e+06, delta 0, 2,048 evaluations (shapley). "
        "The model does not see the end of the text. Read it with care."
    )
    assert caption(explanation).startswith(headline(explanation))


def test_the_caption_says_what_stands_for_a_missing_word():
    explanation = an_explanation(missing="mask_per_word")
    assert caption(explanation) == (
        "positive: probability 0.3, base value 0.3, delta 0, 16 evaluations (shapley). "
        "Missing words: mask per word."
    )
    axes = explanation.plot()
    assert axes.get_xlabel() == "shapley score (probability; missing words: mask per word)"
    assert "Missing words: mask per word." in explanation._repr_html_()
    assert explanation.to_dict()["missing"] == "mask_per_word"


def test_what_a_method_does_not_know_is_left_out():
    nan = float("nan")
    assert caption(an_explanation(base_value=nan, delta=nan, method="attention_rollout")) == (
        "positive: probability 0.3, 16 evaluations (attention_rollout)."
    )


@pytest.mark.parametrize(
    ("scores", "written"),
    [
        ([-0.5, 0.0, 0.25], ["-0.500", "+0.000", "+0.250"]),
        ([-0.0, 0.0, 0.0], ["+0.000", "+0.000", "+0.000"]),
        ([12.34, -1.0, 0.004], ["+12.3", "-1.0", "+0.0"]),
        ([1234.5, 1.0, 0.0], ["+1234", "+1", "+0"]),
        ([0.00123, 0.1e-3, 0.0], ["+0.00123", "+0.00010", "+0.00000"]),
        ([1e-7, 0.0, -2e-8], ["+1.00e-07", "+0.00e+00", "-2.00e-08"]),
        ([float("nan"), 0.5, float("inf")], ["+nan", "+0.500", "+inf"]),
    ],
)
def test_scores_have_a_sign_and_three_digits_of_the_largest(scores, written):
    assert written_scores(of_text("one two three", scores)) == written


def test_standard_errors_stand_beside_scores_that_are_not_exact():
    explanation = of_text("good film", [0.5, 0.1], error=np.array([0.01, 0.0]))
    assert written_scores(explanation) == ["+0.500 ± 0.010", "+0.100 ± 0.000"]
    assert written_scores(an_explanation(error=np.zeros(4)))[0] == "-0.500"
    assert written_scores(an_explanation(error=None))[0] == "-0.500"


def test_the_largest_words():
    explanation = an_explanation()
    assert largest(explanation, 2) == [0, 2]
    assert largest(explanation, None) == [0, 2, 3, 1]
    assert largest(of_text("", []), 5) == []


def test_segments_give_the_text_back():
    text = " a  good\tfilm!\n"
    offsets = [(1, 2), (4, 8), (9, 13), (13, 14)]
    parts = list(segments(text, offsets))
    assert "".join(part for part, _ in parts) == text
    assert parts == [
        (" ", ()),
        ("a", (0,)),
        ("  ", ()),
        ("good", (1,)),
        ("\t", ()),
        ("film", (2,)),
        ("!", (3,)),
        ("\n", ()),
    ]
    assert list(segments("", [])) == []
    assert list(segments(" ", [])) == [(" ", ())]


def test_pieces_that_share_characters_are_one_segment():
    assert list(segments("ab😀c", [(0, 2), (2, 3), (2, 3), (2, 3), (3, 4)])) == [
        ("ab", (0,)),
        ("😀", (1, 2, 3)),
        ("c", (4,)),
    ]


def test_the_strongest_pairs_of_words_are_written():
    assert written_pairs(with_pairs(), 2) == [("not × good", "-0.500"), ("not × film", "+0.125")]
    assert written_pairs(with_pairs(error=0.02), 1) == [("not × good", "-0.500 ± 0.020")]
    assert written_pairs(an_explanation(), 2) == []
