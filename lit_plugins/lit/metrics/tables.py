"""Shows the engine's metrics in LIT's metrics table, for one model at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model

from lit_plugins import evaluate
from lit_plugins.data import TextTable
from lit_plugins.data.columns import tidy_column
from lit_plugins.evaluate import Metric, Question
from lit_plugins.lit.interpreters.explanation_cache import Filler
from lit_plugins.lit.metrics.on_demand import Asked, AskedMetrics, Row
from lit_plugins.lit.models import fields
from lit_plugins.lit.models.any_classifier import unwrapped
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.options import LANGUAGE_MODEL, check_options, loading

_MODEL = "model"
_COUNT = "n"
_TAKEN = ("texts", "labels")  # names of the arguments of `evaluate.texts`


class TableMetrics(AskedMetrics):
    """Adapts any metric of the engine that has measures."""

    def __init__(self, metric: Metric, filler: Filler = "auto"):
        """Wraps a metric.

        Args:
            metric: an entry of the registry.
            filler: the masked language model for a metric that needs one. The page cannot choose
                it, because a name may be any path on the server.
        """
        self._metric = metric
        self.measures = metric.measures
        self.options = tuple(option for option in metric.options if not option.loads)
        self._fillers = dict.fromkeys(loading(metric.options, LANGUAGE_MODEL), filler)

    def description(self) -> str:
        """The text that the page shows."""
        return f"{self._metric.title}: {self._metric.help}"

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model is of this package, and the metric fits it and the whole dataset."""
        classifier = unwrapped(model)
        if not isinstance(classifier, LitTextClassifier):
            return False
        options = check_options(self.options, {})
        asked = Asked(classifier, dataset.examples, dataset, options)
        return self._metric.fits(self._question(asked))

    def rows(self, asked: Asked) -> Iterator[Row]:
        """One line for each row of the metric's table.

        The title of the line consists of the row's texts, such as the name of a method. The column
        `n`, if the table has one, is the number of texts.
        """
        columns = {measure.column: measure.name for measure in self.measures}
        for row in self._metric.make(self._question(asked)).to_dict("records"):
            names = [
                str(cell)
                for column, cell in row.items()
                if column != _MODEL and column not in columns and isinstance(cell, str)
            ]
            values = {name: float(row.get(column, np.nan)) for column, name in columns.items()}
            count = row.get(_COUNT)
            texts = None if count is None else int(count)
            yield Row(", ".join(names) or self._metric.title, texts, values)

    def _question(self, asked: Asked) -> Question:
        classifier = asked.model.classifier
        options = {**asked.options, **self._fillers}
        return Question({classifier.name: classifier}, table_of(asked), options=options)


def table_of(asked: Asked) -> TextTable:
    """Converts the examples to a table of texts, gold labels and the dataset's other columns."""
    label = asked.model.label_field
    columns: dict[str, list[Any]] = {}
    for name, kind in asked.dataset.spec().items():
        cells = [example.get(name) for example in asked.examples]
        shown = name not in (fields.TEXT, fields.EDIT, label) and not kind.annotated
        if shown and tidy_column(cells) is not None:
            columns[f"column_{name}" if name in _TAKEN else name] = cells
    labels = [example.get(label) or None for example in asked.examples] if label else None
    return evaluate.texts(asked.texts, labels, **columns)
