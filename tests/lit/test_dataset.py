import dataclasses

from lit_nlp.api import types as lit_types

from lit_plugins.lit.dataset import lit_dataset_of
from tests.lit.conftest import TEXTS, a_table

NAMES = ("negative", "positive")


def test_texts_labels_and_columns_become_fields():
    dataset = lit_dataset_of(a_table(), NAMES)
    assert [example["sentence"] for example in dataset.examples] == list(TEXTS)
    assert dataset.examples[1] == {
        "sentence": TEXTS[1],
        "edit": "",
        "label": "negative",
        "domain": "food",
    }
    assert dataset.spec()["label"].vocab == list(NAMES)
    assert dataset.spec()["domain"].vocab == ["film", "food"]


def test_columns_of_every_kind_have_their_type_and_reserved_names_are_kept_apart():
    columns = {
        "score": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
        "seen": (True, False) * 3,
        "note": tuple("abcdef"),
        "label": tuple("xyxyxy"),
        "edit": tuple("abcdef"),
        "_id": tuple("123456"),
    }
    kinds = dict(
        zip(columns, ("number", "boolean", "text", "category", "text", "text"), strict=True)
    )
    table = dataclasses.replace(a_table(), columns=columns, kinds=kinds)
    spec = lit_dataset_of(table, NAMES).spec()
    assert isinstance(spec["score"], lit_types.Scalar)
    assert isinstance(spec["seen"], lit_types.BooleanLitType)
    assert isinstance(spec["note"], lit_types.StringLitType)
    assert spec["column_label"].vocab == ["x", "y"]
    assert {"column__id", "column_edit"} <= set(spec)
    assert spec["edit"].default == ""
    assert spec["label"].vocab == list(NAMES)


def test_no_column_takes_the_place_of_another():
    columns = {"label": tuple("xyxyxy"), "column_label": tuple("abcdef")}
    kinds = {"label": "category", "column_label": "text"}
    table = dataclasses.replace(a_table(), columns=columns, kinds=kinds)
    first = lit_dataset_of(table, NAMES).examples[0]
    assert (first["column_label"], first["column_label-2"]) == ("x", "a")


def test_without_the_models_labels_there_is_no_label_field():
    assert "label" not in lit_dataset_of(a_table(), None).spec()
