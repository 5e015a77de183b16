from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lit_plugins
from lit_plugins.data import SHORT_NAMES, load_table
from lit_plugins.errors import UserError
from tests.data.refusals import refusal

Row = dict[str, Any]


def write_csv(path: Path, rows: list[Row], delimiter: str = ",") -> Path:
    path = path.with_suffix(".csv" if delimiter == "," else ".tsv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_tsv(path: Path, rows: list[Row]) -> Path:
    return write_csv(path, rows, "\t")


def write_lines(path: Path, rows: list[Row], ending: str = ".jsonl") -> Path:
    path = path.with_suffix(ending)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_ndjson(path: Path, rows: list[Row]) -> Path:
    return write_lines(path, rows, ".ndjson")


def write_json(path: Path, rows: list[Row]) -> Path:
    path = path.with_suffix(".JSON")
    path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return path


def write_parquet(path: Path, rows: list[Row]) -> Path:
    path = path.with_suffix(".parquet")
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


WRITERS: dict[str, Callable[[Path, list[Row]], Path]] = {
    "csv": write_csv,
    "tsv": write_tsv,
    "jsonl": write_lines,
    "ndjson": write_ndjson,
    "json": write_json,
    "parquet": write_parquet,
}
TEXTS = [" Crème brûlée, 😀 ", 'they said "no"', "tab\there", "最高の映画", "plain"]


@pytest.fixture(params=WRITERS)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[list[Row]], Path]:
    return lambda rows: WRITERS[request.param](tmp_path / "my texts", rows)


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([0, 1, 1, 0, 1], ("0", "1")),
        ([0.0, 1.0, 1.0, 0.0, 1.0], ("0", "1")),
        (["neg", "pos", "pos", "neg", "pos"], ("neg", "pos")),
        (["0", "1", "1", "0", "1"], ("0", "1")),
    ],
)
def test_every_format_with_names_and_numbers(
    written: Callable[[list[Row]], Path], labels: list[object], names: tuple[str, str]
) -> None:
    path = written(
        [
            {"text": text, "label": label, "length": len(text), "origin": "web"}
            for text, label in zip(TEXTS, labels, strict=True)
        ]
    )
    table = load_table(str(path))
    first = 2 if path.suffix in (".csv", ".tsv") else 1
    assert table.texts == tuple(TEXTS)
    assert table.label_names == names
    assert table.labels == tuple(names[number] for number in (0, 1, 1, 0, 1))
    assert table.columns == {"length": tuple(map(len, TEXTS)), "origin": ("web",) * 5}
    assert table.kinds == {"length": "number", "origin": "category"}
    assert table.rows == tuple(range(first, first + 5))
    assert table.name == "my-texts"
    assert table.report.sentences() == []
    assert (table.report.read, table.report.kept) == (5, 5)
    assert table.description == f"5 texts of {path.name}, labelled {', '.join(names)}."
    if names == ("0", "1"):
        table = load_table(str(path), label_names=("NEGATIVE", "POSITIVE"))
        assert table.label_names == ("NEGATIVE", "POSITIVE")
        assert table.labels == tuple(table.label_names[number] for number in (0, 1, 1, 0, 1))


def test_every_format_without_labels(written: Callable[[list[Row]], Path]) -> None:
    path = written([{"review": text, "label": "x", "good": True} for text in TEXTS])
    table = load_table(str(path), label_column="none")
    assert table.texts == tuple(TEXTS)
    assert table.label_names is None
    assert table.labels == (None,) * 5
    assert table.columns == {"label": ("x",) * 5, "good": (True,) * 5}
    assert table.kinds == {"label": "category", "good": "boolean"}
    assert table.description == f"5 texts of {path.name}, without labels."


BAD_CSV = (
    b"\xef\xbb\xbftext,label,n\r\n"  # 1
    b"good,positive,1\r\n"  # 2
    b'"two\r\nlines",negative,2\r\n'  # 3, 4
    b",positive,3\r\n"  # 5 empty
    b" \t ,positive,4\r\n"  # 6 empty
    b"good,POSITIVE,5\r\n"  # 7 duplicate
    b"good,negative,6\r\n"  # 8 another label
    b"\r\n"  # 9
    b"meh,neutral,7\r\n"  # 10 unknown
    b"few,positive\r\n"  # 11 malformed
    b"caf\xe9,positive,8\r\n"  # 12 malformed
    b'"open,positive,9\r\n'  # 13 malformed
    b"none,,10\r\n"  # 14 no label
    b"good ,positive,\xff\r\n"  # 15 malformed
    b"good ,positive,11"  # 16
)


