from __future__ import annotations

from pathlib import Path

import pytest

from lit_plugins.data.splits import by_split, chosen_split, split_note
from lit_plugins.errors import UserError


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["train", "test", "validation"], "validation"),
        (["train", "test"], "test"),
        (["unsupervised", "train"], "train"),
        (["a", "b"], "a"),
    ],
)
def test_the_split_that_is_read_by_default(names: list[str], chosen: str) -> None:
    assert chosen_split(names, None, "'x'") == chosen


def test_splits_and_parts_of_them() -> None:
    for split in ("a", "a[:10]", "a+b", "a[:10]+b[5%:]"):
        assert chosen_split(["a", "b"], split, "'x'") == split
    for split in ("c", "a+c", "A"):
        with pytest.raises(UserError, match="has no split .*: choose one of a, b"):
            chosen_split(["a", "b"], split, "'x'")


def test_the_others_are_named() -> None:
    assert split_note(["a"], "a") == ()
    assert split_note(["a", "b"], "a+b[:3]") == ()
    assert split_note(["a", "b"], "b[:3]") == ("The split b[:3] was read; a was not.",)
    assert split_note(["a", "b", "c"], "c") == ("The split c was read; a, b were not.",)


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        (["a.csv", "b.csv"], {"train": ["a.csv", "b.csv"]}),
        (["my-dev.csv", "TRAIN_1.csv"], {"train": ["TRAIN_1.csv"], "validation": ["my-dev.csv"]}),
        (["latest.csv", "training.csv"], {"train": ["training.csv"]}),
        (["test/a.csv", "val/a.csv"], {"validation": ["val/a.csv"], "test": ["test/a.csv"]}),
        (["test/train.csv"], {"test": ["test/train.csv"]}),
        (
            ["data/hard-00000-of-00002.csv", "data/hard-00001-of-00002.csv"],
            {"hard": ["data/hard-00000-of-00002.csv", "data/hard-00001-of-00002.csv"]},
        ),
    ],
)
def test_files_are_sorted_into_splits(names: list[str], splits: dict[str, list[str]]) -> None:
    folder = Path("/home/dev/train")
    found = by_split([folder / name for name in names], folder)
    assert {
        split: [path.relative_to(folder).as_posix() for path in paths]
        for split, paths in found.items()
    } == splits
    assert list(found) == list(splits)
