"""Arrow tables, the common form of Parquet files, data frames and `datasets`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lit_plugins.data.columns import RATIONALE
from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError, first_sentence

if TYPE_CHECKING:
    from pandas import DataFrame


def read_parquet(data: bytes, title: str) -> Rows:
    """Reads the bytes of a Parquet file, including class names that `datasets` stored in it.

    The file is not read through `datasets`: its cache would keep a copy of the file and could
    return an older version.

    Args:
        data: the file's bytes.
        title: how error messages call the file.

    Raises:
        UserError: the file is not Parquet, or it is damaged.
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
    except UnicodeDecodeError as error:  # from a column's name; cells are decoded one by one
        raise UserError(
            f"{title} names a column that is not UTF-8: write the file again."
        ) from error


def rows_of_frame(frame: DataFrame, title: str) -> Rows:
    """The cells of a `pandas.DataFrame` without its index; NaN is a missing cell.

    Raises:
        UserError: a column mixes several types.
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
    """The cells of an Arrow table.

    Dates, times and decimals become strings. Structures, bytes and lists are not read, except for
    the lists of the column `RATIONALE`.

    Args:
        table: a `pyarrow.Table`.
        features: the types that `datasets` declares for the columns, by column name.
    """
    # pandas stores its index in columns with this prefix.
    names = [name for name in table.column_names if not name.startswith("__index_level_")]
    cells = {name: _cells(table.column(name), lists=name == RATIONALE) for name in names}
    return Rows(
        columns={name: column for name, column in cells.items() if column is not None},
        numbers=range(1, table.num_rows + 1),
        class_names={
            name: classes for name, classes in class_names_of(features).items() if name in names
        },
        unread=tuple(name for name, column in cells.items() if column is None),
    )


def class_names_of(features: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The names of classes that `datasets` declares, by column."""
    return {
        name: tuple(feature.names)
        for name, feature in features.items()
        if type(feature).__name__ == "ClassLabel"
    }


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
        # One bad string fails the whole column; decoding the bytes singles it out.
        return [
            None if cell is None else cell.decode("utf-8", "surrogateescape")
            for cell in column.cast(pa.large_binary()).to_pylist()
        ]
