"""What loading leaves out, takes and remarks upon is said."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lit_plugins.data import load_table
from tests.data.refusals import refusal

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
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "a", "tags": ["b"], "n": 1}\n')
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
