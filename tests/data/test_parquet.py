import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lit_plugins.data import load_table, parquet
from lit_plugins.data.parquet import read_parquet
from lit_plugins.errors import UserError


def written(table: pa.Table, **options) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd", **options)
    return file.getvalue()


def repeated(value, times: int) -> pa.Array:
    """A column of one value, which takes a few bytes in a file however often it is repeated."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(times, "int32")), pa.array([value]))


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"text": repeated(10_000 * "a", 20_000)}),
        pa.table({"text": pa.nulls(1_000_000, pa.string())}),
    ],
    ids=["one long text", "empty rows"],
)
def test_a_small_file_that_unfolds_to_too_much_is_refused(monkeypatch, table):
    monkeypatch.setattr(parquet, "MOST_BYTES", 1 << 24)
    data = written(table)
    assert len(data) < 1 << 16
    with pytest.raises(UserError, match="unfolds to more than .* read fewer rows with --max-exam"):
        read_parquet(data, "'x'")


def test_columns_that_are_not_read_are_not_unfolded():
    table = pa.table({"text": pa.array(map(str, range(2000))), "b": repeated(bytes(2 << 20), 2000)})
    rows = read_parquet(written(table, store_schema=False), "'x'")
    assert rows.columns == {"text": list(map(str, range(2000)))}
    assert rows.unread == ("b",)


def test_of_a_file_that_is_too_large_a_sample_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "MOST_BYTES", 1 << 20)
    monkeypatch.setattr(parquet, "_DRAWN", 1000)
    texts = [f"text {number}" for number in range(20_000)]
    file = tmp_path / "x.parquet"
    file.write_bytes(written(pa.table({"text": texts}), row_group_size=3000))
    table = load_table(file, max_examples=10)
    assert table == load_table(file, max_examples=10)
    assert len(table.texts) == 10
    assert [texts[row - 1] for row in table.rows] == list(table.texts)
    assert max(table.rows) > 10_000  # from the whole file, not its beginning
    note = "1,000 of its 20,000 rows were drawn at random and read."
    assert any(sentence.endswith(note) for sentence in table.report.sentences())


def test_few_rows_that_are_too_large_are_drawn_one_by_one(monkeypatch):
    monkeypatch.setattr(parquet, "MOST_BYTES", 1 << 20)
    file = io.BytesIO()
    schema = pa.schema([("text", pa.string())])
    with pq.ParquetWriter(file, schema, use_dictionary=False, compression="zstd") as writer:
        for letter in "abcdef":
            writer.write_table(pa.table({"text": [400_000 * letter]}, schema))
    rows = read_parquet(file.getvalue(), "'x'", 2)
    assert [len(text) for text in rows.columns["text"]] == [400_000, 400_000]
    with pytest.raises(UserError, match="unfolds to more than"):
        read_parquet(file.getvalue(), "'x'", 5)
