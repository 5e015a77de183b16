"""`check_metric`: the contract of metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lit_plugins.data import TextTable
from lit_plugins.evaluate.inputs import Classifiers, models, slices
from lit_plugins.evaluate.metric import Metric, Question
from lit_plugins.evaluate.registry import check_declaration
from lit_plugins.options import check_options
from lit_plugins.testing.claims import claim, claim_declared, claim_sentence, close

if TYPE_CHECKING:
    from pandas import DataFrame

_MODEL = "model"
_BESTS = ("highest", "lowest", "zero", "none")


def check_metric(
    metric: Metric,
    classifiers: Classifiers,
    table: TextTable,
    *,
    by: str | None = None,
    tolerance: float = 1e-6,
    **options: Any,
) -> None:
    """Checks a metric on models and texts.

    Args:
        metric: the metric; it need not be registered.
        classifiers: one model, or several by name, that the metric fits.
        table: texts that the metric fits.
        by: the column or phenomenon to slice by; None for a metric whose table has no slices.
        tolerance: how much two runs may differ, as a share of the number but at least of 1.
        options: the metric's own options, and those that every `Metric` takes.

    Raises:
        AssertionError: the metric violates the contract; one sentence says how.
    """
    claim_declared(check_declaration, metric)
    claim_sentence(metric.help, f"The help of {metric.name}")
    for option in metric.options:
        claim_sentence(option.help, f"The help of the option {option.name}")
    _check_measures(metric)
    named = models(classifiers)
    declared = {option.name for option in metric.options}
    values = {name: value for name, value in options.items() if name in declared}
    claim(
        metric.fits(Question(named, table, options=check_options(metric.options, values))) is True,
        f"The metric {metric.name} does not fit these models and texts.",
    )
    counts: list[tuple[int, int]] = []
    whole = metric(named, table, progress=lambda *count: counts.append(count), **options)
    _check_table(metric, whole)
    claim(
        counts == sorted(counts) and all(0 <= done <= total for done, total in counts),
        f"The progress of {metric.name} goes backwards, or beyond its total.",
    )
    _claim_alike(metric, whole, metric(named, table, **options), tolerance, "called again")
    if _MODEL in whole.columns and len(named) > 1:
        for name, classifier in named.items():
            alone = metric({name: classifier}, table, **options)
            of_model = whole[whole[_MODEL] == name]
            _claim_alike(metric, of_model, alone, tolerance, "a model stands beside others")
    if by is not None:
        sliced = metric(named, table, by=by, **options)
        _check_table(metric, sliced)
        claim(by in sliced.columns, f"The table of {metric.name} by {by!r} lacks that column.")
        claim(
            set(sliced[by]) <= set(slices(table, by)),
            f"The table of {metric.name} by {by!r} has slices that the texts do not have.",
        )


def _check_measures(metric: Metric) -> None:
    for measure in metric.measures:
        claim(
            measure.name and not set(":,") & set(measure.name),
            f"The measure {measure.name!r} of {metric.name} needs a name without colon and comma.",
        )
        claim_sentence(measure.help, f"The help of the measure {measure.name!r}")
        claim(
            measure.best in _BESTS,
            f"The best value of {measure.name!r} is {measure.best!r}; choose from "
            f"{', '.join(_BESTS)}.",
        )


def _check_table(metric: Metric, table: DataFrame) -> None:
    claim(len(table), f"The table of {metric.name} has no row.")
    claim(
        all(isinstance(name, str) for name in table.columns),
        f"The table of {metric.name} has a column whose name is not a string.",
    )
    for measure in metric.measures:
        claim(
            measure.column in table.columns,
            f"The table of {metric.name} lacks the column {measure.column!r} of its measures.",
        )
        numbers = np.asarray(table[measure.column])
        claim(
            np.issubdtype(numbers.dtype, np.number) and not np.isinf(numbers).any(),
            f"The column {measure.column!r} of {metric.name} holds a value that is not a finite "
            "number; use nan for a missing value.",
        )


def _claim_alike(
    metric: Metric, one: DataFrame, other: DataFrame, tolerance: float, when: str
) -> None:
    differs = f"The table of {metric.name} differs when {when}"
    claim(list(one.columns) == list(other.columns), f"{differs}: it has other columns.")
    claim(len(one) == len(other), f"{differs}: it has {len(other)} rows in place of {len(one)}.")
    for column in one.columns:
        cells = one[column].tolist(), other[column].tolist()
        alike = (
            close(*cells, tolerance)
            if all(np.issubdtype(np.asarray(part).dtype, np.number) for part in cells)
            else cells[0] == cells[1]
        )
        claim(alike, f"{differs}: the column {column!r} has other values.")
