from __future__ import annotations

import datasets
import pandas as pd
import pytest

from lit_plugins.data import load_table
from lit_plugins.data.in_memory import is_table, texts_of
from lit_plugins.errors import UserError

TEXTS = ["fine", "dull", "so so"]
FEATURES = datasets.Features(
    {
        "text": datasets.Value("string"),
        "label": datasets.ClassLabel(names=["positive", "negative", "neutral"]),
    }
)


@pytest.fixture
def dataset() -> datasets.Dataset:
    return datasets.Dataset.from_dict({"text": TEXTS, "label": [0, 1, 2]}, features=FEATURES)


def test_a_dataset_in_memory_is_read_with_the_classes_that_it_declares(
    dataset: datasets.Dataset,
) -> None:
    found = load_table(dataset, label_names=("negative", "neutral", "positive"))
    assert found.texts == tuple(TEXTS)
    assert found.labels == ("positive", "negative", "neutral")
    assert found.name == "dataset"
    assert load_table(dataset.select([2, 0])).texts == ("so so", "fine")


def test_one_split_of_several_is_read_and_the_others_are_named(dataset: datasets.Dataset) -> None:
    splits = datasets.DatasetDict({"train": dataset, "test": dataset.select([1])})
    found = load_table(splits)
    assert (found.texts, found.report.notes) == (
        ("dull",),
        ("The split test was read; train was not.",),
    )
    assert load_table(splits, split="train").texts == tuple(TEXTS)
    with pytest.raises(UserError, match="has no split 'dev': choose one of train, test"):
        load_table(splits, split="dev")
    with pytest.raises(UserError, match=r"has no split 'train\[:1\]': choose one of train, test"):
        load_table(splits, split="train[:1]")


def test_the_texts_of_a_table_are_its_column_of_texts(dataset: datasets.Dataset) -> None:
    frame = pd.DataFrame({"body": TEXTS, "label": ["a", "b", "c"]})
    assert texts_of(dataset) == texts_of(frame) == texts_of(TEXTS) == TEXTS
    with pytest.raises(UserError, match=r"Text 1 is None, which is not a string"):
        texts_of(pd.DataFrame({"text": ["a", None]}))
    with pytest.raises(UserError) as caught:
        texts_of(pd.DataFrame({"a": TEXTS, "b": TEXTS}))
    assert str(caught.value) == (
        "The column of texts of the DataFrame cannot be guessed; give the column, such as "
        "data['a']."
    )


class Stream:
    """What a `datasets.IterableDataset` has, which is slow to import."""

    features = FEATURES

    def with_format(self) -> None: ...


def test_what_is_no_table_is_refused() -> None:
    assert not any(map(is_table, (TEXTS, pd.Series(TEXTS), {"a": TEXTS}, None, "text")))
    with pytest.raises(UserError, match="type list is no table: give a file, a name on the hub"):
        load_table(TEXTS)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="Stream is read as a stream: give a part of it"):
        load_table(Stream())  # type: ignore[arg-type]
    with pytest.raises(UserError, match="DataFrame has no splits"):
        load_table(pd.DataFrame({"text": TEXTS}), split="train")
