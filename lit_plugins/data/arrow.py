"""Arrow tables, the common form of Parquet files, data frames and `datasets`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lit_plugins.data.columns import RATIONALE
from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError, first_sentence

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import DataFrame


def stored_features(schema: pa.Schema) -> Mapping[str, Any]:
    """The types of columns that `datasets` has stored in a file, if it names classes there."""
    if b"ClassLabel" not in (schema.metadata or {}).get(b"huggingface", b""):
        return {}
    import datasets

    return datasets.Features.from_arrow_schema(schema)


def is_shown(name: str) -> bool:
    """Whether a column is more than the index, which pandas stores in columns of its own."""
    return not name.startswith("__index_level_")


def holds_cells(field: pa.Field) -> bool:
    """Whether a column is read: all but structures, bytes and most lists are."""
    import pyarrow as pa

    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    return is_shown(field.name) and (
        field.name == RATIONALE or not (pa.types.is_nested(kind) or _is_bytes(kind))
    )


def _is_bytes(kind: pa.DataType) -> bool:
    import pyarrow as pa

    kinds = (
        pa.types.is_binary,
        pa.types.is_large_binary,
        pa.types.is_binary_view,
        pa.types.is_fixed_size_binary,
    )
    return any(is_kind(kind) for is_kind in kinds)


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
    names = [name for name in table.column_names if is_shown(name)]
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
