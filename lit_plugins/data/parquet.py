"""Parquet files, of which a small one may unfold to more than the memory holds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lit_plugins.data.arrow import holds_cells, is_shown, rows_of_table, stored_features
from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError, first_sentence
from lit_plugins.runtime import cancellation

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MOST_BYTES = 1 << 30
"""Most bytes to which the columns of a file may unfold."""

_CELL_BYTES = 60  # of a short string in Python
_BATCH_BYTES = 1 << 26
_BATCH_ROWS = 1024
_DRAWN = 10_000  # rows that are drawn from a file that is too large, or 20 for each that is kept


class _TooMuch(Exception):
    """Raised where rows unfold to more than `MOST_BYTES`."""


def read_parquet(data: bytes, title: str, most: int | None = None) -> Rows:
    """Reads the bytes of a Parquet file, including class names that `datasets` stored in it.

    Columns of bytes, objects and lists are not unfolded. A file of which the others unfold to more
    than `MOST_BYTES` is refused or, if few rows are wanted, read batch by batch: rows that are
    drawn with a fixed seed are kept.

    The file is not read through `datasets`: its cache would keep a copy of the file and could
    return an older version.

    Args:
        data: the file's bytes.
        title: how error messages call the file.
        most: the most rows that the caller keeps; None for all.

    Raises:
        UserError: the file is not Parquet, it is damaged, or it unfolds to too much.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)
        names = [field.name for field in file.schema_arrow if holds_cells(field)]
        for drawn in _draws(file.metadata.num_rows, most):
            try:
                return _rows(file, names, drawn)
            except _TooMuch:
                continue
    except (pa.ArrowException, OSError) as error:
        raise UserError(
            f"{title} cannot be read as Parquet ({first_sentence(error)}): write the file again."
        ) from error
    except UnicodeDecodeError as error:  # from a column's name; cells are decoded one by one
        raise UserError(
            f"{title} names a column that is not UTF-8: write the file again."
        ) from error
    raise UserError(
        f"{title} unfolds to more than {MOST_BYTES >> 30} GiB: read fewer rows with "
        "--max-examples, or write fewer rows and columns."
    )


def _draws(rows: int, most: int | None) -> Iterator[Sequence[int] | None]:
    """The numbers of the rows to read, from 0: first all (None), then fewer and fewer."""
    yield None
    if most is not None:
        for number in (max(20 * most, _DRAWN), most):
            if number < rows:
                yield sorted(random.Random(0).sample(range(rows), number))


def _rows(file: pq.ParquetFile, names: Sequence[str], drawn: Sequence[int] | None) -> Rows:
    import pyarrow as pa

    number = file.metadata.num_rows if drawn is None else len(drawn)
    left = MOST_BYTES - _CELL_BYTES * number * len(names)
    schema = pa.schema([_without_dictionary(file.schema_arrow.field(name)) for name in names])
    batches = []
    for batch in _batches(file, names, drawn) if left >= 0 else ():
        cancellation.check()
        batches.append(batch.cast(schema))
        left -= batches[-1].nbytes
        if left < 0:
            break
    if left < 0:
        raise _TooMuch
    rows = rows_of_table(pa.Table.from_batches(batches, schema), stored_features(file.schema_arrow))
    unread = [name for name in file.schema_arrow.names if name not in names]
    rows = replace(rows, unread=tuple(name for name in unread if is_shown(name)))
    if drawn is None:
        return rows
    note = (
        f"The file unfolds to more than {MOST_BYTES >> 30} GiB: {len(drawn):,} of its "
        f"{file.metadata.num_rows:,} rows were drawn at random and read."
    )
    return replace(rows, numbers=[place + 1 for place in drawn], notes=(*rows.notes, note))


def _without_dictionary(field: pa.Field) -> pa.Field:
    """The field with values of their own in place of numbers of values."""
    import pyarrow as pa

    return field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field


def _batches(
    file: pq.ParquetFile, names: Sequence[str], drawn: Sequence[int] | None
) -> Iterator[pa.RecordBatch]:
    groups = [file.metadata.row_group(index) for index in range(file.num_row_groups)]
    widest = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=0)
    size = max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(widest, 1)))
    start = place = 0
    for batch in file.iter_batches(size, columns=list(names), use_threads=False):
        if drawn is None:
            yield batch
            continue
        within = []
        while place < len(drawn) and drawn[place] < start + batch.num_rows:
            within.append(drawn[place] - start)
            place += 1
        start += batch.num_rows
        if within:
            yield batch.take(within)
        if place == len(drawn):
            return
