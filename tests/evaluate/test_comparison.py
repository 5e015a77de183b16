import numpy as np
import pytest

from lit_plugins import UserError, evaluate
from lit_plugins.evaluate.certainty import confidence, correctness, entropy
from lit_plugins.evaluate.comparison import align_classes, compare
from tests.evaluate.predictors import table_model

FIRST = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5], [1.0, 0.0]])
SECOND = np.array([[0.9, 0.1], [0.6, 0.4], [0.1, 0.9], [0.0, 1.0]])


def test_certainty_by_hand():
    np.testing.assert_allclose(confidence(FIRST), [0.9, 0.8, 0.5, 1])
    np.testing.assert_allclose(entropy(FIRST)[2:], [1, 0])
    np.testing.assert_allclose(entropy(np.full((1, 8), 1 / 8)), [3])
    np.testing.assert_array_equal(
        correctness(FIRST, np.array([0, 0, -1, 0])), [1.0, 0.0, np.nan, 1.0]
    )


def test_comparison_by_hand():
    found = compare(FIRST, SECOND, np.array([0, 1, -1, 1]), ("a", "b"))
    assert found.agree.tolist() == [True, False, False, False]
    assert found.target.tolist() == [0, 1, 0, 1]
    np.testing.assert_allclose(found.difference, [0, 0.4, 0.4, -1], atol=1e-12)
    assert found.right == ("both", "a", "", "b")
    assert found.divergence[0] == 0
    assert found.divergence[3] == 1
    assert 0 < found.divergence[1] < found.divergence[2] < 1
    assert compare(FIRST, FIRST, np.array([1, 0, 1, 1])).right == ("neither",) * 4


def test_divergence_is_the_same_both_ways_and_in_any_order_of_classes():
    rng = np.random.default_rng(0)
    one, two = rng.dirichlet(np.ones(3), (2, 20))
    none = np.full(20, -1)
    forth = compare(one, two, none).divergence
    np.testing.assert_allclose(compare(two, one, none).divergence, forth)
    order = [1, 2, 0]
    np.testing.assert_allclose(compare(one[:, order], two[:, order], none).divergence, forth)


def test_classes_are_put_in_order():
    found = align_classes(np.array([[1.0, 2.0, 3.0]]), ("C", "a", "b"), ("a", "b", "c"))
    assert found.tolist() == [[2.0, 3.0, 1.0]]
    with pytest.raises(UserError, match="a, b cannot be compared with a, b, c"):
        align_classes(np.zeros((0, 2)), ("a", "b"), ("a", "b", "c"))
    with pytest.raises(UserError, match="cannot be compared"):
        align_classes(np.zeros((0, 2)), ("a", "A"), ("a", "b"))


def models():
    first = table_model(("no", "yes"), {"a": (0.9, 0.1), "b": (0.2, 0.8), "c": (0.7, 0.3)})
    second = table_model(("YES", "NO"), {"a": (0.1, 0.9), "b": (0.4, 0.6), "c": (0.6, 0.4)})
    return {"one": first, "two": second}


def test_table_of_a_pair():
    table = evaluate.texts(["a", "b", "c"], ["no", "yes", None], kind=["x", "x", "y"])
    (row,) = evaluate.comparison(models(), table).to_dict("records")
    assert (row["first"], row["second"], row["n"], row["labelled"]) == ("one", "two", 3, 2)
    assert row["agreement"] == pytest.approx(1 / 3)
    assert row["difference"] == pytest.approx((0 + 0.4 + 0.3) / 3, abs=1e-6)
    assert [row[f"{who}_right"] for who in ("both", "first", "second", "neither")] == [
        0.5,
        0.5,
        0,
        0,
    ]
    sliced = evaluate.comparison(models(), table, by="kind")
    assert sliced["kind"].tolist() == ["x", "y"]
    assert sliced["n"].tolist() == [2, 1]
    assert np.isnan(sliced["both_right"][1])


def test_table_of_texts():
    table = evaluate.texts(["a", "b"], ["no", None])
    found = evaluate.by_text(models(), table)
    assert found["two predicted"].tolist() == ["no", "no"]
    assert found["one-two agree"].tolist() == [True, False]
    assert found["one-two right"].tolist() == ["both", ""]
    alone = evaluate.by_text(models()["one"], table)
    assert list(alone.columns)[2:] == [
        f"model {name}" for name in ("predicted", "confidence", "entropy", "correct")
    ]


def test_one_model_cannot_be_compared():
    with pytest.raises(UserError, match="needs 2 models and there are 1"):
        evaluate.comparison(models()["one"], evaluate.texts(["a"]))
