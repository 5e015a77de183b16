"""Arrow tables, which is what Parquet files and datasets are inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lit_plugins.data.columns import RATIONALE
from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError, first_sentence

if TYPE_CHECKING:
    from pandas import DataFrame


def read_parquet(data: bytes, title: str) -> Rows:
    """Read the bytes of a Parquet file, with the names of classes that `datasets` wrote into it.

    They are not read through `datasets`, whose cache would keep a copy of the file and could
    answer for an older one.

    Raises:
        UserError: it is no Parquet file, or a damaged one.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise UserError(
            f"{title} cannot be read as Parquet ({first_sentence(error)}): write the file again."
        ) from error
    features: Mapping[str, Any] = {}
    if b"ClassLabel" in (table.schema.metadata or {}).get(b"huggingface", b""):
        import datasets

        features = datasets.Features.from_arrow_schema(table.schema)
    try:
        return rows_of_table(table, features)
    except UnicodeDecodeError as error:  # of a column's name; cells are decoded one by one
        raise UserError(
            f"{title} names a column that is not UTF-8: write the file again."
        ) from error


def rows_of_frame(frame: DataFrame, title: str) -> Rows:
    """The cells of a `pandas.DataFrame`, its index left out; NaN is a missing cell.

    Raises:
        UserError: a column holds things of several types.
    """
    import pyarrow as pa

    try:
        table = pa.Table.from_pandas(frame.rename(columns=str), preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise UserError(
            f"{title} cannot be read ({first_sentence(error)}): give each column one type."
        ) from error
    return rows_of_table(table, {})


def rows_of_table(table: Any, features: Mapping[str, Any]) -> Rows:
    """The cells of a `pyarrow.Table`; `features` are its columns' types in `datasets`.

    Dates, times and decimals become strings; lists, but for those of the column `RATIONALE`,
    structures and bytes are not read.
    """
    # pandas writes its index as a column of this name.
    names = [name for name in table.column_names if not name.startswith("__index_level_")]
    cells = {name: _cells(table.column(name), lists=name == RATIONALE) for name in names}
    return Rows(
        columns={name: column for name, column in cells.items() if column is not None},
        numbers=range(1, table.num_rows + 1),
        class_names={
            name: tuple(features[name].names)
            for name in names
            if type(features.get(name)).__name__ == "ClassLabel"
        },
        unread=tuple(name for name, column in cells.items() if column is None),
    )


def _cells(column: Any, lists: bool) -> list[object] | None:
    import pyarrow as pa

    types = pa.types
    kind = column.type
    if types.is_dictionary(kind):
        kind = kind.value_type
        column = column.cast(kind)
    if types.is_temporal(kind) or types.is_decimal(kind):
        try:
            return list(column.cast(pa.string()).to_pylist())
        except pa.ArrowException:
            return None
    if lists and (types.is_list(kind) or types.is_large_list(kind)):
        return list(column.to_pylist())
    plain = (types.is_boolean, types.is_integer, types.is_floating, types.is_null)
    if any(is_kind(kind) for is_kind in plain):
        return list(column.to_pylist())
    if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)):
        return None
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        # One bad string fails the whole column; as bytes it can be told from the others.
        return [
            None if cell is None else cell.decode("utf-8", "surrogateescape")
            for cell in column.cast(pa.large_binary()).to_pylist()
        ]
