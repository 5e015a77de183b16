"""Results into a file, one text's after the other: JSON lines, CSV or Parquet."""

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
"""Columns of the texts that go along with their results, one cell a text."""

Write = Callable[[Result], None]
"""Takes the result of the next text."""

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Layout(Generic[Result]):
    """How a text's result lies in a file.

    Attributes:
        columns: those of CSV and Parquet, with the types of their cells: str, int, float or bool.
        rows: a result's rows there, cells by column.
        lines: a result's JSON lines, values by name; numbers that are none become null.
        names: what a JSON line may hold.
    """

    columns: Mapping[str, type]
    rows: Callable[[Result], Iterable[Mapping[str, Any]]]
    lines: Callable[[Result], Iterable[Mapping[str, Any]]]
    names: tuple[str, ...]


def columns_of(table: TextTable, layout: Layout[Any]) -> Beside:
    """The columns of a dataset that go along: `row`, as `TextTable.rows`; `label`; all others.

    A column whose name the results need themselves gets an underscore after it.
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
    """Finds before any work what speaks against writing a file.

    Raises:
        UserError: its ending is not known, it exists and is not to be overwritten, or its folder
            does not exist.
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
    """The end of a sentence on what was done: which file has it, if any."""
    return "" if path is None else f", written to {str(path)!r}"


@contextmanager
def writing(
    path: Path, overwrite: bool, beside: Beside, layout: Layout[Result]
) -> Iterator[Write[Result]]:
    """A function that writes the next text's result; the file is whole when this closes.

    Args:
        path: its ending says the format.
        overwrite: whether a file that exists is written anew.
        beside: what goes along with each text.
        layout: what is written of each text.

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
    """A file to write.

    Raises:
        UserError: it cannot be written.
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
            flush()  # Ctrl-C keeps what is done


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
    """The value as strict JSON takes it: None where a number is none."""
    if isinstance(value, dict):
        return {name: strict(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [strict(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _type(cells: Sequence[Cell | None]) -> pa.DataType:
    import pyarrow as pa

    found = pa.array(cells).type
    return pa.string() if pa.types.is_null(found) else found
