"""The base of metrics that are computed only when a user asks for them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.evaluate.metric import Measure
from lit_plugins.lit.forms import config_fields, filled_in
from lit_plugins.lit.models import fields
from lit_plugins.lit.models.any_classifier import unwrapped
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.options import Option

ASKED = "asked"
"""The key of a metric's config which says that a user asked for the metric.

LIT's page requests every metric for each dataset, selection and slice by itself. Metrics on demand
may take minutes, so they return no rows without this key.
"""


class Row(NamedTuple):
    """A line of the metrics table.

    Attributes:
        title: the line's name, such as that of a method.
        texts: the number of texts behind the values, which may be a sample; None if unknown.
        values: the values by the name of the measure.
    """

    title: str
    texts: int | None
    values: Mapping[str, float]


@dataclass(frozen=True)
class Asked:
    """A checked request for one metric.

    Attributes:
        model: the model.
        examples: LIT's examples, at least one.
        dataset: the dataset that the examples belong to or were generated from.
        options: checked values of the metric's options.
        config: the whole config that the page sent.
    """

    model: LitTextClassifier
    examples: Sequence[Mapping[str, Any]]
    dataset: lit_dataset.Dataset
    options: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """The texts of the examples."""
        return [example.get(fields.TEXT) or "" for example in self.examples]


class AskedMetrics(lit_components.Metrics):
    """A metric that has no values until a user asks for it.

    Attributes:
        measures: the columns of the metric's table.
        options: the options that a user may set.
    """

    measures: tuple[Measure, ...] = ()
    options: tuple[Option, ...] = ()

    @abstractmethod
    def rows(self, asked: Asked) -> Iterator[Row]:
        """Computes the lines of the table."""

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model is of this package."""
        return isinstance(unwrapped(model), LitTextClassifier)

    def config_spec(self) -> lit_types.Spec:
        """The options for the page's form, and `ASKED`, which marks a metric on demand."""
        return {ASKED: lit_types.BooleanLitType(required=False), **config_fields(self.options)}

    def meta_spec(self) -> lit_types.Spec:
        """LIT's description of each measure."""
        return {
            measure.name: lit_types.MetricResult(
                description=measure.help, best_value=lit_types.MetricBestValue(measure.best)
            )
            for measure in self.measures
        }

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """One dictionary for each row; none unless the config contains `ASKED`.

        Raises:
            UserError: an option is refused.
        """
        config = config or {}
        if not config.get(ASKED):
            return []
        classifier = unwrapped(model)
        assert isinstance(classifier, LitTextClassifier)  # otherwise it would not be compatible
        asked = Asked(classifier, inputs, dataset, filled_in(self.options, config), config)
        return [
            {
                "pred_key": row.title,
                "texts": row.texts,
                "label_key": classifier.label_field or "",
                # The page shows a dash for None.
                "metrics": {
                    name: None if np.isnan(value) else value for name, value in row.values.items()
                },
            }
            for row in self.rows(asked)
        ]


def predicted(model: LitTextClassifier, texts: Sequence[str]) -> np.ndarray:
    """The index of the class that the model predicts for each text, int64 [texts]."""
    return model.classifier.task.predicted(chances(model, texts))


def chances(model: LitTextClassifier, texts: Sequence[str]) -> np.ndarray:
    """Predicts the probability of each class for each text, float64 [texts, classes]."""
    outputs = model.predict([{fields.TEXT: text} for text in texts])
    rows = [output[fields.PROBAS] for output in outputs]
    return np.array(rows, dtype=np.float64).reshape(len(texts), len(model.classifier.labels))