def test_all_bad_rows_of_a_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(BAD_CSV)
    table = load_table(str(path), label_names=("Negative", "Positive"))
    assert table.texts == ("good", "two\r\nlines", "good", "none", "good ")
    assert table.labels == ("Positive", "Negative", "Negative", None, "Positive")
    assert table.rows == (2, 3, 8, 14, 16)
    assert table.columns == {"n": (1, 2, 6, 10, 11)}
    report = table.report
    assert report.source == str(path)
    assert (report.read, report.kept, report.usable) == (13, 5, 5)
    assert report.empty == (5, 6)
    assert report.duplicates == (7,)
    assert report.unknown_labels == (10,)
    assert report.malformed == (11, 12, 13, 15)
    assert report.unlabelled == (14,)
    assert report.sentences() == [
        "4 rows are malformed and were left out: 2 not UTF-8 (lines 12, 15), 1 with 2 fields "
        "instead of 3 (line 11), 1 with a broken quote (line 13).",
        "2 rows have an empty text and were left out: lines 5, 6.",
        "1 row has an unknown label and was left out: line 10.",
        "1 row repeats an earlier text and label and was left out: line 7.",
        "1 row has no label and was kept: line 14.",
        "Some lines are not UTF-8: save the file again as UTF-8 (it is probably Windows-1252).",
        "These labels are none of Negative, Positive: 'neutral'.",
    ]


def test_all_bad_rows_of_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf"
        b'{"text": "good", "label": 1}\n'  # 1
        b'{"text": "", "label": 1}\n'  # 2 empty
        b'{"label": 1}\n'  # 3 empty
        b'{"text": "good", "label": 1.0, "tags": ["a"]}\n'  # 4 duplicate
        b'{"text": "odd", "label": "meh"}\n'  # 5 unknown
        b'{"text": 12, "label": 1}\n'  # 6 malformed
        b'{"text": "half\\ud83d", "label": 1}\n'  # 7 malformed
        b'{"text": "caf\xe9", "label": 1}\n'  # 8 malformed
        b"{text: 1}\n"  # 9 malformed
        b'{"text": "bad", "label": 0}\n'  # 10
    )
    table = load_table(str(path), label_names=("no", "yes"))
    assert table.texts == ("good", "bad")
    assert table.labels == ("yes", "no")
    assert table.rows == (1, 10)
    report = table.report
    assert (report.read, report.kept) == (10, 2)
    assert report.empty == (2, 3)
    assert report.duplicates == (4,)
    assert report.unknown_labels == (5,)
    assert report.malformed == (6, 7, 8, 9)


def test_all_bad_rows_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "bad.parquet"
    raw = pa.array([b"good", b"", None, b"good", b"odd", b"caf\xe9", b"bad"])
    text = pa.Array.from_buffers(pa.string(), 7, raw.buffers())
    labels = ["yes"] * 4 + ["meh", "yes", "no"]
    pq.write_table(pa.table({"text": text, "label": labels, "v": [[1]] * 7}), path)
    table = load_table(str(path), label_names=("no", "yes"))
    assert table.texts == ("good", "bad")
    assert table.rows == (1, 7)
    report = table.report
    assert (report.empty, report.duplicates) == ((2, 3), (4,))
    assert (report.unknown_labels, report.malformed) == ((5,), (6,))
    assert report.sentences()[-1] == (
        "These columns hold lists, objects or bytes and are not shown: v."
    )


def test_nested_columns_of_json_are_named(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "x", [{"text": "a", "tags": ["b"], "n": 1}])
    table = load_table(str(path))
    assert list(table.columns) == ["n"]
    assert table.report.sentences() == [
        "These columns hold lists, objects or bytes and are not shown: tags."
    ]


def test_what_was_taken_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("body,mood\nfine,good\nnice,good\ndull,bad\n", encoding="utf-8")
    report = load_table(str(path)).report
    assert report.taken == "Texts: column 'body'; labels: none."
    assert report.sentences() == ["No column of labels was found; candidates: 'mood'."]
    assert load_table(str(path), label_column="none").report.sentences() == []
    report = load_table(str(path), label_column="mood").report
    assert report.taken == "Texts: column 'body'; labels: column 'mood'."
    assert report.sentences() == []


