"""Shows explanation methods as rows of LIT's salience maps."""

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
from lit_plugins.explain.drawing.captions import missing_words, written_pairs
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
_PAIRS = 3


@dataclass(frozen=True)
class WordSalience(dtypes.DataTuple):
    """Scores of words, with the unit and errors that the page needs to colour them.

    LIT's own `TokenSalience` has no unit and no errors, and requires scores from -1 to 1.

    Attributes:
        tokens: the words.
        salience: the score of each word, in `unit`.
        unit: the unit of the scores, as in `Explanation`.
        error: the standard error of each score; None if all are 0 or unknown.
    """

    tokens: list[str]
    salience: list[float]
    unit: str
    error: list[float] | None

    def to_json(self) -> lit_types.JsonDict:
        """The fields as a dictionary, for LIT's serialization."""
        return asdict(self)


@dataclass(frozen=True)
class Explained:
    """Explanations of some examples, and the options that they were computed with.

    Attributes:
        explanations: one for each example.
        options: the value of each option; the name of the model for options that take one.
        compared: the names of these models.
    """

    explanations: list[Explanation]
    options: dict[str, Any]
    compared: tuple[str, ...]


class ExplanationInterpreter(lit_components.Interpreter):
    """One explanation method as an interpreter that returns the salience of words."""

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
            explanations: the cache of explanations.
            models: all of the app's models by name, for methods that compare two.
            caption: whether to add a line of figures to the words; salience clustering needs the
                words alone.
        """
        self.options = tuple(
            option for option in (*method.options, PIECES) if option.name not in method.fillers
        )
        self._method = method
        self._explanations = explanations
        self._models = dict(models or {})
        self._caption = caption

    def description(self) -> str:
        """The method's help, shown in the page."""
        return self._method.help

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the method suits the model, and the app has the other model that it may need."""
        explained = unwrapped(model)
        fields = text_fields(explained)
        if fields is None:
            return False
        if self._method.compares and not comparable_models(self._models, explained, fields):
            return False
        return self._method.suits(predictor_of(explained, fields, {}))

    def config_spec(self) -> lit_types.Spec:
        """The class to explain, which the page fills in, and the method's options."""
        return {
            TARGET: lit_types.SalienceTargetInfo(required=False),
            **config_fields(self.options, tuple(self._models)),
        }

    def meta_spec(self) -> lit_types.Spec:
        """A salience map that is computed when a user opens its row."""
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
        """Explains the examples: for each, a dictionary of its words with scores, and a caption.

        The caption is a key with an empty salience map.

        Raises:
            UserError: the class or an option is refused.
        """
        explained = self.explained(inputs, model, model_outputs, config)
        if not self._caption:
            return [{"words": word_salience(explanation)} for explanation in explained.explanations]
        # The page shows each key as the title of its group, and a sentence nowhere else.
        return [
            {
                "": word_salience(explanation),
                caption(explanation, explained.compared): dtypes.TokenSalience([], []),
            }
            for explanation in explained.explanations
        ]

    def explained(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> Explained:
        """Explains the examples.

        Args:
            inputs: the examples.
            model: the model.
            model_outputs: the model's outputs, if they are known.
            config: the class to explain and the options, as in `config_spec`.

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
    """Converts an explanation's words and scores for the page."""
    error = explanation.error
    return WordSalience(
        tokens=list(explanation.words),
        salience=explanation.scores.tolist(),
        unit=explanation.unit,
        error=error.tolist() if error is not None and error.any() else None,
    )


def caption(explanation: Explanation, others: Sequence[str] = ()) -> str:
    """The facts about an explanation that a user needs beside its scores, in one line.

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
    if explanation.missing is not None:
        parts.append(missing_words(explanation))
    pairs = [f"{words} {value}" for words, value in written_pairs(explanation, _PAIRS)]
    if pairs:
        parts.append(f"words that act together most: {', '.join(pairs)}")
    if explanation.truncated:
        parts.append("the text is longer than the model reads, its last words count as 0")
    if explanation.note:
        parts.append(explanation.note)
    return "; ".join(parts)
