"""Explanation methods, and those of LIT's interpreters that work, as rows of its salience maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import dtypes
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from lit_nlp.components import (
    core,
    curves,
    gradient_maps,
    lime_explainer,
    nearest_neighbors,
    pca,
    projection,
    salience_clustering,
    tcav,
    thresholder,
    umap,
)

from lit_plugins.explain import METHODS, Explanation, Method, explain
from lit_plugins.lit import fields
from lit_plugins.lit.forms import form
from lit_plugins.lit.model import LitTextClassifier

TARGET = "Class to explain"


class ExplanationInterpreter(lit_components.Interpreter):
    """One explanation method as an interpreter with signed word salience."""

    def __init__(self, method: Method, *, caption: bool = True):
        """Wraps a method.

        Args:
            method: an entry of the registry.
            caption: whether a line of figures goes with the words; salience clustering wants
                the words alone.
        """
        self._method = method
        self._caption = caption

    def description(self) -> str:
        """The method's help, shown in the page."""
        return self._method.help

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model is one of this package's, and gives what the method needs."""
        # LIT asks before its app has the models out of their caching wrappers.
        own = getattr(model, "wrapped", model)
        return isinstance(own, LitTextClassifier) and (
            self._method.black_box or own.classifier.network.takes_embeddings
        )

    def config_spec(self) -> lit_types.Spec:
        """The method's options; the page fills in the class."""
        return {
            TARGET: lit_types.SalienceTargetInfo(required=False),
            **form(self._method.options),
        }

    def meta_spec(self) -> lit_types.Spec:
        """Signed salience, computed when the row is opened."""
        return {"saliency": lit_types.TokenSalience(autorun=False, signed=True)}

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: LitTextClassifier,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """One dictionary an example: its words with their scores and a caption as a key."""
        names = {option.name for option in self._method.options}
        options = {name: value for name, value in (config or {}).items() if name in names}
        explanations = explain(
            model.classifier,
            [example[fields.TEXT] for example in inputs],
            method=self._method.name,
            target=_target(config),
            **options,
        )
        return [self._salience(explanation) for explanation in explanations]

    def _salience(self, explanation: Explanation) -> dict[str, dtypes.TokenSalience]:
        # The page draws scores from -1 to 1.
        scale = max(1.0, float(np.abs(explanation.scores).max(initial=0.0)))
        words = dtypes.TokenSalience(list(explanation.words), (explanation.scores / scale).tolist())
        if not self._caption:
            return {"words": words}
        # The page titles each group with its key: the one place where it shows a sentence.
        return {"words": words, caption(explanation, scale): dtypes.TokenSalience([], [])}


def caption(explanation: Explanation, scale: float) -> str:
    """What a user needs to know of an explanation beside its scores, in one line."""
    unit = "P" if explanation.unit == "probability" else "logit"
    parts = [
        f"{unit}({explanation.target_label}) {explanation.output:.3f}, "
        f"base {explanation.base_value:.3f}, delta {explanation.delta:.1e}",
        f"{explanation.evaluations:,} evaluations",
    ]
    if explanation.error is not None and explanation.error.any():
        parts.append(f"standard error up to {explanation.error.max():.1e}")
    if scale > 1:
        parts.append(f"colours and scores divided by {scale:.2f}")
    if explanation.truncated:
        parts.append("the text is longer than the model reads, its last words count as 0")
    if explanation.note:
        parts.append(explanation.note)
    return "; ".join(parts)


def _target(config: lit_types.JsonDict | None) -> int | None:
    target: dict[str, Any] | None = (config or {}).get(TARGET)
    return target.get("index") if target else None


class ModelMaskLime(lime_explainer.LIME):
    """LIT's LIME, seeded, with the mask token of the model that it explains."""

    def __init__(self) -> None:
        super().__init__(seed=0, mask_token="")

    def run(
        self,
        inputs: list[lit_types.JsonDict],
        model: LitTextClassifier,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict] | None:
        """As LIT's; an empty mask token in the form stands for the model's own."""
        config = dict(config or {})
        if not config.get(lime_explainer.MASK_KEY):
            config[lime_explainer.MASK_KEY] = model.classifier.mask_token
        return super().run(inputs, model, dataset, model_outputs, config)


class _WithoutEmbeddingTable:
    """A model as it is, but for its embedding table."""

    def __init__(self, model: LitTextClassifier):
        self.wrapped = model

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wrapped, name)

    def get_embedding_table(self) -> tuple[list[str], np.ndarray]:
        raise NotImplementedError


class WordClustering(salience_clustering.SalienceClustering):
    """LIT's clustering, over the words of the texts in place of the model's word pieces.

    Whole words are not in a model's vocabulary, so that LIT's would drop them, and a text that is
    left with none becomes 0 / 0. The page does not use the representations, which are large.
    """

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: LitTextClassifier,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> lit_types.JsonDict | None:
        """As LIT's, without the representations."""
        found = super().run(inputs, _WithoutEmbeddingTable(model), dataset, model_outputs, config)
        if found is not None:
            del found[salience_clustering.REPRESENTATION_KEY]
        return found

    def _compute_fixed_length_representation(self, *arguments: Any) -> list[dict[str, np.ndarray]]:
        rows = super()._compute_fixed_length_representation(*arguments)
        # A text whose scores are all 0 has no direction.
        return [{field: np.nan_to_num(row) for field, row in fields.items()} for fields in rows]


def lit_interpreters() -> dict[str, lit_components.Interpreter]:
    """All interpreters by the name that the page shows or asks for."""
    from_lit: dict[str, lit_components.Interpreter] = {
        "Grad L2 Norm": gradient_maps.GradientNorm(),
        "Grad ⋅ Input": gradient_maps.GradientDotInput(),
        "LIME": ModelMaskLime(),
    }
    own = {method.title: method for method in METHODS.values()}
    return {
        **core.required_interpreters(),
        **{title: ExplanationInterpreter(method) for title, method in own.items()},
        **from_lit,
        "pca": projection.ProjectionManager(pca.PCAModel),
        "umap": projection.ProjectionManager(umap.UmapModel),
        "nearest neighbors": nearest_neighbors.NearestNeighbors(),
        "curves": curves.CurvesInterpreter(),
        "thresholder": thresholder.Thresholder(),
        "tcav": tcav.TCAV(),
        "Salience Clustering": WordClustering(
            {
                **from_lit,
                **{
                    title: ExplanationInterpreter(method, caption=False)
                    for title, method in own.items()
                },
            }
        ),
    }
