from __future__ import annotations

import datetime
import decimal
import io
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lit_plugins.data.arrow import rows_of_table
from lit_plugins.data.parquet import read_parquet
from lit_plugins.errors import UserError


def parquet(table: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


def test_cells_and_row_numbers() -> None:
    rows = read_parquet(parquet(pa.table({"text": ["a", None, "é"], "n": [1, 2, None]})), "'x'")
    assert rows.columns == {"text": ["a", None, "é"], "n": [1, 2, None]}
    assert list(rows.numbers) == [1, 2, 3]
    assert (rows.unit, rows.typed, rows.malformed) == ("row", True, ())


def test_declared_classes_are_read_from_the_file() -> None:
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["neg", "pos"])}
    )
    made = datasets.Dataset.from_dict({"text": ["a", "b"], "label": [1, -1]}, features=features)
    rows = read_parquet(parquet(made.with_format("arrow")[:]), "'x'")
    assert rows.class_names == {"label": ("neg", "pos")}
    assert rows.columns["label"] == [1, -1]


def test_what_is_no_cell_is_not_read() -> None:
    table = pa.table(
        {
            "text": ["a"],
            "vector": [[1.0, 2.0]],
            "object": [{"a": 1}],
            "bytes": [b"a"],
            "__index_level_0__": [7],
        }
    )
    rows = rows_of_table(table, {})
    assert list(rows.columns) == ["text"]
    assert rows.unread == ("vector", "object", "bytes")


def test_dates_decimals_and_categories_become_strings() -> None:
    table = pa.table(
        {
            "day": [datetime.date(2024, 5, 1), None],
            "price": [decimal.Decimal("1.50"), None],
            "kind": pa.array(["a", None]).dictionary_encode(),
            "large": pa.array(["b", None], pa.large_string()),
            "nothing": pa.nulls(2),
        }
    )
    assert rows_of_table(table, {}).columns == {
        "day": ["2024-05-01", None],
        "price": ["1.50", None],
        "kind": ["a", None],
        "large": ["b", None],
        "nothing": [None, None],
    }


def test_bytes_that_are_not_utf8_stay_apart() -> None:
    raw = pa.array([b"caf\xe9", None, b"caf\xc3\xa9"])
    text = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    assert rows_of_table(pa.table({"text": text}), {}).columns["text"] == [
        "caf\udce9",
        None,
        "café",
    ]


def test_a_damaged_file() -> None:
    whole = parquet(pa.table({"text": ["a"] * 100}))
    for data in (b"not parquet at all", whole[:-20], whole[20:], b"PAR1PAR1"):
        with pytest.raises(UserError, match=r"^'x' cannot be read as Parquet \(.+\): write .+\.$"):
            read_parquet(data, "'x'")
