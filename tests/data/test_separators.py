from __future__ import annotations

import pytest

from lit_plugins.data.delimited import read_delimited
from lit_plugins.data.separators import declared_separator

COLUMNS = {"text": ["Good, but dear", "Bad"], "label": ["1", "0"]}


@pytest.mark.parametrize(
    ("text", "usual", "note"),
    [
        ("text;label\nGood, but dear;1\nBad;0\n", ",", "semicolons"),
        ("text\tlabel\nGood, but dear\t1\nBad\t0\n", ",", "tabs"),
        ("text|label\nGood, but dear|1\nBad|0\n", ",", "vertical bars"),
        ('text,label\n"Good, but dear",1\nBad,0\n', "\t", "commas"),
        ("sep=;\r\ntext;label\r\nGood, but dear;1\r\nBad;0\r\n", ",", "semicolons"),
        ('"sep=^"\ntext^label\nGood, but dear^1\nBad^0\n', ",", "'^'"),
        ("sep=,\ntext;label\nGood, but dear;1\nBad;0\n", ",", "semicolons"),
    ],
)
def test_the_header_is_read_with_the_separator_that_it_has(
    text: str, usual: str, note: str
) -> None:
    rows = read_delimited(text.encode(), "'x'", usual)
    assert rows.columns == COLUMNS
    assert rows.notes == (f"The fields were read as separated by {note}.",)


def test_lines_after_a_declaration_keep_their_numbers() -> None:
    rows = read_delimited(b"sep=;\ntext;label\na;1\nb\n", "'x'", ",")
    assert (rows.numbers, rows.malformed) == ([3], [4])


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("text\nOne; two\nthree\n", {"text": ["One; two", "three"]}),
        ("one; two\nthree\nfour\n", {"one; two": ["three", "four"]}),
        ("a;b,c\nx;y,z\n", {"a;b": ["x;y"], "c": ["z"]}),
        ('"a;b"\n"x;y"\n', {"a;b": ["x;y"]}),
        ("a;b\n", {"a;b": []}),
    ],
)
def test_the_usual_separator_stays_unless_the_rows_fit_another(
    text: str, columns: dict[str, list[str]]
) -> None:
    rows = read_delimited(text.encode(), "'x'", ",")
    assert rows.columns == columns
    assert rows.notes == ()


def test_a_few_bad_rows_hide_no_separator() -> None:
    lines = ["text;label", "a;b;1", *["fine, really;0"] * 3, "c"]
    rows = read_delimited("\n".join(lines).encode(), "'x'", ",")
    assert rows.columns == {"text": ["fine, really"] * 3, "label": ["0"] * 3}
    assert rows.malformed == [2, 6]


def test_declarations() -> None:
    assert declared_separator("sep=;\r\n") == ";"
    assert declared_separator("SEP=\t\n") == "\t"
    assert declared_separator('"sep=|",,\n') == "|"
    assert declared_separator("sep=;;text\n") is None
    assert declared_separator("separator\n") is None
