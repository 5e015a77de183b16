"""What metrics have in common that LIT's page computes when a user asks for them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
"""In a metric's config: that a user asks for it. LIT's page computes all metrics of every dataset,
selection and slice at once, and these may take minutes."""

Row = tuple[str, Mapping[str, float]]
"""What a line of the metrics table is of, and its values by the name of the measure."""


@dataclass(frozen=True)
class Asked:
    """One question of the page.

    Attributes:
        model: the model.
        examples: LIT's, at least one.
        dataset: the dataset that they belong to, or were made from.
        options: checked values of the metric's options.
        config: all that the page sent.
    """

    model: LitTextClassifier
    examples: Sequence[Mapping[str, Any]]
    dataset: lit_dataset.Dataset
    options: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """The examples' texts."""
        return [example.get(fields.TEXT) or "" for example in self.examples]


class AskedMetrics(lit_components.Metrics):
    """A metric that has no values until it is asked for."""

    measures: tuple[Measure, ...] = ()
    options: tuple[Option, ...] = ()

    @abstractmethod
    def rows(self, asked: Asked) -> Iterator[Row]:
        """The lines of the table."""

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model is one of this package."""
        return isinstance(unwrapped(model), LitTextClassifier)

    def config_spec(self) -> lit_types.Spec:
        """The options, by which the page makes its form, and `ASKED`, by which it knows these."""
        return {ASKED: lit_types.BooleanLitType(required=False), **config_fields(self.options)}

    def meta_spec(self) -> lit_types.Spec:
        """The measures."""
        return {
            each.name: lit_types.MetricResult(
                description=each.help, best_value=lit_types.MetricBestValue(each.best)
            )
            for each in self.measures
        }

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """One dictionary a row; none unless the config says that they are asked for.

        Raises:
            UserError: an option is refused.
        """
        config = config or {}
        if not config.get(ASKED):
            return []
        own = unwrapped(model)
        assert isinstance(own, LitTextClassifier)  # or it would not be compatible
        asked = Asked(own, inputs, dataset, filled_in(self.options, config), config)
        return [
            {
                "pred_key": title,
                "label_key": own.label_field or "",
                # The page shows a dash for what has no value.
                "metrics": {
                    name: None if np.isnan(value) else value for name, value in values.items()
                },
            }
            for title, values in self.rows(asked)
        ]


def predicted(model: LitTextClassifier, texts: Sequence[str]) -> np.ndarray:
    """The index of the class that the model predicts for each text, int64 [texts]."""
    return model.classifier.task.predicted(chances(model, texts))


def chances(model: LitTextClassifier, texts: Sequence[str]) -> np.ndarray:
    """The classes' probabilities of each text, float64 [texts, classes]."""
    outputs = model.predict([{fields.TEXT: text} for text in texts])
    found = [output[fields.PROBAS] for output in outputs]
    return np.array(found, dtype=np.float64).reshape(len(texts), len(model.classifier.labels))
