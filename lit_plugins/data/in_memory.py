"""Tables in memory: pandas DataFrames and datasets of the library `datasets`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from lit_plugins.data.arrow import rows_of_frame, rows_of_table
from lit_plugins.data.columns import choose_columns
from lit_plugins.data.rows import Rows
from lit_plugins.data.splits import Part, chosen_split, split_note
from lit_plugins.errors import UserError
from lit_plugins.text.given import Texts, check_texts

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict
    from pandas import DataFrame

TableObject: TypeAlias = Union["DataFrame", "Dataset", "DatasetDict"]
"""A table in memory, or the splits of one by name."""


def is_table(value: object) -> bool:
    """Whether a value is a DataFrame or a `datasets.Dataset`; told without their libraries."""
    is_frame = hasattr(value, "columns") and hasattr(value, "itertuples")
    return is_frame or (hasattr(value, "features") and hasattr(value, "with_format"))


def read_object(table: TableObject, split: str | None) -> Part:
    """The rows of a table in memory.

    Args:
        table: the table, or splits by name.
        split: the split to read of several, see `chosen_split`; None for a table.

    Raises:
        UserError: it is no table, there is no such split, or a column mixes types.
    """
    title = type(table).__name__
    if isinstance(table, Mapping) and table and all(map(is_table, table.values())):
        part = chosen_split(table, split, title)
        if part not in table:
            raise UserError(f"{title} has no split {split!r}: choose one of {', '.join(table)}.")
        return Part(_rows(table[part], title), part, split_note(table, part))
    if not is_table(table):
        raise UserError(
            f"The argument of type {title} is no table: give a file, a name on the hub, a "
            "DataFrame or a Dataset; lit_plugins.evaluate.texts makes a table of texts."
        )
    if split is not None:
        raise UserError(f"{title} has no splits, so there is no split {split!r}: leave it out.")
    return Part(_rows(table, title), "")


def texts_of(data: Texts | TableObject) -> list[str]:
    """Texts as a list of plain strings; those of a table are its column of texts.

    Raises:
        UserError: the column of texts cannot be guessed, or it holds something else than texts.
    """
    if not is_table(data):
        return check_texts(data)
    title = type(data).__name__
    rows = read_object(data, None).rows
    try:
        name, _ = choose_columns(rows, title, None, None)
    except UserError as error:
        column = next(iter(rows.columns), "text")
        raise UserError(
            f"The column of texts of the {title} cannot be guessed; give the column, such as "
            f"data[{column!r}]."
        ) from error
    return check_texts(rows.columns[name])


def _rows(table: Any, title: str) -> Rows:
    if hasattr(table, "itertuples"):
        return rows_of_frame(table, title)
    if not hasattr(table, "select"):
        raise UserError(f"{title} is read as a stream: give a part of it, as a Dataset or a list.")
    return rows_of_table(table.with_format("arrow")[:], table.features)
