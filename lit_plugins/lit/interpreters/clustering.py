"""LIT's salience clustering, applied to whole words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from lit_nlp.components import salience_clustering

from lit_plugins.lit.forms import filled_in
from lit_plugins.options import Integer, Option


class _WithoutEmbeddingTable:
    """A model without an embedding table, and otherwise unchanged."""

    def __init__(self, model: lit_model.Model):
        self.wrapped = model

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wrapped, name)

    def get_embedding_table(self) -> tuple[list[str], np.ndarray]:
        raise NotImplementedError


_MAX_SEED = 2**32 - 1  # the largest seed that scikit-learn accepts


class WordClustering(salience_clustering.SalienceClustering):
    """LIT's clustering over the words of the texts instead of the model's tokens.

    LIT drops words that are not in the model's vocabulary, as most whole words are not. A text
    without any word left would be divided by 0. The page does not use the representations, which
    are large, so they are removed from the result.
    """

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> lit_types.JsonDict | None:
        """LIT's result without the representations.

        Raises:
            UserError: an option is refused; LIT itself sets no bound to the number of clusters.
        """
        config = {**(config or {}), **filled_in(self._options(), config or {})}
        result = super().run(inputs, _WithoutEmbeddingTable(model), dataset, model_outputs, config)
        if result is not None:
            del result[salience_clustering.REPRESENTATION_KEY]
        return result

    def _options(self) -> list[Option]:
        """LIT's numeric options, with the bounds that its form shows."""
        numbers = [
            Integer(name, kind.default, "", low=int(kind.min_val), high=int(kind.max_val))
            for name, kind in self.config_spec().items()
            if isinstance(kind, lit_types.Scalar)
        ]
        return [
            *numbers,
            Integer(salience_clustering.SEED_KEY, 0, "", low=0, high=_MAX_SEED),
        ]

    def _compute_fixed_length_representation(self, *arguments: Any) -> list[dict[str, np.ndarray]]:
        rows = super()._compute_fixed_length_representation(*arguments)
        # The representation of a text whose scores are all 0 is 0 / 0; it becomes 0.
        return [{field: np.nan_to_num(row) for field, row in fields.items()} for fields in rows]
