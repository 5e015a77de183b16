"""What opens equals what was written: generated tables, as other libraries write them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lit_plugins.data import READERS, Rows, load_table
from lit_plugins.errors import UserError

Table = dict[str, list[Any]]

# Separators, quotes, line ends, words that other readers take as missing, and any other character
# but lone surrogates (which are no text) and zero bytes (which no delimited file holds).
MARKS = st.sampled_from([*',;|\t"\n', "\r\n", " ", "a", "é", "😀", "\u2028", "\x85", "sep=;"])
WORDS = st.sampled_from(["None", "NA", "null", "nan", "true", "007", "1.50", "-", "[]", "{}", "=1"])
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")
TEXTS = st.lists(MARKS | WORDS | CHARACTERS, max_size=8).map("".join)
NAMES = st.text("abcdefg 123_é'", min_size=1, max_size=6).map(lambda name: f"n{name}n")


CELLS = TEXTS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)


@st.composite
def tables(draw: st.DrawFn, cells: st.SearchStrategy[object] = TEXTS) -> Table:
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    count = draw(st.integers(1, 6))
    columns = st.lists(cells, min_size=count, max_size=count)
    return {name: draw(columns) for name in names}


def check(ending: str, data: bytes, table: Table) -> None:
    rows = READERS[ending].read(data, "'x'")
    assert {name: list(cells) for name, cells in rows.columns.items()} == table
    assert list(rows.malformed) == []
    assert_increasing(rows)


def assert_increasing(rows: Rows) -> None:
    assert list(rows.numbers) == sorted(set(rows.numbers))


def generated(test: Callable[..., None]) -> Callable[..., None]:
    return settings(max_examples=40, deadline=None, derandomize=True, database=None)(test)


@pytest.mark.parametrize("ending", [".csv", ".tsv"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@generated
@given(
    table=tables(),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n"]),
    declared=st.booleans(),
)
def test_delimited(
    ending: str, separator: str, table: Table, quoting: Any, end: str, declared: bool
) -> None:
    assume(len(table) > 1 or declared or separator == {".csv": ",", ".tsv": "\t"}[ending])
    written = io.StringIO()
    if declared:
        written.write(f"sep={separator}{end}")
    writer = csv.writer(written, delimiter=separator, quoting=quoting, lineterminator=end)
    writer.writerows([list(table), *zip(*table.values(), strict=True)])
    check(ending, written.getvalue().encode(), table)


@generated
@given(table=tables(), separator=st.sampled_from(",;\t|"))
def test_delimited_as_pandas_writes(table: Table, separator: str) -> None:
    assume(len(table) > 1 or separator == ",")
    data = pd.DataFrame(table).to_csv(index=False, sep=separator)
    check(".csv", data.encode(), table)


@generated
@given(table=tables(), separator=st.sampled_from(",;\t|"))
def test_an_index_without_a_name_in_the_header(table: Table, separator: str) -> None:
    assume(len(table) > 1 or separator == ",")
    assume(any(cell.strip() for cell in list(table.values())[-1]))  # else nothing may be the last
    data = pd.DataFrame(table).to_csv(sep=separator).removeprefix(separator)
    read = pd.read_csv(io.StringIO(data), sep=separator, dtype=str, keep_default_na=False)
    assume(read.to_dict("list") == table)  # pandas converts some line ends
    check(".csv", data.encode(), table)


@generated
@given(table=tables(), separator=st.sampled_from(",;\t|"))
def test_delimited_as_arrow_writes(table: Table, separator: str) -> None:
    assume(len(table) > 1 or separator == ",")
    sink = io.BytesIO()
    options = pyarrow.csv.WriteOptions(delimiter=separator)
    pyarrow.csv.write_csv(pa.table(table), sink, options)
    check(".csv", sink.getvalue(), table)


@pytest.mark.parametrize("orient", ["records", "columns", "index", "split", "table"])
@generated
@given(table=tables(), indent=st.sampled_from([0, 2]))
def test_json_as_pandas_writes(orient: Any, table: Table, indent: int) -> None:
    check(".json", pd.DataFrame(table).to_json(orient=orient, indent=indent).encode(), table)


@generated
@given(
    table=tables(CELLS),
    indent=st.sampled_from([None, 2]),
    ascii_=st.booleans(),
    form=st.sampled_from(["lines", "array", "key", "columns"]),
)
def test_json(table: Table, indent: int | None, ascii_: bool, form: str) -> None:
    objects = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    values: dict[str, list[Any]] = {
        "lines": objects,
        "array": [objects],
        "key": [{"version": 1, "rows": objects}],
        "columns": [table],
    }
    lines = (json.dumps(value, indent=indent, ensure_ascii=ascii_) for value in values[form])
    check(".jsonl", "\n".join(lines).encode(), table)


@generated
@given(texts=st.lists(TEXTS, min_size=1, max_size=6), lines=st.booleans())
def test_json_strings(texts: list[str], lines: bool) -> None:
    data = "\n".join(map(json.dumps, texts)) if lines and len(texts) > 1 else json.dumps(texts)
    check(".json", data.encode(), {"text": texts})


@generated
@given(table=tables())
def test_parquet(table: Table) -> None:
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(table), sink)
    check(".parquet", sink.getvalue(), table)


@generated
@given(
    texts=st.lists(TEXTS.filter(str.strip), min_size=1, max_size=6, unique=True),
)
def test_every_kind_of_file_and_folder_opens_the_same_texts(texts: list[str]) -> None:
    frame = pd.DataFrame({"id": range(len(texts)), "text": texts})
    with TemporaryDirectory() as folder:
        places = [Path(folder, name) for name in ("a.csv", "a.tsv", "a.jsonl", "a.json")]
        places += [Path(folder, "a.parquet"), Path(folder, "inside", "train.csv")]
        places[-1].parent.mkdir()
        frame.to_csv(places[0], index=False)
        frame.to_csv(places[1], index=False, sep="\t", quoting=csv.QUOTE_ALL)
        frame.to_json(places[2], orient="records", lines=True)
        frame.to_json(places[3])
        frame.to_parquet(places[4])
        frame.to_csv(places[5], index=False, sep=";")
        tables = [load_table(str(place)) for place in (*places, places[5].parent)]
        tables.append(load_table(frame))
    for table in tables:
        assert table.texts == tuple(texts)
        assert table.columns["id"] == tuple(range(len(texts)))


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl"])
@generated
@given(
    data=st.binary(min_size=1, max_size=60)
    | st.lists(MARKS, min_size=1).map(lambda marks: "".join(marks).encode())
)
def test_any_bytes_are_read_or_refused(ending: str, data: bytes) -> None:
    with suppress(UserError):
        assert_increasing(READERS[ending].read(data + b"a", "'x'"))
