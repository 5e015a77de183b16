from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from lit_plugins.data import delimited
from lit_plugins.data.delimited import read_delimited
from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError
from lit_plugins.runtime.cancellation import Stopped, stopping_when


def read(text: str | bytes, delimiter: str = ",") -> Rows:
    data = text.encode("utf-8") if isinstance(text, str) else text
    return read_delimited(data, "'x'", delimiter)


def test_lines_are_numbered_from_the_header() -> None:
    rows = read("text,label\na,1\n\nb,0\n")
    assert rows.columns == {"text": ["a", "b"], "label": ["1", "0"]}
    assert rows.numbers == [2, 4]
    assert rows.malformed == []
    assert (rows.unit, rows.typed) == ("line", False)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    rows = read(end.join(["text,label", "a,1", '"b, c",0', ""]))
    assert rows.columns["text"] == ["a", "b, c"]
    assert rows.numbers == [2, 3]


def test_a_quoted_text_keeps_its_line_ends_and_its_first_line_number() -> None:
    rows = read('text,label\r\n"one\r\ntwo ""three""\nfour",1\r\nlast,0\r\n')
    assert rows.columns["text"] == ['one\r\ntwo "three"\nfour', "last"]
    assert rows.numbers == [2, 5]


def test_what_other_readers_split_at_is_no_line_end() -> None:
    rows = read("text,label\na\u2028b\x0bc\x85d\u3000,1\n")
    assert rows.columns["text"] == ["a\u2028b\x0bc\x85d\u3000"]
    assert rows.numbers == [2]


def test_wrong_number_of_fields() -> None:
    rows = read('text,label\na,1\nb\nc,1,2\nd,0\n"e\nf",1,2\ng,1\n')
    assert rows.columns["text"] == ["a", "d", "g"]
    assert rows.numbers == [2, 5, 8]
    assert rows.malformed == [3, 4, 6]
    assert rows.reasons == {
        3: "with 1 field instead of 2",
        4: "with 3 fields instead of 2",
        6: "with 3 fields instead of 2",
    }


def test_reading_goes_on_in_the_line_after_broken_quotes() -> None:
    rows = read('text,label\na,1\n"b,1\n"c",0\n"d"e,1\nf,1\n"never closed,1\ng,0\n')
    assert rows.columns["text"] == ["a", "c", "f", "g"]
    assert rows.numbers == [2, 4, 6, 8]
    assert rows.malformed == [3, 5, 7]
    assert set(rows.reasons.values()) == {"with a broken quote"}


def test_zero_bytes_are_malformed_and_foreign_bytes_are_surrogates() -> None:
    rows = read(b"text,label\na\0,1\ncaf\xe9,1\nb,0\n")
    assert rows.reasons == {2: "with a zero byte"}
    assert rows.columns["text"] == ["caf\udce9", "b"]


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_long_fields_are_read(delimiter: str) -> None:
    long = "x, y\n" * 100_000
    assert read(f'"text"{delimiter}n\n"{long}"{delimiter}1\n', delimiter).columns["text"] == [long]


def test_a_field_that_is_too_long_is_malformed() -> None:
    long = "x" * (delimited.LONGEST_FIELD + 1)
    rows = read(f"text,n\n{long},1\na,2\n")
    assert rows.columns["n"] == ["2"]
    assert rows.reasons == {2: "with a field of more than 10,000,000 characters"}


def test_a_repeated_header_is_no_row() -> None:
    rows = read("text,label\na,1\ntext,label\nb,0\n")
    assert rows.columns["text"] == ["a", "b"]
    assert rows.reasons == {3: "equal to the header"}
    assert read("text\ntext\n").columns == {"text": ["text"]}


def test_names_are_stripped_and_columns_without_one_dropped() -> None:
    rows = read(",text , label\n0,a,1\n")
    assert rows.columns == {"text": ["a"], "label": ["1"]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" , \na,b\n", "names no columns"),
        ("text,label,text\na,b,c\n", "'text' twice"),
        (b"t\xe9xt,label\na,b\n", "not UTF-8"),
    ],
)
def test_bad_headers(text: str | bytes, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read(text)


def test_tsv_quotes_that_are_part_of_the_text_stay() -> None:
    lines = [
        "text\tlabel",
        '"Great," they said\t1',
        '"All of it"\t1',
        'a 5" disk\t0',
        '"open\t0',
        "plain, and simple\t1",
    ]
    rows = read("\n".join(lines), "\t")
    assert rows.columns["text"] == [line.split("\t")[0] for line in lines[1:]]
    assert rows.numbers == [2, 3, 4, 5, 6]
    assert rows.malformed == []


TRICKY = ["plain", 'say "so"', '"All of it"', "tab\there", "two\nlines", "", '"', "a, b"]


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
def test_what_a_quoting_writer_wrote_is_read_back(delimiter: str, quoting: int) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([["text", "label"], *([text, "x"] for text in TRICKY)])
    rows = read(written.getvalue(), delimiter)
    assert rows.columns["text"] == TRICKY
    assert rows.numbers == [2, 3, 4, 5, 6, 8, 9, 10]
    assert rows.malformed == []


def test_tsv_malformed_lines() -> None:
    rows = read('text\tlabel\na\nb\t1\t2\n"c\td\n"x"\t1\n\n"e\tf\tg\n', "\t")
    assert rows.columns["text"] == ['"c', '"x"']
    assert rows.malformed == [2, 3, 7]
    assert rows.numbers == [4, 5]


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_file_of_broken_quotes_is_read_a_few_times_at_most(
    monkeypatch: pytest.MonkeyPatch, delimiter: str
) -> None:
    taken: list[str] = []
    between = delimited._between

    def counted(lines: list[str], start: int, end: int) -> Iterator[str]:
        for line in between(lines, start, end):
            taken.append(line)
            yield line

    monkeypatch.setattr(delimited, "_between", counted)
    broken = 500
    lines = ["text,label", *['x","z'] * broken, "fine,1", '"good, too",1', ""]
    rows = read("\n".join(lines).replace(",", delimiter), delimiter)
    assert len(taken) <= 7 * len(lines)
    assert rows.columns["text"][-2:] == ["fine", "good, too".replace(",", delimiter)]
    if delimiter == ",":
        assert rows.malformed == list(range(2, 2 + broken))


def test_a_gone_caller_stops_the_reading() -> None:
    with stopping_when(lambda: True), pytest.raises(Stopped):
        read("text,label\na,1\n")
