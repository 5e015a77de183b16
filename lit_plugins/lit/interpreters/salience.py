"""Explanation methods as rows of LIT's salience maps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import dtypes
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from lit_nlp.lib import caching

from lit_plugins.errors import UserError
from lit_plugins.explain import PIECES, Explanation, ExplanationMethod, explain_each
from lit_plugins.lit.forms import config_fields, filled_in
from lit_plugins.lit.interpreters.explanation_cache import Explanations, explanation_key
from lit_plugins.lit.models.any_classifier import TextFields, predictor_of, text_fields, unwrapped
from lit_plugins.lit.models.classifier import LitTextClassifier

TARGET = "Class to explain"

_UNITS = {"probability": "P"}
_ROUNDING = 1e-6


@dataclass(frozen=True)
class WordSalience(dtypes.DataTuple):
    """LIT's `TokenSalience` with what the page needs to make colours of the scores.

    Attributes:
        tokens: the words.
        salience: their scores as they are, which LIT's own would have from -1 to 1.
        unit: what the scores are of, as in `Explanation`.
        error: the scores' standard errors, or None.
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
    """Explanations of some examples, and what they were asked for with.

    Attributes:
        explanations: one an example.
        options: the method's, as they were used; of a model, its name.
        compared: the names of the models that the model was compared with.
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
            explanations: where those are kept that were asked for before.
            models: all of the app's models by name, for methods that compare two.
            caption: whether a line of figures goes with the words; salience clustering wants
                the words alone.
        """
        self._method = method
        self._explanations = explanations
        self._models = dict(models or {})
        self._caption = caption
        self.options = (*method.options, PIECES)
        self._compared = method.compares
        self._plain = tuple(each for each in self.options if each.name not in method.compares)

    def description(self) -> str:
        """The method's help, shown in the page."""
        return self._method.help

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model gives what the method needs, and has another to be compared with."""
        own = unwrapped(model)
        fields = text_fields(own)
        if fields is None or (self._compared and not self._others(own, fields)):
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
        """One dictionary an example: its words with their scores and a caption as a key.

        Raises:
            UserError: an option is refused.
        """
        found = self.explained(inputs, model, model_outputs, config)
        return [self._salience(each, found.compared) for each in found.explanations]

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
            UserError: an option is refused.
        """
        config = config or {}
        own = unwrapped(model)
        target = _target(config)
        fields = text_fields(own, target.get("field"))
        assert fields is not None  # or it would not be compatible
        options = filled_in(self._plain, config)
        names_of_others = self._chosen(own, fields, config)
        compared = {name: unwrapped(self._models[other]) for name, other in names_of_others.items()}
        targets: list[Any] = [target.get("index")] * len(inputs)
        if target.get("index") is None:
            outputs = model_outputs or list(model.predict(inputs))
            targets = [int(np.argmax(output[fields.classes])) for output in outputs]

        def compute(picked: Sequence[int]) -> Iterator[Explanation]:
            involved = (own, *compared.values())
            together = all(isinstance(each, LitTextClassifier) for each in involved)
            # Another's model gets its other fields from the example, so it takes one at a time.
            for part in [picked] if together else [[index] for index in picked]:
                if not part:
                    continue
                example = inputs[part[0]]
                others: dict[str, Any] = {
                    name: predictor_of(other, _fields_of(other), example)
                    for name, other in compared.items()
                }
                yield from explain_each(
                    predictor_of(own, fields, example),
                    [inputs[index][fields.text] for index in part],
                    self._method.name,
                    [targets[index] for index in part],
                    **options,
                    **others,
                )

        # This package's own models have one output of classes, and go by the text alone.
        several = None if isinstance(own, LitTextClassifier) else fields.classes
        keys = [
            explanation_key(
                own,
                self._method.name,
                {**options, **compared},
                index,
                example[fields.text],
                several,
                _rest(own, fields, example),
            )
            for index, example in zip(targets, inputs, strict=True)
        ]
        return Explained(
            self._explanations.get(keys, compute),
            {**options, **names_of_others},
            tuple(names_of_others.values()),
        )

    def _others(self, model: lit_model.Model, fields: TextFields) -> list[str]:
        """The names of the models that have the same classes, but for the model itself."""
        names = []
        for name, each in self._models.items():
            other = unwrapped(each)
            found = None if other is model else text_fields(other)
            if found is not None and sorted(found.labels) == sorted(fields.labels):
                names.append(name)
        return names

    def _chosen(
        self, model: lit_model.Model, fields: TextFields, config: Mapping[str, Any]
    ) -> dict[str, str]:
        """The model that each option names; until a form is applied, the first that there is."""
        chosen = {}
        others = self._others(model, fields) if self._compared else []
        if self._compared and not others:
            raise UserError("There is no other model with the same classes; serve two of them.")
        for option in self._compared:
            name = config.get(option) or others[0]
            if name not in others:
                raise UserError(
                    f"The option {option} is {name!r:.60}; give another model with the same "
                    f"classes, such as {others[0]}."
                )
            chosen[option] = name
        return chosen

    def _salience(
        self, explanation: Explanation, others: Sequence[str]
    ) -> dict[str, dtypes.DataTuple]:
        error = explanation.error
        words = WordSalience(
            tokens=list(explanation.words),
            salience=explanation.scores.tolist(),
            unit=explanation.unit,
            error=error.tolist() if error is not None and error.any() else None,
        )
        if not self._caption:
            return {"words": words}
        # The page titles each group with its key: the one place where it shows a sentence.
        return {"": words, caption(explanation, others): dtypes.TokenSalience([], [])}


def _target(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the page says of the class to explain: the output's `field`, the class's `index`."""
    target = config.get(TARGET) or {}
    if (
        not isinstance(target, Mapping)
        or not isinstance(target.get("field"), (str, type(None)))
        or not isinstance(target.get("index"), (int, type(None)))
    ):
        raise UserError(f"The class to explain is {target!r:.60}; give a field and an index.")
    return target


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


def _fields_of(model: lit_model.Model) -> TextFields:
    fields = text_fields(model)
    assert fields is not None  # or it would not be among the others
    return fields


def _rest(model: lit_model.Model, fields: TextFields, example: Mapping[str, Any]) -> str | None:
    """What the answers of a model depend on beside the text; of this package's, nothing."""
    if isinstance(model, LitTextClassifier):
        return None
    # The page writes the class to explain into the field of the gold label.
    left_out = {fields.text, fields.gold, *fields.tokens}
    names = [name for name in model.input_spec() if name in example and name not in left_out]
    return caching.input_hash({name: example[name] for name in names})
