"""Saved datapoints as a file to take away, and its cells as they were."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence

from lit_plugins.data.spreadsheet import FORMULA
from lit_plugins.lit.saved.store import Saved, Value

ID = "_id"
"""The column of ids; no dataset has a field of such a name."""

MARK = "_"
"""What the columns of all that is no field begin with."""

# A spreadsheet runs a cell that begins like this. The quotes before it are counted, too, so that
# exactly one can be taken away again.
_FORMULA = re.compile(f"'*{FORMULA}")
_MARKED = re.compile(f"'+{FORMULA}")


def as_csv(points: Iterable[Saved], fields: Sequence[str]) -> str:
    """A row a datapoint: its fields, its id, and what is known of it besides."""
    points = list(points)
    beside = list(dict.fromkeys(name for each in points for name in each.meta))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(_cell, (*fields, ID, *(f"{MARK}{name}" for name in beside))))
    for each in points:
        writer.writerow(
            [
                *(_cell(each.data.get(name)) for name in fields),
                each.id,
                *(_cell(each.meta.get(name)) for name in beside),
            ]
        )
    return text.getvalue()


def as_json_lines(points: Iterable[Saved], fields: Sequence[str]) -> str:
    """A JSON object a datapoint, of the same columns."""
    return "".join(
        json.dumps(
            {
                **{name: each.data.get(name) for name in fields},
                ID: each.id,
                **{f"{MARK}{name}": value for name, value in each.meta.items()},
            },
            ensure_ascii=False,
            allow_nan=False,
        )
        + "\n"
        for each in points
    )


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    return repr(value)


def unmarked(cell: str) -> str:
    """A cell of a CSV file of these without the quote that keeps a spreadsheet from running it."""
    return cell[1:] if _MARKED.match(cell) else cell
