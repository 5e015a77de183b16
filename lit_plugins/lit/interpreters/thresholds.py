"""LIT's thresholder, for so many slices at once, and only while somebody waits for it."""

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
_MOST = 100


class _StoppableMetrics(metrics.BinaryConfusionMetrics):
    """LIT's confusion metrics, which stop when nobody waits for them."""

    def run(self, *arguments: Any, **options: Any) -> Any:
        """As LIT's."""
        cancellation.check()
        return super().run(*arguments, **options)


class Thresholds(thresholder.Thresholder):
    """Thresholds that cost the least; each slice takes about a hundred rounds of metrics."""

    def __init__(self) -> None:
        """As LIT's."""
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
        """As LIT's.

        Raises:
            UserError: there are too many slices.
        """
        facets = (config or {}).get(_FACETS)
        if isinstance(facets, Mapping) and len(facets) > _MOST:
            raise UserError(
                f"Thresholds are asked of {len(facets):,} slices; ask of at most {_MOST}."
            )
        return super().run(inputs, model, dataset, model_outputs, config)
