"""LIT's projections, limited to this app's models and datasets, and bounded in memory."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import Any

import numpy as np
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from lit_nlp.components import pca, projection, umap
from lit_nlp.lib import utils

from lit_plugins.errors import UserError
from lit_plugins.lit.models.any_classifier import unwrapped
from lit_plugins.lit.request_checks import few
from lit_plugins.options import Integer
from lit_plugins.runtime.cancellation import check, held

_COMPONENTS = Integer("n_components", 3, "Dimensions of the picture.", low=2, high=3)
_FIELD = "field_name"
_GIVEN = "proj_kw"
_MOST = 16  # projectors that are kept
_MOST_POINTS = 50_000  # points that one projector may remember


class Projections(projection.ProjectionManager):
    """Projects embeddings to two or three dimensions; fits one projector for each field.

    LIT builds whatever projector a request describes and keeps every projector forever. It also
    trusts the request's statement of the model and dataset that a projector belongs to.
    """

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model returns embeddings."""
        return bool(_embeddings(model))

    def run(
        self,
        inputs: list[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> Sequence[lit_types.JsonDict]:
        """Projects the inputs: for each, a dictionary with `z`, a list of 2 or 3 numbers.

        Raises:
            UserError: the model has no such field of embeddings, or the number of dimensions is
                refused.
        """
        config = config or {}
        field = config.get(_FIELD)
        fields = _embeddings(model)
        if field not in fields:
            known = few(fields, most=3)
            raise UserError(f"There is no embedding {field!r:.60}; choose from {known}.")
        keywords = config.get(_GIVEN) or {}
        if not isinstance(keywords, dict) or set(keywords) - {_COMPONENTS.name}:
            raise UserError(
                f"The option {_GIVEN} is {keywords!r:.60}; give {_COMPONENTS.name} only."
            )
        components = _COMPONENTS.check(keywords.get(_COMPONENTS.name, _COMPONENTS.default))
        checked = {
            "model": id(unwrapped(model)),
            "dataset": id(dataset),
            _FIELD: field,
            _GIVEN: {_COMPONENTS.name: components},
        }
        with held(self._lock):
            points = super().run(inputs, model, dataset, model_outputs, checked)
            self._forget_some(projection._key_from_dict(checked))
        return points

    def _forget_some(self, used: Any) -> None:
        fitted = self._instances.pop(used)
        # A projector remembers every point that it ever projected. One that remembers too many is
        # dropped, and the next request fits a new one to the dataset.
        if len(fitted._projector._cache._d) <= _MOST_POINTS:
            self._instances[used] = fitted
        while len(self._instances) > _MOST:
            del self._instances[next(iter(self._instances))]


class _Checking(StringIO):
    """A file for a progress bar, which stops the work where nobody waits for it any more."""

    def write(self, text: str) -> int:
        check()
        return len(text)


class UmapOfAnySize(umap.UmapModel):
    """UMAP, and PCA for so few different points that UMAP has no neighbourhoods to learn from.

    UMAP starts from eigenvectors of the graph of neighbours, which needs more points than it has
    dimensions. Below that it fails, and a single point that stands for many is scattered at random.
    """

    def __init__(self, **keywords: Any):
        """Takes the keywords of UMAP, with `n_components`."""
        super().__init__(**keywords, tqdm_kwds={"disable": False, "file": _Checking()})
        self._least = keywords["n_components"] + 2  # different points that UMAP needs
        self._of_few = pca.PCAModel(**keywords)

    def fit_transform(self, inputs: Sequence[lit_types.JsonDict]) -> Any:
        """Fits the points in `x`, and yields the place of each in `z`."""
        points = {np.asarray(point["x"]).tobytes() for point in inputs}
        if len(points) < self._least:
            return self._of_few.fit_transform(inputs)
        return super().fit_transform(inputs)

    def predict_minibatch(self, inputs: Sequence[lit_types.JsonDict], **options: Any) -> Any:
        """Yields the place of each further point in `z`."""
        if self._fitted:
            return super().predict_minibatch(inputs, **options)
        return self._of_few.predict_minibatch(inputs, **options)


def _embeddings(model: lit_model.Model) -> list[str]:
    return utils.find_spec_keys(model.output_spec(), lit_types.Embeddings)
