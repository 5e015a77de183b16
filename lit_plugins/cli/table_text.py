"""Writes tables as text for a terminal, or several tables into one file."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lit_plugins.cli.output import strict
from lit_plugins.cli.whole_file import WholeFile
from lit_plugins.data.spreadsheet import as_csv
from lit_plugins.terminal import columns, fit, printable

if TYPE_CHECKING:
    from pandas import DataFrame

_WIDEST = 40  # terminal columns of one cell
_BETWEEN = "  "


def as_text(table: DataFrame) -> str:
    """Formats a table with aligned columns.

    Columns of numbers are aligned to the right, with three decimals; other columns are aligned to
    the left. The words of a column's name stand below each other. A dash stands for None, NaN and
    infinity. Long texts are cut.
    """
    rows = table.to_dict("records")
    heads = {name: _line(str(name)).replace(" ", "_").split("_") for name in table.columns}
    height = max(map(len, heads.values()), default=0)
    lines = [""] * (height + len(rows))
    for name, head in heads.items():
        values = [row[name] for row in rows]
        cells = [*head, *[""] * (height - len(head)), *map(_cell, values)]
        width = max(map(columns, cells))
        to_the_right = all(_is_number(value) for value in values)
        for index, cell in enumerate(cells):
            space = " " * (width - columns(cell))
            lines[index] += (space + cell if to_the_right else cell + space) + _BETWEEN
    return "\n".join(line.rstrip() for line in lines)


def write_tables(file: WholeFile, tables: Mapping[str, DataFrame]) -> None:
    """Writes tables into one file, each row with its table's name in the column `metric`.

    In a .jsonl file each line has the columns of its own table only. A .csv or .parquet file has
    the columns of all tables. NaN and infinity are null in JSON and missing otherwise.

    Args:
        file: the open file; what it has held is replaced.
        tables: tables by name, at least one.
    """
    rows = [
        {"metric": name, **strict(row)}
        for name, table in tables.items()
        for row in table.to_dict("records")
    ]
    names = list(dict.fromkeys(name for table in tables.values() for name in table.columns))
    file.rewrite(_FORMATS[file.ending](rows, ["metric", *map(str, names)]))


def _json_lines(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _csv(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> bytes:
    return as_csv(names, rows)


def _parquet(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.table({name: [row.get(name) for row in rows] for name in names}), buffer)
    return buffer.getvalue()


_FORMATS = {".jsonl": _json_lines, ".csv": _csv, ".parquet": _parquet}


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}" if math.isfinite(value) else "-"
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return fit(_line(str(value)), _WIDEST)


def _line(text: str) -> str:
    return " ".join(printable(text).split())


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