def test_a_first_line_that_looks_like_data_is_remarked_upon(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("I liked it.,1\nNot me.,0\n", encoding="utf-8")
    assert load_table(str(path)).report.sentences() == [
        "The first line was taken as names of columns but looks like data: 'I liked it.', '1'."
    ]
    path.write_text('"text;label"\n"so good;1"\n"too, bad;0"\n', encoding="utf-8")
    assert load_table(str(path)).report.sentences() == [
        "The only column is named 'text;label': if these are several names, write commas between "
        "them and between the fields of all rows."
    ]
    path.write_text("3,so good,positive\n4,too bad,negative\n", encoding="utf-8")
    assert "write a line with names above the first one, as it looks like data" in refusal(path)


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


def test_the_embedded_reviews() -> None:
    table = load_table("reviews")
    assert table.name == "reviews"
    assert len(table.texts) >= 400
    assert table.label_names == ("negative", "positive")
    count = Counter(table.labels)
    assert count["negative"] == count["positive"] == len(table.texts) / 2
    assert list(table.columns) == ["domain", "phenomenon", "pair"]
    assert (table.kinds["domain"], table.kinds["phenomenon"]) == ("category", "category")
    assert table.report.sentences() == []
    assert table.rows == tuple(range(2, len(table.texts) + 2))


def test_the_embedded_reviews_take_a_models_labels() -> None:
    for names in (("NEGATIVE", "POSITIVE"), ("LABEL_0", "LABEL_1")):
        table = load_table("reviews", label_names=names)
        assert table.label_names == names
        own = load_table("reviews").labels
        assert [names.index(str(label)) for label in table.labels] == [
            ("negative", "positive").index(str(label)) for label in own
        ]


@pytest.fixture
def hundred(tmp_path: Path) -> str:
    return str(write_csv(tmp_path / "x", [{"text": f"t{n}", "label": n % 2} for n in range(100)]))


def test_a_sample_is_fixed_and_keeps_the_order(hundred: str) -> None:
    table = load_table(hundred, max_examples=10)
    places = sorted(random.Random(0).sample(range(100), 10))
    assert table.texts == tuple(f"t{place}" for place in places)
    assert table.rows == tuple(place + 2 for place in places)
    assert table == load_table(hundred, max_examples=10)
    assert (table.report.kept, table.report.usable) == (10, 100)
    assert table.report.sentences() == [
        "A sample of 10 of the 100 usable rows was kept, in their order."
    ]


def test_a_large_sample_is_everything(hundred: str) -> None:
    assert load_table(hundred, max_examples=100) == load_table(hundred)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    for write in WRITERS.values():
        for text in ("first", "other"):
            path = write(tmp_path / "x", [{"text": text, "label": 1}])
            assert load_table(str(path)).texts == (text,)


def test_nothing_is_written_beside_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for write in WRITERS.values():
        path = write(tmp_path / "x", [{"text": "a", "label": 1}])
        load_table(path.name)
    assert {path.suffix for path in tmp_path.iterdir()} == {
        ".csv",
        ".tsv",
        ".jsonl",
        ".ndjson",
        ".JSON",
        ".parquet",
    }


def test_a_path_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write_csv(tmp_path / "x", [{"text": "a", "label": 1}])
    assert load_table("~/x.csv").texts == ("a",)


@pytest.mark.parametrize(
    ("stem", "name"), [("最高", "dataset"), ("a b&c#d", "a-b-c-d"), ("v1.2_x-y", "v1.2_x-y")]
)
def test_names_are_safe(tmp_path: Path, stem: str, name: str) -> None:
    path = tmp_path / f"{stem}.csv"
    path.write_text("text\na\n", encoding="utf-8")
    assert load_table(str(path)).name == name


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


def test_the_embedded_reviews_have_no_splits() -> None:
    assert refusal("reviews", split="test").startswith("'reviews' has no splits")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path / "x", [{"text": "a"}])

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "cannot be opened (Permission denied): check its permissions" in refusal(path)


def test_a_text_file_needs_no_heavy_library(hundred: str) -> None:
    package = Path(lit_plugins.__file__).parent
    # The package's own __init__ loads torch for the classifier, of which this room knows nothing.
    program = (
        "import sys, types\n"
        "bare = sys.modules['lit_plugins'] = types.ModuleType('lit_plugins')\n"
        f"bare.__path__ = [{str(package)!r}]\n"
        "from lit_plugins.data import load_table\n"
        f"load_table({hundred!r})\n"
        "heavy = ('datasets', 'pyarrow', 'pandas', 'numpy', 'torch', 'lit_nlp')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
def test_rationales_may_be_lists_of_numbers(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"marked{ending}"
    rows = [
        {"text": "so good", "rationale": [0, 1], "vector": [1, 2]},
        {"text": "dull", "rationale": [0.5], "vector": [3, 4]},
    ]
    if ending == ".jsonl":
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    table = load_table(str(path))
    numbers = [[float(part) for part in str(cell).split()] for cell in table.columns["rationale"]]
    assert numbers == [[0, 1], [0.5]]
    assert "vector" not in table.columns


def test_a_data_frame_is_read_as_a_file_of_it_would_be() -> None:
    frame = pd.DataFrame(
        {
            "text": ["so good", None, "dull", "so good"],
            "label": pd.Categorical(["positive", "positive", "negative", "positive"]),
            "stars": [5.0, 1.0, float("nan"), 5.0],
            0: ["a", "b", "c", "a"],
        },
        index=["w", "x", "y", "z"],
    )
    table = load_table(frame, label_names=["negative", "positive"])
    assert table.texts == ("so good", "dull")
    assert table.labels == ("positive", "negative")
    assert table.label_names == ("negative", "positive")
    assert table.rows == (1, 3)
    assert table.columns["0"] == ("a", "c")
    assert table.report.sentences() == [
        "1 row has an empty text and was left out: 2.",
        "1 row repeats an earlier text and label and was left out: 4.",
    ]
    assert table.description == "2 texts of a DataFrame, labelled negative, positive."


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
