"""Writes results to a file, text by text, as JSON lines, CSV or Parquet."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from lit_plugins.cli import stopping
from lit_plugins.cli.whole_file import WholeFile
from lit_plugins.data import Cell, TextTable
from lit_plugins.data.spreadsheet import as_csv
from lit_plugins.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa

Result = TypeVar("Result")

Beside = Mapping[str, Sequence[Cell | None]]
"""Columns of the dataset to write beside the results, with one cell for each text."""

Write = Callable[[Result], None]
"""A function that writes the result of the next text."""

_ROWS_AT_ONCE = 10_000  # rows that Parquet collects before it writes them


@dataclass(frozen=True)
class Layout(Generic[Result]):
    """The form in which the result of a text is written to a file.

    Attributes:
        columns: the columns of CSV and Parquet, with the types of their cells: str, int, float or
            bool.
        rows: returns a result's rows in CSV and Parquet, cells by column.
        lines: returns a result's JSON lines, values by name; NaN and infinity are written as null.
        names: all names that a JSON line may have.
    """

    columns: Mapping[str, type]
    rows: Callable[[Result], Iterable[Mapping[str, Any]]]
    lines: Callable[[Result], Iterable[Mapping[str, Any]]]
    names: tuple[str, ...]


def columns_of(table: TextTable, layout: Layout[Any]) -> Beside:
    """The dataset's columns to write beside the results: `row`, `label` and all others.

    `row` is `TextTable.rows`. A column whose name the results need themselves is renamed: an
    underscore is added to the end of its name.
    """
    beside: dict[str, Sequence[Cell | None]] = {"row": table.rows}
    if table.label_names is not None:
        beside["label"] = table.labels
    taken = {"index", *layout.columns, *layout.names}
    for name, cells in table.columns.items():
        while name in taken or name in beside:
            name += "_"
        beside[name] = cells
    return beside


def checked_file(path: Path, overwrite: bool) -> WholeFile:
    """The file for results, checked before any work is done.

    Args:
        path: the file; its ending determines the format.
        overwrite: whether an existing file may be replaced.

    Raises:
        UserError: the ending is unknown, or the file cannot be written; see `WholeFile.check`.
    """
    if path.suffix.lower() not in _FORMATS:
        *most, last = _FORMATS
        raise UserError(
            f"The file {str(path)!r} has none of the known endings; end it in "
            f"{', '.join(most)} or {last}."
        )
    file = WholeFile(path, overwrite)
    file.check()
    return file


@contextmanager
def writing(file: WholeFile, beside: Beside, layout: Layout[Result]) -> Iterator[Write[Result]]:
    """Opens a file for results, and completes it when the context ends.

    Args:
        file: the file, not open yet.
        beside: columns of the dataset to write beside the results.
        layout: the form of a result in the file.

    Yields:
        A function that writes the result of the next text.

    Raises:
        UserError: the file cannot be written.
    """
    with _FORMATS[file.ending](file, beside, layout) as write:
        try:
            yield write
        finally:
            stopping.ending()


@contextmanager
def _json_lines(file: WholeFile, beside: Beside, layout: Layout[Result]) -> Iterator[Write[Result]]:
    rows = _rows_beside(beside)

    def write(result: Result) -> None:
        row = next(rows)
        for line in layout.lines(result):
            text = json.dumps(strict({**row, **line}), ensure_ascii=False)
            file.file.write(text.encode() + b"\n")
        file.keep()

    with file:
        yield write


@contextmanager
def _csv(file: WholeFile, beside: Beside, layout: Layout[Result]) -> Iterator[Write[Result]]:
    rows = _rows_beside(beside)
    names = ["index", *beside, *layout.columns]

    def write(result: Result) -> None:
        row = next(rows)
        lines = ({**row, **cells} for cells in layout.rows(result))
        file.file.write(as_csv(names, lines, header=False))
        file.keep()

    with file:
        file.file.write(as_csv(names, []))
        yield write


@contextmanager
def _parquet(file: WholeFile, beside: Beside, layout: Layout[Result]) -> Iterator[Write[Result]]:
    import pyarrow as pa  # before the file is open: a signal in an import ends the process at once
    import pyarrow.parquet as pq

    rows = _rows_beside(beside)
    arrow = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    schema = pa.schema(
        [
            ("index", pa.int64()),
            *((name, _type(cells)) for name, cells in beside.items()),
            *((name, arrow[kind]) for name, kind in layout.columns.items()),
        ]
    )
    waiting: list[dict[str, Any]] = []

    def write(result: Result) -> None:
        row = next(rows)
        waiting.extend({**row, **cells} for cells in layout.rows(result))
        if len(waiting) >= _ROWS_AT_ONCE:
            flush()

    def flush() -> None:
        writer.write_table(pa.Table.from_pylist(waiting, schema))
        waiting.clear()

    with file:
        writer = pq.ParquetWriter(file.file, schema)
        try:
            yield write
        finally:  # so that Ctrl-C keeps the finished rows
            flush()
            writer.close()
            file.keep()


_FORMATS: dict[
    str, Callable[[WholeFile, Beside, Layout[Any]], AbstractContextManager[Write[Any]]]
] = {
    ".jsonl": _json_lines,
    ".csv": _csv,
    ".parquet": _parquet,
}


def _rows_beside(beside: Beside) -> Iterator[dict[str, Any]]:
    index = 0
    while True:
        yield {"index": index, **{name: cells[index] for name, cells in beside.items()}}
        index += 1


def strict(value: Any) -> Any:
    """Replaces NaN and infinity by None, also within lists and dictionaries, for strict JSON."""
    if isinstance(value, dict):
        return {name: strict(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [strict(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _type(cells: Sequence[Cell | None]) -> pa.DataType:
    import pyarrow as pa

    inferred = pa.array(cells).type
    return pa.string() if pa.types.is_null(inferred) else inferred
