"""Reads the page's requests for explanations, and computes the explanations."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from lit_nlp.lib import caching

from lit_plugins.errors import UserError
from lit_plugins.explain import Explanation, ExplanationMethod, explain_each
from lit_plugins.lit.forms import filled_in
from lit_plugins.lit.interpreters.explanation_cache import (
    Explanations,
    explanation_key,
    plain_options,
)
from lit_plugins.lit.models.any_classifier import TextFields, predictor_of, text_fields, unwrapped
from lit_plugins.lit.models.classifier import LitTextClassifier

TARGET = "Class to explain"
"""The key of a config for the class to explain: the output's `field` and the class's `index`.

Either may be missing.
"""


@dataclass(frozen=True, eq=False)
class ExplanationRequest:
    """A checked request of the page.

    Attributes:
        method: the explanation method.
        model: the model to explain, without LIT's cache around it.
        fields: the fields where the model reads its text and returns its classes.
        target: index of the class to explain; None explains the class that the model predicts for
            each example.
        options: the values of the options that do not take another model.
        compared: the name of the other model for each option that takes one.
        compared_models: the other models by the same options, without LIT's cache around them.
    """

    method: ExplanationMethod
    model: lit_model.Model
    fields: TextFields
    target: int | None
    options: Mapping[str, Any]
    compared: Mapping[str, str]
    compared_models: Mapping[str, lit_model.Model]


def read_request(
    method: ExplanationMethod,
    models: Mapping[str, lit_model.Model],
    model: lit_model.Model,
    config: Mapping[str, Any],
) -> ExplanationRequest:
    """Checks a request of the page.

    Args:
        method: the explanation method.
        models: all of the app's models by name.
        model: the model to explain, which suits the method.
        config: the class to explain, under `TARGET`, and the method's options.

    Raises:
        UserError: the class or an option is refused.
    """
    field, target = _asked_class(config)
    explained = unwrapped(model)
    fields = _fields_of(explained, field)
    options = filled_in(plain_options(method), config)
    compared = _compared(method, comparable_models(models, explained, fields), config)
    return ExplanationRequest(
        method=method,
        model=explained,
        fields=fields,
        target=target,
        options=options,
        compared=compared,
        compared_models={option: unwrapped(models[name]) for option, name in compared.items()},
    )


def comparable_models(
    models: Mapping[str, lit_model.Model], model: lit_model.Model, fields: TextFields
) -> list[str]:
    """Names of the other models that have the same classes, in any order.

    Args:
        models: all of the app's models by name.
        model: the model to compare with, without LIT's cache around it.
        fields: the fields of that model.
    """
    names = []
    for name, candidate in models.items():
        other = unwrapped(candidate)
        other_fields = None if other is model else text_fields(other)
        if other_fields is not None and sorted(other_fields.labels) == sorted(fields.labels):
            names.append(name)
    return names


def predicted_classes(
    request: ExplanationRequest, outputs: Sequence[lit_types.JsonDict]
) -> list[int]:
    """Index of the class that the model predicts for each example.

    Args:
        request: the request.
        outputs: the model's output for each example.
    """
    fields = request.fields
    return [int(fields.task.predicted(output[fields.classes])) for output in outputs]


def explain_examples(
    request: ExplanationRequest,
    examples: Sequence[lit_types.JsonDict],
    targets: Sequence[int],
    kept: Explanations,
) -> list[Explanation]:
    """Explains each example, unless its explanation is in the cache.

    Args:
        request: the request.
        examples: the examples.
        targets: index of the class to explain for each example.
        kept: the cache of explanations.
    """
    keys = [
        _key(request, example, target) for example, target in zip(examples, targets, strict=True)
    ]

    def compute(picked: Sequence[int]) -> Iterator[Explanation]:
        return _computed(
            request,
            [examples[index] for index in picked],
            [targets[index] for index in picked],
            dict.fromkeys(request.method.fillers, kept.filler),
        )

    return kept.get(keys, compute)


def _asked_class(config: Mapping[str, Any]) -> tuple[str | None, int | None]:
    """The output field and the index of the class to explain; None for each that is missing."""
    target = config.get(TARGET) or {}
    if isinstance(target, Mapping):
        field, index = target.get("field"), target.get("index")
        if isinstance(field, (str, type(None))) and isinstance(index, (int, type(None))):
            return field, index
    raise UserError(f"The class to explain is {target!r:.60}; give a field and an index.")


def _compared(
    method: ExplanationMethod, candidates: Sequence[str], config: Mapping[str, Any]
) -> dict[str, str]:
    """The name of the model for each option that takes one; by default, the first candidate."""
    if method.compares and not candidates:
        raise UserError("There is no other model with the same classes; serve two of them.")
    compared = {}
    for option in method.compares:
        name = config.get(option) or candidates[0]
        if name not in candidates:
            raise UserError(
                f"The option {option} is {name!r:.60}; give another model with the same "
                f"classes, such as {candidates[0]}."
            )
        compared[option] = name
    return compared


def _computed(
    request: ExplanationRequest,
    examples: Sequence[lit_types.JsonDict],
    targets: Sequence[int],
    fillers: Mapping[str, Any],
) -> Iterator[Explanation]:
    """Explains examples together if all models read the text alone, otherwise one by one."""
    models = (request.model, *request.compared_models.values())
    together = all(isinstance(model, LitTextClassifier) for model in models)
    size = max(len(examples), 1) if together else 1
    for start in range(0, len(examples), size):
        part = slice(start, start + size)
        yield from _computed_together(request, examples[part], targets[part], fillers)


def _computed_together(
    request: ExplanationRequest,
    examples: Sequence[lit_types.JsonDict],
    targets: Sequence[int],
    fillers: Mapping[str, Any],
) -> Iterator[Explanation]:
    """Explains examples that differ, among the fields that the models read, in their text only."""
    others: dict[str, Any] = {
        option: predictor_of(model, _fields_of(model), examples[0])
        for option, model in request.compared_models.items()
    }
    return explain_each(
        predictor_of(request.model, request.fields, examples[0]),
        [example[request.fields.text] for example in examples],
        request.method.name,
        [request.fields.labels[target] for target in targets],
        **request.options,
        **others,
        **fillers,
    )


def _key(request: ExplanationRequest, example: lit_types.JsonDict, target: int) -> Hashable:
    """The cache key of an example's explanation."""
    beside_text: tuple[str | None, str | None] = (
        # This package's models have one output of classes and read the text alone.
        (None, None)
        if isinstance(request.model, LitTextClassifier)
        else (request.fields.classes, _rest_of(request, example))
    )
    return explanation_key(
        request.model,
        request.method.name,
        {**request.options, **request.compared_models},
        target,
        example[request.fields.text],
        *beside_text,
    )


def _rest_of(request: ExplanationRequest, example: lit_types.JsonDict) -> str:
    """A hash of the example's other fields that the model reads."""
    fields = request.fields
    # The page writes the class to explain into the field of the gold label.
    left_out = {fields.text, fields.gold, *fields.tokens}
    names = [
        name for name in request.model.input_spec() if name in example and name not in left_out
    ]
    return caching.input_hash({name: example[name] for name in names})


def _fields_of(model: lit_model.Model, classes: str | None = None) -> TextFields:
    fields = text_fields(model, classes)
    assert fields is not None  # otherwise the model would not be compatible
    return fields
