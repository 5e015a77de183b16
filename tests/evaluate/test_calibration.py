import numpy as np
import pytest

from lit_plugins import UserError, evaluate
from lit_plugins.evaluate.calibration import calibration_metrics, reliability
from lit_plugins.models.task import ExclusiveClasses
from tests.evaluate.predictors import table_model

CLASSES = ExclusiveClasses(("no", "yes"))
PROBABILITIES = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.3, 0.7]])
GOLD = np.array([0, 1, 1, 1])


def test_values_by_hand():
    found = calibration_metrics(CLASSES, PROBABILITIES, GOLD)
    assert found["brier"] == pytest.approx(2 * (0.01 + 0.64 + 0.16 + 0.09) / 4)
    assert found["nll"] == pytest.approx(-np.log([0.9, 0.2, 0.6, 0.7]).mean())
    # 0.9, 0.8, 0.6 and 0.7 are each in a bin of their own, three of them right.
    assert found["ece"] == pytest.approx((0.1 + 0.8 + 0.4 + 0.3) / 4)


def test_one_bin_takes_means():
    found = calibration_metrics(CLASSES, np.array([[0.95, 0.05], [0.97, 0.03]]), np.array([0, 1]))
    assert found["ece"] == pytest.approx(0.96 - 0.5)


def test_a_bin_holds_its_upper_end():
    found = reliability(np.array([0.8, 0.79, 0.81]), np.array([True, True, False]))
    assert found["n"].tolist() == [0] * 11 + [2, 1, 0, 0]
    assert found["accuracy"][11:13].tolist() == [1, 0]


def test_perfect_and_worst():
    sure = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    assert calibration_metrics(CLASSES, sure, np.array([0, 2])) == {"brier": 0, "ece": 0, "nll": 0}
    worst = calibration_metrics(CLASSES, sure, np.array([1, 1]))
    assert worst["brier"] == 2
    assert worst["ece"] == 1
    assert np.isfinite(worst["nll"])


def test_no_texts_give_no_numbers():
    for found in (
        calibration_metrics(CLASSES, np.zeros((0, 3)), np.zeros(0, int)),
        calibration_metrics(CLASSES, np.array([]), np.array([])),
    ):
        assert np.isnan(list(found.values())).all()


def test_the_order_of_classes_and_texts_does_not_matter():
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(3), 50)
    gold = rng.integers(0, 3, 50)
    order, texts = [2, 0, 1], rng.permutation(50)
    moved = np.argsort(order)[gold]
    there = calibration_metrics(CLASSES, probabilities[:, order][texts], moved[texts])
    assert there == pytest.approx(calibration_metrics(CLASSES, probabilities, gold))


SAID = {"a": (0.9, 0.1), "b": (0.8, 0.2), "c": (0.4, 0.6), "d": (0.3, 0.7)}


def test_table_leaves_out_what_has_no_label():
    model = table_model(("no", "yes"), SAID)
    table = evaluate.texts(
        ["a", "b", "c", "d", "a"],
        ["NO", "yes", "yes", None, "maybe"],
        kind=["x", "x", "y", "y", "z"],
    )
    whole = evaluate.calibration(model, table)
    assert whole[["model", "n", "left_out"]].values.tolist() == [["model", 3, 2]]
    wanted = calibration_metrics(CLASSES, PROBABILITIES[:3], GOLD[:3])
    for name, value in wanted.items():
        assert whole[name][0] == pytest.approx(value, abs=1e-6)
    assert whole["accuracy"][0] == pytest.approx(2 / 3)
    assert whole["confidence"][0] == pytest.approx(2.3 / 3)
    sliced = evaluate.calibration({"one": model, "two": model}, table, by="kind")
    assert sliced["model"].tolist() == ["one"] * 3 + ["two"] * 3
    assert sliced["kind"].tolist() == ["x", "y", "z"] * 2
    assert sliced["n"].tolist() == [2, 1, 0] * 2
    assert np.isnan(sliced["brier"][2])


def test_a_model_without_names_is_judged_in_either_order_of_models():
    models = {
        "numbered": table_model(("LABEL_0", "LABEL_1"), SAID),
        "named": table_model(("No", "Yes"), SAID),
    }
    table = evaluate.texts(["a", "b", "c"], ["no", "yes", "yes"])
    one, other = (
        evaluate.calibration(some, table).set_index("model").sort_index()
        for some in (models, dict(reversed(models.items())))
    )
    assert one["accuracy"].tolist() == [pytest.approx(2 / 3)] * 2
    assert one.equals(other)


def test_models_of_other_classes_are_judged_by_name_alone():
    models = {
        "two": table_model(("no", "yes"), SAID),
        "three": table_model(("no", "maybe", "yes"), {"a": (0.1, 0.1, 0.8)}),
    }
    found = evaluate.calibration(models, evaluate.texts(["a"], ["yes"]))
    assert found["accuracy"].tolist() == [0, 1]
    with pytest.raises(UserError, match="label '1' of 'texts' is a number.*differ in names or"):
        evaluate.calibration(models, evaluate.texts(["a"], [1]))


def test_a_table_without_the_models_labels_is_refused():
    model = table_model(("no", "yes"), SAID)
    with pytest.raises(UserError, match="such as 'bad'.*no, yes"):
        evaluate.calibration(model, evaluate.texts(["a"], ["bad"]))
    with pytest.raises(UserError, match="no labels"):
        evaluate.calibration(model, evaluate.texts(["a"]))
