"""Writes saved datapoints as files for download, and undoes the protection of their cells."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence

from lit_plugins.data.spreadsheet import FORMULA, inert_inside, unmarked_inside
from lit_plugins.lit.saved.lines import Saved, Value

ID = "_id"
"""The column of ids; datasets have no fields of this name."""

MARK = "_"
"""The first character of all columns that are not fields of the dataset."""

# A spreadsheet runs a cell that begins like a formula. Quotes before it are matched too, so that
# reading removes exactly the one quote that writing added.
_FORMULA = re.compile(f"'*{FORMULA}")
_MARKED = re.compile(f"'+{FORMULA}")


def as_csv(points: Iterable[Saved], fields: Sequence[str]) -> str:
    """Writes a CSV file with one row for each datapoint: its fields, its id, and its meta.

    Args:
        points: the datapoints.
        fields: the names of the dataset's fields.
    """
    points = list(points)
    meta_names = list(dict.fromkeys(name for point in points for name in point.meta))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(_cell, (*fields, ID, *(f"{MARK}{name}" for name in meta_names))))
    for point in points:
        writer.writerow(
            [
                *(_cell(point.data.get(name)) for name in fields),
                point.id,
                *(_cell(point.meta.get(name)) for name in meta_names),
            ]
        )
    return text.getvalue()


def as_json_lines(points: Iterable[Saved], fields: Sequence[str]) -> str:
    """Writes one JSON object for each datapoint, with the columns of `as_csv`.

    Args:
        points: the datapoints.
        fields: the names of the dataset's fields.
    """
    return "".join(
        json.dumps(
            {
                **{name: point.data.get(name) for name in fields},
                ID: point.id,
                **{f"{MARK}{name}": value for name, value in point.meta.items()},
            },
            ensure_ascii=False,
            allow_nan=False,
        )
        + "\n"
        for point in points
    )


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = inert_inside(value)
        return f"'{text}" if _FORMULA.match(text) else text
    return repr(value)


def unmarked(cell: str) -> str:
    """A cell of a file from `as_csv`, without the quotes that stop spreadsheets from running it."""
    return unmarked_inside(cell[1:] if _MARKED.match(cell) else cell)
