"""LIT's salience clustering, over words."""

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
    """A model as it is, but for its embedding table."""

    def __init__(self, model: lit_model.Model):
        self.wrapped = model

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wrapped, name)

    def get_embedding_table(self) -> tuple[list[str], np.ndarray]:
        raise NotImplementedError


_MAX_SEED = 2**32 - 1  # scikit-learn's


class WordClustering(salience_clustering.SalienceClustering):
    """LIT's clustering, over the words of the texts in place of the model's word pieces.

    Whole words are not in a model's vocabulary, so that LIT's would drop them, and a text that is
    left with none becomes 0 / 0. The page does not use the representations, which are large.
    """

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> lit_types.JsonDict | None:
        """As LIT's, without the representations.

        Raises:
            UserError: an option is refused; LIT's own would count to any number of clusters.
        """
        config = {**(config or {}), **filled_in(self._options(), config or {})}
        found = super().run(inputs, _WithoutEmbeddingTable(model), dataset, model_outputs, config)
        if found is not None:
            del found[salience_clustering.REPRESENTATION_KEY]
        return found

    def _options(self) -> list[Option]:
        """LIT's numbers, with the bounds of its own form."""
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
        # A text whose scores are all 0 has no direction.
        return [{field: np.nan_to_num(row) for field, row in fields.items()} for fields in rows]
