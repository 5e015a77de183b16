"""LIT's thresholder, with a limit on slices, and with cancellation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from lit_nlp.components import metrics, thresholder

from lit_plugins.errors import UserError
from lit_plugins.runtime import cancellation

_FACETS = "facets"
_MOST = 100  # slices in one request


class _StoppableMetrics(metrics.BinaryConfusionMetrics):
    """LIT's confusion metrics, which stop when their request is cancelled."""

    def run(self, *arguments: Any, **options: Any) -> Any:
        """LIT's result, unless the request was cancelled."""
        cancellation.check()
        return super().run(*arguments, **options)


class Thresholds(thresholder.Thresholder):
    """Finds the thresholds of least cost; each slice takes about a hundred rounds of metrics."""

    def __init__(self) -> None:
        """Prepares LIT's thresholder with metrics that can be cancelled."""
        super().__init__()
        self.metrics_gen = _StoppableMetrics()

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict] | None:
        """LIT's result.

        Raises:
            UserError: there are too many slices.
        """
        facets = (config or {}).get(_FACETS)
        if isinstance(facets, Mapping) and len(facets) > _MOST:
            raise UserError(
                f"The request has {len(facets):,} slices for thresholds; send at most {_MOST}."
            )
        return super().run(inputs, model, dataset, model_outputs, config)
