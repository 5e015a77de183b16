"""LIT's projections, of this app's models and datasets only and of so many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from lit_nlp.components import projection
from lit_nlp.lib import utils

from lit_plugins.errors import UserError
from lit_plugins.lit.models.any_classifier import unwrapped
from lit_plugins.lit.request_checks import few
from lit_plugins.options import Integer

_COMPONENTS = Integer("n_components", 3, "Dimensions of the picture.", low=2, high=3)
_FIELD = "field_name"
_GIVEN = "proj_kw"
_MOST = 16
_MOST_POINTS = 50_000


class Projections(projection.ProjectionManager):
    """Points of a plane or of space, fitted once for each model, dataset and field.

    LIT's own makes whatever projector a request describes, keeps every one for good, and takes the
    request's word for which model and dataset it is of.
    """

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model gives embeddings."""
        return bool(_embeddings(model))

    def run(
        self,
        inputs: list[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> Sequence[lit_types.JsonDict]:
        """For each input its `z`, a list of numbers.

        Raises:
            UserError: the field is none of the model's, or the number of dimensions is refused.
        """
        config = config or {}
        field = config.get(_FIELD)
        fields = _embeddings(model)
        if field not in fields:
            known = few(fields, most=3)
            raise UserError(f"There is no embedding {field!r:.60}; choose from {known}.")
        given = config.get(_GIVEN) or {}
        if not isinstance(given, dict) or set(given) - {_COMPONENTS.name}:
            raise UserError(f"The option {_GIVEN} is {given!r:.60}; give {_COMPONENTS.name} only.")
        components = _COMPONENTS.check(given.get(_COMPONENTS.name, _COMPONENTS.default))
        asked = {
            "model": id(unwrapped(model)),
            "dataset": id(dataset),
            _FIELD: field,
            _GIVEN: {_COMPONENTS.name: components},
        }
        with self._lock:
            found = super().run(inputs, model, dataset, model_outputs, asked)
            self._forget_some(projection._key_from_dict(asked))
        return found

    def _forget_some(self, used: Any) -> None:
        fitted = self._instances.pop(used)
        # It remembers every point that it was ever asked for; another fit begins with the dataset.
        if len(fitted._projector._cache._d) <= _MOST_POINTS:
            self._instances[used] = fitted
        while len(self._instances) > _MOST:
            del self._instances[next(iter(self._instances))]


def _embeddings(model: lit_model.Model) -> list[str]:
    return utils.find_spec_keys(model.output_spec(), lit_types.Embeddings)
