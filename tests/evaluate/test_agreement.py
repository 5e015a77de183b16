import numpy as np
import pytest

from lit_plugins import UserError, evaluate
from lit_plugins.evaluate.agreement import rank_correlation, top_overlap
from tests.evaluate.predictors import linear
from tests.explain.toys import toy


def test_rank_correlation_by_hand():
    one = np.array([1.0, 2.0, 3.0])
    assert rank_correlation(one, 10 * one) == pytest.approx(1)
    assert rank_correlation(one, -one) == pytest.approx(-1)
    assert rank_correlation(one, np.array([2.0, 1.0, 3.0])) == pytest.approx(1 / 3)
    # One pair of three is tied: 2 in order of sqrt(3 * 2).
    assert rank_correlation(one, np.array([1.0, 2.0, 2.0])) == pytest.approx(2 / 6**0.5)


@pytest.mark.parametrize("scores", [[], [1.0], [0.5, 0.5, 0.5]])
def test_nothing_to_rank(scores):
    assert np.isnan(rank_correlation(np.array(scores), np.array(scores)))


def test_top_overlap_by_hand():
    one, other = np.array([5.0, -4.0, 3.0, 1.0, 0.0]), np.array([-5.0, 0.0, 1.0, 4.0, 3.0])
    assert top_overlap(one, one) == 1
    assert top_overlap(one, other) == pytest.approx(1 / 3)
    assert top_overlap(one, other, 1) == 1
    assert np.isnan(top_overlap(one, other, 5))


def test_methods_agree_on_a_linear_model():
    weights = {"a": 0.2, "b": 0.1, "c": -0.05, "d": 0.02, "e": -0.01}
    table = evaluate.texts(["a b c d e", "a", "b a", "d e c b"], kind=["x", "x", "y", "y"])
    found = evaluate.agreement(linear(weights), table, ["shapley", "occlusion", "owen"])
    assert found[["first", "second"]].values.tolist() == [
        ["shapley", "occlusion"],
        ["shapley", "owen"],
        ["occlusion", "owen"],
    ]
    assert found["rank_correlation"].to_numpy() == pytest.approx(np.ones(3))
    assert found["top_overlap"].tolist() == [1, 1, 1]
    assert found["n"].tolist() == found["of"].tolist() == [4] * 3
    assert found["ranked"].tolist() == [3] * 3
    assert found["overlapped"].tolist() == [2] * 3
    sliced = evaluate.agreement(linear(weights), table, ["shapley", "occlusion"], by="kind")
    assert sliced["n"].tolist() == [2, 2]


def test_scores_without_a_sign_are_compared_by_size():
    told = []
    found = evaluate.agreement(
        {"toy": toy()},
        evaluate.texts(["a very good film", "the bad plot and the cast"]),
        ["input_x_gradient", "attention_rollout"],
        progress=lambda *count: told.append(count),
    )
    assert -1 <= found["rank_correlation"][0] <= 1
    assert told[-1] == (4, 4)


def test_all_methods_that_suit_are_compared_by_default():
    found = evaluate.agreement(linear({"a": 0.1}), evaluate.texts(["a b"]))
    assert {*found["first"], *found["second"]} == {"shapley", "owen", "occlusion", "lime"}


def test_one_method_is_refused():
    with pytest.raises(UserError, match="needs two methods"):
        evaluate.agreement(linear({}), evaluate.texts(["a"]), ["shapley"])
    with pytest.raises(UserError, match="top is 0"):
        evaluate.agreement(linear({}), evaluate.texts(["a"]), top=0)
