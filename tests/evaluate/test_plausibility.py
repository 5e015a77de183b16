import numpy as np
import pytest

from lit_plugins import UserError, evaluate
from lit_plugins.evaluate.plausibility import plausibility_metrics
from lit_plugins.evaluate.rationales import read_rationale
from tests.evaluate.predictors import linear
from tests.explain.toys import toy


def test_numbers_of_white_space_words_go_to_our_words():
    text = "It wasn't bad, really!"
    for cell in ("0 1 1 0", "[0, 1, 1, 0]", "0,1,1,0", "(0.0; 1.0; 1.0; 0.0)"):
        # It, wasn't, bad, the comma, really, the exclamation mark
        assert read_rationale(cell, text).tolist() == [0, 1, 1, 0, 0, 0]


def test_numbers_of_our_words_stay_as_they_are():
    assert read_rationale("0 1 1 1 0 0.5", "It wasn't bad, really!").tolist() == [
        0,
        1,
        1,
        1,
        0,
        0.5,
    ]


def test_a_mark_that_stands_alone_keeps_its_number():
    assert read_rationale("0 1", "good !").tolist() == [0, 1]
    assert read_rationale(1, "good!").tolist() == [1, 0]


def test_words_that_a_model_joins_take_the_larger_number():
    assert read_rationale("-1 2", "so good", [(0, 7)]).tolist() == [2]


def test_what_does_not_fit_is_told():
    with pytest.raises(ValueError, match="2 numbers for 1 white-space words, or 3 words"):
        read_rationale("0 1", "good!!?")
    for cell in ("yes no", "nan 1", "inf 0"):
        with pytest.raises(ValueError, match="number|float"):
            read_rationale(cell, "a b")


def test_metrics_by_hand():
    marked = np.array([0, 1, 1, 0])
    assert plausibility_metrics(np.array([0, 2, 1, -1]), marked) == {"auprc": 1, "token_f1": 1}
    # Ranked: a word that is not marked, one that is, one that is not, one that is.
    found = plausibility_metrics(np.array([4, 3, 1, 2]), marked)
    assert found["token_f1"] == 0.5
    assert found["auprc"] == pytest.approx((1 / 2 + 2 / 4) / 2)
    # Scores that are all the same say nothing: the share of marked words is left.
    assert plausibility_metrics(np.zeros(4), marked)["auprc"] == 0.5


def test_only_scores_above_0_mark():
    found = plausibility_metrics(np.array([3, 1, 2]), np.array([-2.0, 0.5, 2.0]))
    assert found["token_f1"] == 0.5


@pytest.mark.parametrize("marked", [[], [0, 0], [1, 1]])
def test_nothing_to_tell_apart(marked):
    found = plausibility_metrics(np.arange(float(len(marked))), np.array(marked))
    assert np.isnan(list(found.values())).all()


WEIGHTS = {"a": 0.2, "b": 0.1, "c": -0.05}


def test_table_leaves_out_what_does_not_fit():
    table = evaluate.texts(
        ["a b c", "c b", "a b", "b a c", "a"],
        ["yes", "yes", "no", None, "yes"],
        rationale=["1 0 0", "0 1", "0 1 0", "", "1"],
        kind=["x", "x", "x", "y", "y"],
    )
    found = evaluate.plausibility(linear(WEIGHTS), table, ["shapley", "attention_rollout"])
    shapley, rollout = found.to_dict("records")
    assert (shapley["n"], shapley["of"], shapley["left_out"]) == (2, 3, 1)
    assert shapley["auprc"] == shapley["token_f1"] == 1
    assert rollout["n"] == 0
    assert np.isnan(rollout["auprc"])
    sliced = evaluate.plausibility(linear(WEIGHTS), table, ["shapley"], by="kind")
    assert sliced["of"].tolist() == [2, 1]
    assert sliced["n"].tolist() == [2, 0]


def test_the_gold_class_is_explained():
    table = evaluate.texts(["c a b"], ["no"], rationale=["1 0 0"])
    (row,) = evaluate.plausibility(linear(WEIGHTS), table, ["shapley"]).to_dict("records")
    assert row["token_f1"] == 1


def test_words_that_the_model_does_not_see_do_not_count():
    table = evaluate.texts(["the good film and bad"], rationale=["0 1 0 0 1"])
    (row,) = evaluate.plausibility(toy(max_length=5), table, ["shapley"]).to_dict("records")
    assert row["n"] == 1
    assert row["token_f1"] in (0, 1)


def test_a_table_without_rationales_is_refused():
    with pytest.raises(UserError, match="no column 'rationale'"):
        evaluate.plausibility(linear(WEIGHTS), evaluate.texts(["a"]))
    with pytest.raises(UserError, match="No rationale of the column 'marks' fits"):
        evaluate.plausibility(
            linear(WEIGHTS), evaluate.texts(["a b"], marks=["1 2 3"]), column="marks"
        )
