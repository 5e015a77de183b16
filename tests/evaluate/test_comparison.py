import numpy as np
import pytest

from lit_plugins import UserError, evaluate
from lit_plugins.evaluate.certainty import correctness, entropy
from lit_plugins.evaluate.comparison import align_classes, compare
from lit_plugins.models.task import ExclusiveClasses
from tests.evaluate.predictors import table_model

CLASSES = ExclusiveClasses(("no", "yes"))
FIRST = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5], [1.0, 0.0]])
SECOND = np.array([[0.9, 0.1], [0.6, 0.4], [0.1, 0.9], [0.0, 1.0]])


def test_certainty_by_hand():
    np.testing.assert_allclose(entropy(FIRST)[2:], [1, 0])
    np.testing.assert_allclose(entropy(np.full((1, 8), 1 / 8)), [3])
    np.testing.assert_array_equal(
        correctness(np.array([0, 1, 0, 0]), np.array([0, 0, -1, 0])), [1.0, 0.0, np.nan, 1.0]
    )


def test_comparison_by_hand():
    found = compare(CLASSES, FIRST, SECOND, np.array([0, 1, -1, 1]), ("a", "b"))
    assert found.agree.tolist() == [True, False, False, False]
    assert found.target.tolist() == [0, 1, 0, 1]
    np.testing.assert_allclose(found.difference, [0, 0.4, 0.4, -1], atol=1e-12)
    assert found.right == ("both", "a", "", "b")
    assert found.divergence[0] == 0
    assert found.divergence[3] == 1
    assert 0 < found.divergence[1] < found.divergence[2] < 1
    assert compare(CLASSES, FIRST, FIRST, np.array([1, 0, 1, 1])).right == ("neither",) * 4


def test_divergence_is_the_same_both_ways_and_in_any_order_of_classes():
    rng = np.random.default_rng(0)
    one, two = rng.dirichlet(np.ones(3), (2, 20))
    none = np.full(20, -1)
    forth = compare(CLASSES, one, two, none).divergence
    np.testing.assert_allclose(compare(CLASSES, two, one, none).divergence, forth)
    order = [1, 2, 0]
    np.testing.assert_allclose(
        compare(CLASSES, one[:, order], two[:, order], none).divergence, forth
    )


def test_classes_are_put_in_order():
    found = align_classes(np.array([[1.0, 2.0, 3.0]]), ("C", "a", "b"), ("a", "b", "c"))
    assert found.tolist() == [[2.0, 3.0, 1.0]]
    with pytest.raises(UserError, match="a, b cannot be compared with a, b, c"):
        align_classes(np.zeros((0, 2)), ("a", "b"), ("a", "b", "c"))
    with pytest.raises(UserError, match="cannot be compared"):
        align_classes(np.zeros((0, 2)), ("a", "A"), ("a", "b"))
    assert align_classes(np.array([[1.0, 2.0]]), ("a", "A"), ("A", "a")).tolist() == [[2.0, 1.0]]


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


def in_both_orders(classifiers, make):
    """A table's rows by their names, with the models in their order and the other way round."""
    backwards = dict(reversed(classifiers.items()))
    return [make(some).to_dict("records") for some in (classifiers, backwards)]


def numbered_and_named():
    said = {"a": (0.9, 0.1), "b": (0.2, 0.8), "c": (0.7, 0.3)}
    return {
        "numbered": table_model(("LABEL_0", "LABEL_1"), said),
        "named": table_model(("no", "yes"), {**said, "b": (0.6, 0.4)}),
    }


def test_a_model_without_names_is_compared_in_either_order():
    table = evaluate.texts(["a", "b", "c"], ["no", "yes", None])
    ((one,), (other,)) = in_both_orders(
        numbered_and_named(), lambda some: evaluate.comparison(some, table)
    )
    assert (one["first"], other["first"]) == ("numbered", "named")
    for name in ("n", "labelled", "agreement", "distance", "divergence", "both_right"):
        assert one[name] == other[name]
    assert (one["labelled"], one["agreement"]) == (2, pytest.approx(2 / 3))
    assert one["first_right"] == other["second_right"] == 0.5
    assert one["difference"] == -other["difference"]
    rows, others = in_both_orders(numbered_and_named(), lambda some: evaluate.by_text(some, table))
    assert [row["numbered predicted"] for row in rows] == ["no", "yes", "no"]
    for name in ("numbered predicted", "numbered correct", "named predicted", "named correct"):
        np.testing.assert_equal([row[name] for row in rows], [row[name] for row in others])


def test_models_with_other_names_are_refused_in_either_order():
    models = {
        "one": table_model(("no", "yes"), {}),
        "two": table_model(("ham", "spam"), {}),
    }
    for some in (models, dict(reversed(models.items()))):
        for table in (evaluate.comparison, evaluate.by_text):
            with pytest.raises(UserError, match=r"'one'.*no, yes.*labels= in Python") as refused:
                table(some, evaluate.texts(["a"]))
            assert "'two'" in str(refused.value)
            assert "ham, spam" in str(refused.value)


def test_labels_by_number_are_refused_where_models_order_their_classes_differently():
    for labels in ([0], ["1"]):
        with pytest.raises(UserError, match="is a number, and the models' classes differ"):
            evaluate.by_text(models(), evaluate.texts(["a"], labels))
    for label in (1.0, "LABEL_1"):
        with pytest.raises(UserError, match="so its class is ambiguous"):
            evaluate.by_text(models(), evaluate.texts(["a"], [label]))
    numbers = evaluate.texts(["a", "b"], [0, 1])
    assert evaluate.by_text(models()["one"], numbers)["model correct"][0] == 1


def test_a_number_inside_the_names_is_no_matter_of_order():
    said = {"a": (0.9, 0.1)}
    models = {
        "one": table_model(("1 star", "2 stars"), said),
        "two": table_model(("2 stars", "1 star"), said),
    }
    (row,) = evaluate.by_text(models, evaluate.texts(["a"], [1])).to_dict("records")
    assert (row["one correct"], row["two correct"]) == (1, 0)
