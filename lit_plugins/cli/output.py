"""Writes results to a file, text by text, as JSON lines, CSV or Parquet."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Generic, TypeVar

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


def check_file(path: Path, overwrite: bool) -> None:
    """Checks, before any work is done, that a file can be written.

    Args:
        path: the file.
        overwrite: whether an existing file may be replaced.

    Raises:
        UserError: the ending is unknown, the path is a folder, the file exists and may not be
            replaced, or its folder does not exist.
    """
    if path.suffix.lower() not in _FORMATS:
        *most, last = _FORMATS
        raise UserError(
            f"The file {str(path)!r} has none of the known endings; end it in "
            f"{', '.join(most)} or {last}."
        )
    if path.is_dir():
        raise UserError(f"{str(path)!r} is a folder; name a file.")
    if path.exists() and not overwrite:
        raise UserError(f"The file {str(path)!r} exists; add --overwrite or name another.")
    if not path.parent.is_dir():
        raise UserError(f"The folder {str(path.parent)!r} does not exist; make it first.")


def where(path: Path | None) -> str:
    """The end of a report's sentence that names the file, if there is one."""
    return "" if path is None else f", written to {str(path)!r}"


@contextmanager
def writing(
    path: Path, overwrite: bool, beside: Beside, layout: Layout[Result]
) -> Iterator[Write[Result]]:
    """Opens a file for results, and closes it when the context ends.

    Args:
        path: the file; its ending determines the format.
        overwrite: whether an existing file is replaced.
        beside: columns of the dataset to write beside the results.
        layout: the form of a result in the file.

    Yields:
        A function that writes the result of the next text.

    Raises:
        UserError: the file cannot be written.
    """
    with (
        opened(path, overwrite) as file,
        _FORMATS[path.suffix.lower()](file, beside, layout) as write,
    ):
        yield write


@contextmanager
def opened(path: Path, overwrite: bool) -> Iterator[IO[bytes]]:
    """Opens a file for writing, and closes it when the context ends.

    Args:
        path: the file.
        overwrite: whether an existing file is replaced.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        with path.open("wb" if overwrite else "xb") as file:
            yield file
    except OSError as error:
        raise UserError(
            f"The file {str(path)!r} cannot be written ({error.strerror or error}); "
            "make room or name another."
        ) from error


@contextmanager
def _json_lines(file: IO[bytes], beside: Beside, layout: Layout[Result]) -> Iterator[Write[Result]]:
    rows = _rows_beside(beside)

    def write(result: Result) -> None:
        row = next(rows)
        for line in layout.lines(result):
            file.write(json.dumps(strict({**row, **line}), ensure_ascii=False).encode() + b"\n")
        file.flush()

    yield write


@contextmanager
def _csv(file: IO[bytes], beside: Beside, layout: Layout[Result]) -> Iterator[Write[Result]]:
    rows = _rows_beside(beside)
    names = ["index", *beside, *layout.columns]

    def write(result: Result) -> None:
        row = next(rows)
        lines = ({**row, **cells} for cells in layout.rows(result))
        file.write(as_csv(names, lines, header=False))
        file.flush()

    file.write(as_csv(names, []))
    yield write


@contextmanager
def _parquet(file: IO[bytes], beside: Beside, layout: Layout[Result]) -> Iterator[Write[Result]]:
    import pyarrow as pa
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

    with pq.ParquetWriter(file, schema) as writer:

        def write(result: Result) -> None:
            row = next(rows)
            waiting.extend({**row, **cells} for cells in layout.rows(result))
            if len(waiting) >= _ROWS_AT_ONCE:
                flush()

        def flush() -> None:
            writer.write_table(pa.Table.from_pylist(waiting, schema))
            waiting.clear()

        try:
            yield write
        finally:
            flush()  # so that Ctrl-C keeps the finished rows


_FORMATS: dict[
    str, Callable[[IO[bytes], Beside, Layout[Any]], AbstractContextManager[Write[Any]]]
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
