from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import pytest

from lit_plugins.data import load_table
from tests.data.refusals import refusal

WORDS = ["None", "NA", "null", "nan", "N/A", "007", "1.50", "True"]
CSV = "text,label,code\n" + "".join(f"{word},x,{word}\n" for word in WORDS)


def write(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def test_a_folder_is_read_as_its_file_is(tmp_path: Path) -> None:
    write(tmp_path, train_csv=CSV)
    of_file, of_folder = load_table(str(tmp_path / "train.csv")), load_table(str(tmp_path))
    assert of_file.texts == tuple(WORDS)
    assert of_folder.texts == of_file.texts
    assert of_folder.labels == of_file.labels
    assert of_folder.columns == of_file.columns
    assert of_folder.rows == of_file.rows


def test_splits_and_files_that_were_not_read_are_named(tmp_path: Path) -> None:
    write(
        tmp_path,
        train_csv="text\na\n",
        dev_jsonl='{"text": "b"}\n',
        more_csv="text\nc\n",
        notes_txt="d",
        README_md="# About the data",
    )
    table = load_table(str(tmp_path))
    assert table.texts == ("b",)
    assert table.report.sentences() == [
        "The split validation was read; train was not.",
        "These files were not read: more.csv, notes.txt.",
    ]


def test_several_files_of_a_split(tmp_path: Path) -> None:
    write(tmp_path, data__a_csv="text;n\na;1\nb\n", data__b_csv="text;n\nc;2\nd;3;4\n")
    table = load_table(str(tmp_path))
    assert table.texts == ("a", "c")
    assert table.columns == {"n": (1, 2)}
    assert table.report.sentences() == [
        "2 rows are malformed and were left out: 1 with 1 field instead of 2 in data/a.csv, first "
        "in line 3 (2), 1 with 3 fields instead of 2 in data/b.csv, first in line 3 (4).",
        "The fields were read as separated by semicolons.",
    ]
    assert load_table(str(tmp_path), split="train[2:]").texts == ("c",)


def test_files_with_other_columns_are_refused(tmp_path: Path) -> None:
    write(tmp_path, a_csv="text\na\n", b_csv="review\nb\n")
    assert "a.csv and b.csv of" in refusal(tmp_path)


README = """---
configs:
- config_name: one
  data_files:
  - split: hard
    path: a.csv
  - split: easy
    path: b.csv
- config_name: two
  data_files: b.csv
dataset_info:
- config_name: one
  features:
  - name: text
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': neg
          '1': pos
  - name: origin
    dtype:
      class_label:
        names:
          '0': web
          '1': print
---
"""


def test_a_folder_that_describes_itself(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_csv="text,label,origin\nNA,1,1\nb,0,web\n",
        b_csv="text,label\nc,0\n",
        README_md=README,
    )
    table = load_table(str(tmp_path), config="one")
    assert table.texts == ("NA", "b")
    assert table.labels == ("pos", "neg")
    assert table.columns == {"origin": ("print", "web")}
    assert table.report.sentences() == ["The split hard was read; easy was not."]
    assert load_table(str(tmp_path), config="two").texts == ("c",)


def test_a_folder_may_be_relative_and_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = "---\nconfigs:\n- config_name: d\n  data_files: a.csv\n---"
    write(tmp_path, data__a_csv="text\na\n", data__README_md=readme, blob="text\nb\n")
    (tmp_path / "linked").symlink_to(tmp_path / "data")
    (tmp_path / "data" / "b.csv").symlink_to(tmp_path / "blob")
    monkeypatch.chdir(tmp_path)
    for name in ("data", "./linked", "linked/"):
        table = load_table(name)
        assert table.texts == ("a",)
        assert table.report.sentences() == ["These files were not read: b.csv."]


def test_a_configuration_with_options_is_left_to_datasets(tmp_path: Path) -> None:
    readme = (
        '---\nconfigs:\n- config_name: d\n  data_files: a.csv\n  column_names: ["text", "n"]\n---'
    )
    write(tmp_path, a_csv="a,1\nb,0\n", README_md=readme)
    assert load_table(str(tmp_path)).texts == ("a", "b")


def test_files_of_other_kinds_are_left_to_datasets(tmp_path: Path) -> None:
    write(tmp_path, a_txt="one\ntwo\n", b_bin="x")
    table = load_table(str(tmp_path))
    assert table.texts == ("one", "two")
    assert table.report.sentences() == ["These files were not read: b.bin."]


@pytest.mark.parametrize(("ending", "compress"), [("gz", gzip.compress), ("bz2", bz2.compress)])
def test_compressed_files_are_refused_before_they_unfold(tmp_path: Path, ending, compress) -> None:
    (tmp_path / f"a.csv.{ending}").write_bytes(compress(b"text,label\ngood,1\n"))
    assert "is compressed, and may be of any size: unpack it" in refusal(str(tmp_path))
