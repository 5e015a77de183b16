"""What cannot be loaded is refused in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lit_plugins.data import SHORT_NAMES, load_table
from lit_plugins.errors import UserError
from tests.data.refusals import refusal


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04\x14", "a zip archive or an Excel workbook"),
        (b"\x1f\x8b\x08", "compressed by gzip"),
        (b"PAR1\x15", "a Parquet file"),
        (b"\n<!DOCTYPE html>\n<html>", "a web page"),
    ],
)
def test_another_kind_of_file_under_the_ending_of_a_text_file(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert f"is {kind} in spite of its ending: " in refusal(path)


def test_a_file_in_a_legacy_encoding_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    said = "is not UTF-8 text: save it again as UTF-8 (it is probably Windows-1252)."
    for text in ("text\ntrès drôle\nça suffit\n", "texte été\nça suffit\n"):
        path.write_bytes(text.encode("cp1252"))
        assert said in refusal(path)
    path = path.with_suffix(".jsonl")
    path.write_bytes('{"text": "ça suffit"}\n'.encode("cp1252"))
    assert said in refusal(path)


@pytest.mark.parametrize(
    ("name", "content", "options", "words"),
    [
        ("x.txt", "text\na", {}, "has the unknown ending '.txt': give a file that ends in one of"),
        ("x", "text\na", {}, "has the unknown ending ''"),
        ("x.csv", "", {}, "is empty: give a file that holds at least one text"),
        ("x.csv", " \n\n", {}, "is empty"),
        ("x.parquet", "", {}, "is empty"),
        ("x.parquet", "text\na", {}, "cannot be read as Parquet ("),
        ("x.csv", "text,label\n", {}, "has no rows"),
        ("x.jsonl", "text\na\n", {}, "No row of"),
        ("x.json", "[]", {}, "has no rows"),
        ("x.json", '[{"text": "a"}', {}, "is not valid JSON"),
        (
            "x.csv",
            "text,label\n,1\n \t,0\n",
            {},
            "is left, 2 with an empty text (lines 2, 3): mend",
        ),
        ("x.csv", "text,label\na\nb\n", {}, "2 with 1 field instead of 2 (lines 2, 3): mend these"),
        ("x.jsonl", '{"t": 1}', {}, "cannot be guessed: choose one of t with --text-column"),
        (
            "x.jsonl",
            '{"text": 1}',
            {"text_column": "text"},
            "1 with a text that is no string (1): ",
        ),
        ("x.csv", "a,b\nc,d\n", {}, "cannot be guessed: choose one of a, b with --text-column"),
        ("x.csv", "a,b\nc,d\n", {"text_column": "t"}, "has no column 't': choose one of a, b"),
        ("x.csv", "text,b\nc,d\n", {"label_column": "y"}, "has no column 'y': choose one of"),
        ("x.csv", "text,label\nc,d\n", {"label_names": ["no", "yes"]}, "(the first is 'd')"),
        ("x.csv", "text\na\n", {"split": "test"}, "there is no split 'test': leave it out"),
        ("x.csv", "text\na\n", {"config": "c"}, "there is no 'c': leave it out"),
        ("x.csv", "version https://git-lfs.github.com/spec/v1\noid", {}, "is a git-lfs pointer"),
        ("x.parquet", "version https://git-lfs.github.com/spec/v1", {}, "is a git-lfs pointer"),
    ],
)
def test_refusals_of_a_file(
    tmp_path: Path, name: str, content: str, options: dict[str, Any], words: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    said = refusal(path, **options)
    assert repr(str(path)) in said
    assert words in said


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text("text,label\na,1\n", encoding=encoding)
    assert "is not UTF-8 text: save it again as UTF-8" in refusal(path)


@pytest.mark.parametrize(
    "source",
    [
        "nofile.csv",
        "./nothing",
        "/no/such/file",
        "~/no-such-file",
        "a/b/c",
        "notes.txt",
        "",
        "a\\b",
    ],
)
def test_no_such_file(source: str) -> None:
    said = refusal(source)
    assert said == (
        f"There is no file {source!r}: check the path, or give a dataset on the hub or one of "
        f"{', '.join(SHORT_NAMES)}."
    )


@pytest.mark.parametrize("number", [0, -3])
def test_too_few_examples(number: int) -> None:
    assert refusal("reviews", max_examples=number) == (
        f"The number of examples cannot be {number}: give 1 or more."
    )


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.csv"
    path.write_text("text\na\n")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "cannot be opened (Permission denied): check its permissions" in refusal(path)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"text": ["fine", 3]}, "DataFrame cannot be read .*: give each column one type"),
        ({"stars": [1, 2]}, "text column of DataFrame cannot be guessed"),
        ({}, "DataFrame has no rows"),
    ],
)
def test_other_data_frames_are_refused(columns: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        load_table(pd.DataFrame(columns))
