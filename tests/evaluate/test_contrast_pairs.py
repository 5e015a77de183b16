import numpy as np
import pytest

from lit_plugins import EMBEDDED_MODELS, TextClassifier, UserError, evaluate
from lit_plugins.data import load_table
from lit_plugins.evaluate.contrast_pairs import judge_pairs
from tests.evaluate.predictors import table_model

SAID = {"a": (0.9, 0.1), "b": (0.2, 0.8), "c": (0.7, 0.3), "d": (0.6, 0.4), "e": (0.1, 0.9)}


def test_pairs_by_hand():
    found = judge_pairs(
        ["p", "q", "p", "", "q", "r", "s", "s"],
        np.array([0, 1, 1, 0, 1, 0, 1, 1]),
        np.array([0, 0, 1, 0, 1, 0, -1, 1]),
    )
    assert found.places.tolist() == [[0, 2], [1, 4]]
    assert found.both_right.tolist() == [True, False]
    assert found.changed.tolist() == [True, False]
    assert found.left_out == ("r", "s")
    assert judge_pairs([], np.array([], int), np.array([], int)).places.shape == (0, 2)


def test_table_by_slice():
    table = evaluate.texts(
        ["a", "b", "c", "d", "e"],
        ["no", "yes", "no", "yes", "maybe"],
        pair=["1", "1", "2", "2", "3"],
        kind=["x", "x", "x", "y", "y"],
    )
    model = table_model(("no", "yes"), SAID)
    (row,) = evaluate.contrast(model, table).to_dict("records")
    assert row == {"model": "model", "n": 2, "left_out": 1, "both_right": 0.5, "changed": 0.5}
    sliced = evaluate.contrast({"m": model}, table, by="kind")
    assert sliced["n"].tolist() == [2, 1]
    assert sliced["left_out"].tolist() == [0, 1]
    assert sliced["both_right"].tolist() == [0.5, 0]


def test_a_model_without_names_is_judged_in_either_order_of_models():
    models = {
        "numbered": table_model(("LABEL_0", "LABEL_1"), SAID),
        "named": table_model(("no", "yes"), SAID),
    }
    table = evaluate.texts(["a", "b"], ["no", "yes"], pair=["1", "1"])
    for some in (models, dict(reversed(models.items()))):
        found = evaluate.contrast(some, table)
        assert found["model"].tolist() == list(some)
        assert found["n"].tolist() == [1, 1]


def test_a_table_without_pairs_is_refused():
    with pytest.raises(UserError, match="no column 'pair'"):
        evaluate.contrast(table_model(("no", "yes"), SAID), evaluate.texts(["a"], ["no"]))


def test_the_larger_embedded_model_keeps_more_pairs_apart():
    table = load_table("reviews")
    classifiers = {name: TextClassifier.from_pretrained(name) for name in EMBEDDED_MODELS}
    found = evaluate.contrast(classifiers, table).set_index("model")
    assert (found["n"] > 100).all()
    assert (found["left_out"] == 0).all()
    assert found["both_right"]["sentiment-small"] > found["both_right"]["sentiment-bow"]
