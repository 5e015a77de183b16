"""Explanations into a file, one text after the other: JSON lines, CSV or Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from lit_plugins.data import Cell, TextTable
from lit_plugins.errors import UserError
from lit_plugins.explain import Explanation

Beside = Mapping[str, Sequence[Cell | None]]
"""Columns of the texts that go along with their explanations, one cell a text."""

Write = Callable[[Explanation], None]

_WORD_COLUMNS: dict[str, pa.DataType] = {
    "word": pa.string(),
    "start": pa.int64(),
    "end": pa.int64(),
    "score": pa.float64(),
    "error": pa.float64(),
}
_TEXT_COLUMNS: dict[str, pa.DataType] = {
    "method": pa.string(),
    "target": pa.int64(),
    "target_label": pa.string(),
    "unit": pa.string(),
    "output": pa.float64(),
    "base_value": pa.float64(),
    "delta": pa.float64(),
    "evaluations": pa.int64(),
    "truncated": pa.bool_(),
    "converged": pa.bool_(),
    "note": pa.string(),
}
_ROWS_AT_ONCE = 10_000


def columns_of(table: TextTable) -> Beside:
    """The columns of a dataset that go along: `row`, as `TextTable.rows`; `label`; all others.

    A column whose name a field of the explanation has already gets an underscore after it.
    """
    beside: dict[str, Sequence[Cell | None]] = {"row": table.rows}
    if table.label_names is not None:
        beside["label"] = table.labels
    taken = {"index", *_WORD_COLUMNS, *(field.name for field in fields(Explanation))}
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


@contextmanager
def writing(path: Path, overwrite: bool, beside: Beside) -> Iterator[Write]:
    """A function that writes the next text's explanation; the file is whole when this closes.

    Args:
        path: its ending says the format.
        overwrite: whether a file that exists is written anew.
        beside: what goes along with each text.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        with (
            path.open("wb" if overwrite else "xb") as file,
            _FORMATS[path.suffix.lower()](file, beside) as write,
        ):
            yield write
    except OSError as error:
        raise UserError(
            f"The file {str(path)!r} cannot be written ({error.strerror or error}); "
            "make room or name another."
        ) from error


@contextmanager
def _json_lines(file: IO[bytes], beside: Beside) -> Iterator[Write]:
    rows = _rows_beside(beside)

    def write(explanation: Explanation) -> None:
        line = json.dumps({**next(rows), **explanation.to_dict()}, ensure_ascii=False)
        file.write(line.encode() + b"\n")
        file.flush()

    yield write


@contextmanager
def _csv(file: IO[bytes], beside: Beside) -> Iterator[Write]:
    rows = _rows_beside(beside)
    names = ["index", *beside, *_WORD_COLUMNS, *_TEXT_COLUMNS]

    def lines(words: Sequence[Mapping[str, Any]], header: bool = False) -> bytes:
        text = io.StringIO()
        writer = csv.DictWriter(text, names, lineterminator="\n")
        if header:
            writer.writeheader()
        writer.writerows(words)
        return text.getvalue().encode()

    def write(explanation: Explanation) -> None:
        file.write(lines(_words(next(rows), explanation)))
        file.flush()

    file.write(lines([], header=True))
    yield write


@contextmanager
def _parquet(file: IO[bytes], beside: Beside) -> Iterator[Write]:
    rows = _rows_beside(beside)
    types = {"index": pa.int64(), **{name: _type(cells) for name, cells in beside.items()}}
    schema = pa.schema([*{**types, **_WORD_COLUMNS, **_TEXT_COLUMNS}.items()])
    waiting: list[dict[str, Any]] = []

    with pq.ParquetWriter(file, schema) as writer:

        def write(explanation: Explanation) -> None:
            waiting.extend(_words(next(rows), explanation))
            if len(waiting) >= _ROWS_AT_ONCE:
                flush()

        def flush() -> None:
            writer.write_table(pa.Table.from_pylist(waiting, schema))
            waiting.clear()

        try:
            yield write
        finally:
            flush()  # Ctrl-C keeps what is done


_FORMATS: dict[str, Callable[[IO[bytes], Beside], AbstractContextManager[Write]]] = {
    ".jsonl": _json_lines,
    ".csv": _csv,
    ".parquet": _parquet,
}


def _rows_beside(beside: Beside) -> Iterator[dict[str, Any]]:
    index = 0
    while True:
        yield {"index": index, **{name: cells[index] for name, cells in beside.items()}}
        index += 1


def _words(row: Mapping[str, Any], explanation: Explanation) -> list[dict[str, Any]]:
    """One row a word, strict: None where a value is no number."""
    plain = explanation.to_dict()
    errors = plain["error"] or [None] * len(plain["words"])
    of_text = {name: plain[name] for name in _TEXT_COLUMNS}
    return [
        {**row, "word": word, "start": start, "end": end, "score": score, "error": error, **of_text}
        for word, (start, end), score, error in zip(
            plain["words"], plain["offsets"], plain["scores"], errors, strict=True
        )
    ]


def _type(cells: Sequence[Cell | None]) -> pa.DataType:
    found = pa.array(cells).type
    return pa.string() if pa.types.is_null(found) else found
