"""Reads datapoints from a file that a user uploads, and reports what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from lit_nlp.api import types as lit_types

from lit_plugins.data import LoadReport
from lit_plugins.data.columns import choose_columns
from lit_plugins.data.delimited import read_delimited
from lit_plugins.data.files import without_mark
from lit_plugins.data.json_lines import read_json_lines
from lit_plugins.data.labels import Labels, read_labels
from lit_plugins.data.rows import Rows
from lit_plugins.data.wording import counted, listed
from lit_plugins.errors import UserError
from lit_plugins.lit.models import fields
from lit_plugins.lit.request_checks import MOST_NEW_EXAMPLES
from lit_plugins.lit.saved.download import ID, MARK, unmarked
from lit_plugins.lit.saved.fit import Fit, fitting_meta
from lit_plugins.lit.saved.lines import Value
from lit_plugins.runtime import cancellation

FILE = "file"
"""The `source` in the meta of a datapoint whose file names no source."""

_MOST_ROWS = MOST_NEW_EXAMPLES
_MOST_LINES = 10 * _MOST_ROWS

ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".json")
"""Endings of the files that can be uploaded."""


@dataclass(frozen=True)
class UploadedDatapoint:
    """A datapoint in an uploaded file.

    Attributes:
        id: the datapoint's id in the file, to which other rows may refer as their parent; "" if
            the file gives none.
        data: values by field of the dataset.
        meta: facts about the datapoint beside its fields.
    """

    id: str
    data: Mapping[str, Value]
    meta: Mapping[str, str]


def read_upload(
    name: str, text: str, fit: Fit, *, numbers: bool = True
) -> tuple[list[UploadedDatapoint], list[str]]:
    """Reads the datapoints of a CSV, TSV or JSON lines file.

    Args:
        name: the file's name; its ending determines the format.
        text: the file's contents.
        fit: the dataset's fields. Other columns are left out, except that the text and the label
            are also found under their usual names.
        numbers: whether labels may be indices of the dataset's classes, whose order then is that
            of all models.

    Returns:
        The datapoints, and sentences on what was left out.

    Raises:
        UserError: the file has another format, no usable row, or too many rows.
    """
    title = repr(PurePath(name).name[-80:])
    _check_size("line", max(map(text.count, "\r\n")), _MOST_LINES, title)
    rows = _rows(title, PurePath(name).suffix.lower(), text)
    _check_size("row", len(rows.numbers) + len(rows.malformed), _MOST_ROWS, title)
    columns = _columns(rows, title, fit)
    labels = _labels(rows, columns.get(fields.LABEL), title, fit, numbers)
    datapoints = []
    malformed, empty, unknown = list(rows.malformed), [], []
    unfit: Counter[str] = Counter()
    for place, number in enumerate(rows.numbers):
        cancellation.check()
        row = {field: rows.columns[column][place] for field, column in columns.items()}
        if not rows.typed:
            row = {field: fit.read(field, str(cell)) for field, cell in row.items()}
        row[fields.LABEL] = labels.values[place]
        data, problems = fit.data(row)
        if fields.TEXT in problems:
            malformed.append(number)
        elif not str(data[fields.TEXT]).strip():
            empty.append(number)
        elif place in labels.unknown:
            unknown.append(number)
        else:
            unfit.update(problems)
            datapoints.append(_datapoint(rows, place, data))
    report = LoadReport(
        source=name,
        read=len(rows.numbers) + len(rows.malformed),
        kept=len(datapoints),
        malformed=tuple(sorted(malformed)),
        empty=tuple(empty),
        unknown_labels=tuple(unknown),
        notes=(*rows.notes, *labels.notes, *_differences(rows, columns, unfit, fit)),
        unit=rows.unit,
        reasons=rows.reasons,
    )
    if not datapoints:
        why = replace(report, notes=()).sentences() or ["it has none."]
        raise UserError(f"No row of {title} can be loaded: {why[0]}")
    return datapoints, report.sentences()


def _rows(title: str, ending: str, text: str) -> Rows:
    if ending not in ENDINGS:
        raise UserError(
            f"{title} has the unknown ending {ending!r}: load a file that ends in one of "
            f"{listed(ENDINGS)}."
        )
    # Lone surrogates pass here, so that their row is reported as malformed.
    data = without_mark(text.encode("utf-8", "surrogatepass"), title)
    if not data.strip():
        raise UserError(f"{title} is empty: load a file that holds at least one text.")
    if ending not in (".csv", ".tsv"):
        return read_json_lines(data, title)
    rows = read_delimited(data, title, "\t" if ending == ".tsv" else ",")
    if ID not in rows.columns:
        return rows
    columns = {
        unmarked(name): [unmarked(str(cell)) for cell in cells]
        for name, cells in rows.columns.items()
    }
    return replace(rows, columns=columns)


def _check_size(unit: str, number: int, most: int, title: str) -> None:
    if number > most:
        raise UserError(f"{title} has {counted(number, unit)}; load at most {most:,} at once.")


def _columns(rows: Rows, title: str, fit: Fit) -> dict[str, str]:
    """The name of the file's column by the name of each field that the file has."""
    columns = {name: name for name in fit.kinds if name in rows.columns}
    try:
        text, label = choose_columns(
            rows, title, columns.get(fields.TEXT), columns.get(fields.LABEL)
        )
    except UserError as error:
        raise UserError(
            f"It is not clear which column of {title} holds the texts: name it {fields.TEXT}."
        ) from error
    columns[fields.TEXT] = text
    if label is not None and fields.LABEL in fit.kinds and label not in columns.values():
        columns[fields.LABEL] = label
    return columns


def _labels(rows: Rows, column: str | None, title: str, fit: Fit, numbers: bool) -> Labels:
    kind = fit.kinds.get(fields.LABEL)
    if column is None or not isinstance(kind, lit_types.CategoryLabel) or not kind.vocab:
        return Labels([None] * len(rows.numbers), frozenset(), None)
    try:
        read = read_labels(
            rows.columns[column],
            column=column,
            title=title,
            label_names=list(kind.vocab) if numbers else frozenset(kind.vocab),
        )
    except UserError as error:
        raise UserError(
            f"The labels in the column {column!r} of {title} do not say which of the classes "
            f"{listed(kind.vocab)} they mean: write these names, or nothing."
        ) from error
    # An upload without labels is normal, so it needs no note.
    return read if read.names is not None else replace(read, notes=())


def _differences(
    rows: Rows, columns: Mapping[str, str], unfit: Mapping[str, int], fit: Fit
) -> Iterator[str]:
    for field, count in unfit.items():
        verb = "was" if count == 1 else "were"
        yield f"{counted(count, 'value')} of {field} did not fit the dataset and {verb} left out."
    unknown = [name for name in rows.columns if name not in columns.values() and name[:1] != MARK]
    if unknown:
        yield f"Left out, as the dataset does not have them: {listed(unknown)}."
    missing = [name for name in fit.kinds if name not in columns and name != fields.EDIT]
    if missing:
        yield f"Left empty, as the file does not have them: {listed(missing)}."


def _datapoint(rows: Rows, place: int, data: Mapping[str, Value]) -> UploadedDatapoint:
    marked = {
        name[len(MARK) :]: cells[place]
        for name, cells in rows.columns.items()
        if name.startswith(MARK)
    }
    id_ = marked.pop(ID[len(MARK) :], None)
    meta = {"source": FILE, **fitting_meta(marked)}
    return UploadedDatapoint(id_ if isinstance(id_, str) else "", data, meta)
