"""Explanation methods as rows of LIT's salience maps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import dtypes
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.explain import PIECES, Explanation, ExplanationMethod
from lit_plugins.lit.forms import config_fields
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.interpreters.explanation_request import (
    TARGET,
    comparable_models,
    explain_examples,
    predicted_classes,
    read_request,
)
from lit_plugins.lit.models.any_classifier import predictor_of, text_fields, unwrapped

_UNITS = {"probability": "P"}
_ROUNDING = 1e-6


@dataclass(frozen=True)
class WordSalience(dtypes.DataTuple):
    """Scores of words, with what the page needs to colour them.

    LIT's own `TokenSalience` has no unit and no error, and wants scores from -1 to 1.

    Attributes:
        tokens: the words.
        salience: their scores, in `unit`.
        unit: what the scores are of, as in `Explanation`.
        error: the scores' standard errors; None if all are 0 or unknown.
    """

    tokens: list[str]
    salience: list[float]
    unit: str
    error: list[float] | None

    def to_json(self) -> lit_types.JsonDict:
        """Used by LIT's serialization."""
        return asdict(self)


@dataclass(frozen=True)
class Explained:
    """Explanations of some examples, and the options that they were computed with.

    Attributes:
        explanations: one an example.
        options: the value of each option; for one that takes another model, that model's name.
        compared: the names of those other models.
    """

    explanations: list[Explanation]
    options: dict[str, Any]
    compared: tuple[str, ...]


class ExplanationInterpreter(lit_components.Interpreter):
    """One explanation method as an interpreter with word salience."""

    def __init__(
        self,
        method: ExplanationMethod,
        explanations: Explanations,
        models: Mapping[str, lit_model.Model] | None = None,
        *,
        caption: bool = True,
    ):
        """Wraps a method.

        Args:
            method: an entry of the registry.
            explanations: where explanations are kept.
            models: all of the app's models by name, for methods that compare two.
            caption: whether a line of figures goes with the words; salience clustering wants
                the words alone.
        """
        self.options = (*method.options, PIECES)
        self._method = method
        self._explanations = explanations
        self._models = dict(models or {})
        self._caption = caption

    def description(self) -> str:
        """The method's help, shown in the page."""
        return self._method.help

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the method suits the model and finds another model if it compares two."""
        own = unwrapped(model)
        fields = text_fields(own)
        if fields is None:
            return False
        if self._method.compares and not comparable_models(self._models, own, fields):
            return False
        return self._method.suits(predictor_of(own, fields, {}))

    def config_spec(self) -> lit_types.Spec:
        """The method's options; the page fills in the class."""
        return {
            TARGET: lit_types.SalienceTargetInfo(required=False),
            **config_fields(self.options, tuple(self._models)),
        }

    def meta_spec(self) -> lit_types.Spec:
        """Salience that is computed when the row is opened."""
        kind = lit_types.TokenSalience(autorun=False, signed=self._method.signed)
        return {"saliency": kind}

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """One dictionary an example: its words with their scores, and a caption as a key.

        Raises:
            UserError: the class or an option is refused.
        """
        found = self.explained(inputs, model, model_outputs, config)
        if not self._caption:
            return [{"words": word_salience(explanation)} for explanation in found.explanations]
        # The page titles each group with its key: the one place where it shows a sentence.
        return [
            {
                "": word_salience(explanation),
                caption(explanation, found.compared): dtypes.TokenSalience([], []),
            }
            for explanation in found.explanations
        ]

    def explained(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> Explained:
        """The examples' explanations.

        Args:
            inputs: the examples.
            model: the model.
            model_outputs: its outputs, if they are known.
            config: as in `config_spec`.

        Raises:
            UserError: the class or an option is refused.
        """
        request = read_request(self._method, self._models, model, config or {})
        if request.target is None:
            outputs = model_outputs or list(model.predict(inputs))
            targets = predicted_classes(request, outputs)
        else:
            targets = [request.target] * len(inputs)
        return Explained(
            explain_examples(request, inputs, targets, self._explanations),
            {**request.options, **request.compared},
            tuple(request.compared.values()),
        )


def word_salience(explanation: Explanation) -> WordSalience:
    """An explanation's words and scores, as the page takes them."""
    error = explanation.error
    return WordSalience(
        tokens=list(explanation.words),
        salience=explanation.scores.tolist(),
        unit=explanation.unit,
        error=error.tolist() if error is not None and error.any() else None,
    )


def caption(explanation: Explanation, others: Sequence[str] = ()) -> str:
    """What a user needs to know of an explanation beside its scores, in one line.

    Args:
        explanation: the explanation.
        others: the names of the models that the model was compared with.
    """
    unit = _UNITS.get(explanation.unit, explanation.unit)
    value = f"{unit}({explanation.target_label})"
    figures = " minus ".join([value, *(f"{other}'s" for other in others)])
    figures += f"{' =' if others else ''} {explanation.output:.3f}"
    if math.isfinite(explanation.base_value):
        delta = f"{explanation.delta:.1e}" if abs(explanation.delta) > _ROUNDING else "0"
        figures += f", base {explanation.base_value:.3f}, delta {delta}"
    parts = [figures, f"{explanation.evaluations:,} evaluations"]
    if explanation.error is not None and explanation.error.any():
        parts.append(f"standard error up to {explanation.error.max():.1e}")
    if explanation.truncated:
        parts.append("the text is longer than the model reads, its last words count as 0")
    if explanation.note:
        parts.append(explanation.note)
    return "; ".join(parts)
