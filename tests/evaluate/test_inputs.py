from inspect import isfunction, signature

import numpy as np
import pandas as pd
import pytest
from datasets import Dataset

from lit_plugins import UserError, evaluate
from lit_plugins.evaluate.inputs import slices, table_of
from lit_plugins.evaluate.sampling import sample
from tests.evaluate.predictors import table_model


def test_texts_become_a_table():
    table = evaluate.texts(
        ["a b", "c"], [1, None], pair=["p", ""], rationale=[[0, 1], [0.5]], score=np.array([1.5, 2])
    )
    assert table.texts == ("a b", "c")
    assert table.labels == ("1", None)
    assert table.label_names == ("1",)
    assert table.columns["rationale"] == ("0 1", "0.5")
    assert table.columns["score"] == (1.5, 2.0)
    assert table.kinds["pair"] == "category"
    assert evaluate.texts([]).label_names is None


def test_columns_that_do_not_fit_are_refused():
    with pytest.raises(UserError, match="1 values in labels for 2 texts"):
        evaluate.texts(["a", "b"], ["x"])
    with pytest.raises(UserError, match="3 values in pair for 2 texts"):
        evaluate.texts(["a", "b"], pair=["x"] * 3)


def test_slices_are_values_of_a_column():
    table = evaluate.texts(["a", "b", "c"], ["x", None, "x"], stars=[5, 1, 5])
    assert slices(table, None) == {"": [0, 1, 2]}
    assert slices(table, "stars") == {1: [1], 5: [0, 2]}
    assert slices(table, "label") == {"": [1], "x": [0, 2]}
    with pytest.raises(UserError, match="no column 'topic'.*stars, label"):
        slices(table, "topic")
    many = evaluate.texts([str(each) for each in range(60)], id=list(range(60)))
    with pytest.raises(UserError, match="60 different values"):
        slices(many, "id")


def test_a_slices_sample_is_that_of_the_whole_as_far_as_it_goes():
    texts = [f"text {each}" for each in range(100)]
    whole = {texts[place] for place in sample(texts, 20)}
    half = texts[50:]
    part = {half[place] for place in sample(half, 20)}
    assert whole & set(half) <= part
    assert len(whole) == len(part) == 20


def test_a_sample_depends_on_the_seed_and_not_on_the_order():
    texts = [f"text {each}" for each in range(50)]
    places = sample(texts, 10)
    assert places == sorted(places)
    assert {texts[place] for place in places} == {
        texts[::-1][place] for place in sample(texts[::-1], 10)
    }
    assert sample(texts, 10, seed=1) != places
    assert sample(texts, None) == sample(texts, 50) == list(range(50))
    with pytest.raises(UserError, match="sample size is 0"):
        sample(texts, 0)


@pytest.mark.parametrize("by", ["model", "n"])
def test_a_column_that_the_tables_have_themselves_is_refused(by):
    table = evaluate.texts(["a", "b"], **{by: ["x", "y"]})
    with pytest.raises(UserError, match=f"the column name '{by}' themselves; rename"):
        slices(table, by)


def test_texts_and_labels_come_from_arrays_and_series():
    table = evaluate.texts(pd.Series(["a", "b", "c"], index=[2, 1, 0]), pd.Series([1, None, 0]))
    assert (table.texts, table.labels) == (("a", "b", "c"), ("1", None, "0"))
    labels = np.array([2, 1]), pd.Series(["x", pd.NA]), ["x", float("nan")], [" ", "x"]
    assert [evaluate.texts(np.array(["a", "b"]), given).labels for given in labels] == [
        ("2", "1"),
        ("x", None),
        ("x", None),
        (None, "x"),
    ]
    for given, said in ((["a", None], "Text 1 is None"), ("a b", "is one string, 'a b'; give a")):
        with pytest.raises(UserError, match=said):
            evaluate.texts(given)


def test_evaluations_take_frames_and_datasets_with_named_columns_and_texts():
    frame = pd.DataFrame({"text": ["a", "b"], "label": ["no", "yes"], "topic": ["x", "y"]})
    for given in (frame, Dataset.from_pandas(frame)):
        table = table_of(given)
        assert (table.texts, table.labels) == (("a", "b"), ("no", "yes"))
        assert table.columns["topic"] == ("x", "y")
        model = table_model(("no", "yes"), {"a": (0.6, 0.4), "b": (0.3, 0.7)})
        assert evaluate.calibration(model, given)["n"].tolist() == [2]
        assert len(evaluate.by_text(model, given)) == 2
    assert table_of(pd.Series(["a", "b"])).texts == ("a", "b")
    with pytest.warns(UserWarning, match="1 row has an empty text and was left out: 2"):
        assert table_of(pd.DataFrame({"text": ["a", None]})).texts == ("a",)
    assert table_of(table) is table


EVALUATIONS = [
    name
    for name, value in vars(evaluate).items()
    if isfunction(value) and "classifiers" in signature(value).parameters
]


@pytest.mark.parametrize("name", EVALUATIONS)
def test_every_evaluation_reads_its_table_in_one_way(classifier, name):
    assert len(EVALUATIONS) == 11
    with pytest.raises(UserError, match="texts is one string"):
        getattr(evaluate, name)({"a": classifier("bert"), "b": classifier("bert")}, "A good film.")
