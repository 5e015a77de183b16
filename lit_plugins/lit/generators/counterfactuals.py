"""Counterfactual methods as LIT's generators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.counterfactual import (
    SHARED,
    Counterfactual,
    CounterfactualMethod,
    counterfactuals_each,
)
from lit_plugins.counterfactual.rules import RULES
from lit_plugins.errors import UserError
from lit_plugins.lit.forms import config_fields
from lit_plugins.lit.generators.derived_examples import TextGenerator, child, describe, without_any
from lit_plugins.lit.interpreters.explanation_cache import Filler
from lit_plugins.lit.models.any_classifier import TextFields, predictor_of, text_fields, unwrapped
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.models import load_filler
from lit_plugins.options import LANGUAGE_MODEL, Choice, Option, loading
from lit_plugins.runtime.progress import note, tell

MODEL = "model"
TARGET = "target"
ANY_OTHER = "any other"


class CounterfactualGenerator(TextGenerator):
    """One counterfactual method as a generator, for any of the app's models."""

    def __init__(
        self,
        method: CounterfactualMethod,
        models: Mapping[str, lit_model.Model],
        filler: Filler = "auto",
    ):
        """Wraps a method.

        Args:
            method: an entry of the registry.
            models: all of the app's models by name; models that do not suit the method are left
                out.
            filler: the masked language model for a method that needs one. The page cannot choose
                it, because a name may be any path on the server.
        """
        self._method = method
        self._models = {
            name: unwrapped(model) for name, model in models.items() if self._suits(model)
        }
        loaded = loading(method.options, LANGUAGE_MODEL)
        self._fillers = dict.fromkeys(loaded, filler)
        self._plain = (
            *(option for option in method.options if option.name not in loaded),
            *SHARED,
        )

    @property
    def title(self) -> str:
        """The method's title."""
        return self._method.title

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the models that the method suits."""
        return tuple(self._models)

    @property
    def options(self) -> tuple[Option, ...]:
        """The options for the model and the target class, and then the method's own options."""
        labels = dict.fromkeys(
            label for model in self._models.values() for label in _fields_of(model).labels
        )
        first = next(iter(self._models), None)
        return (
            Choice(MODEL, first, "The model whose prediction is to change.", self.models),
            Choice(
                TARGET,
                ANY_OTHER,
                "The class that the model is to predict instead.",
                (ANY_OTHER, *labels),
            ),
            *self._plain,
        )

    def description(self) -> str:
        """The method's help, shown in the page."""
        return f"{self._method.help} The label is copied and may no longer be right."

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the method suits the model, and the dataset has the model's text field."""
        fields = text_fields(unwrapped(model))
        return fields is not None and fields.text in dataset.spec() and self._suits(model)

    def config_spec(self) -> lit_types.Spec:
        """LIT's form for `options`."""
        return config_fields(self.options)

    def generate_all(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        config: lit_types.JsonDict | None = None,
    ) -> list[list[lit_types.JsonDict]]:
        """New examples for each input, the smallest edits first.

        Args:
            inputs: the examples.
            model: the model to use if `config` names none.
            dataset: the dataset of the examples.
            config: values of the options, as in `config_spec`.

        Raises:
            UserError: an option is refused.
        """
        config = config or {}
        name, chosen = self._chosen(model, config)
        fields = _fields_of(chosen)
        target = config.get(TARGET) or ANY_OTHER
        options = {
            option.name: config[option.name] for option in self._plain if option.name in config
        }
        tell(0, len(inputs))
        made = []
        results = self._counterfactuals(chosen, inputs, target, options)
        for parent, of_parent in zip(inputs, results, strict=True):
            made.append([_example(parent, result, dataset, fields, name) for result in of_parent])
            tell(len(made), len(inputs))
        self._note(made, target)
        return made

    def _suits(self, model: lit_model.Model) -> bool:
        plain_model = unwrapped(model)
        fields = text_fields(plain_model)
        return (
            fields is not None
            and len(fields.labels) > 1
            and self._method.suits(predictor_of(plain_model, fields, {}))
        )

    def _chosen(
        self, model: lit_model.Model, config: Mapping[str, Any]
    ) -> tuple[str, lit_model.Model]:
        name = config.get(MODEL)
        if name:
            if not isinstance(name, str) or name not in self._models:
                raise UserError(
                    f"The option {MODEL} is {name!r:.60}; give one of {', '.join(self._models)}."
                )
            return name, self._models[name]
        default = unwrapped(model)
        if not self._suits(default):
            raise UserError(
                f"{self._method.title} does not suit this model; choose another with the option "
                f"{MODEL}."
            )
        names = (name for name, candidate in self._models.items() if candidate is default)
        return next(names, ""), default

    def _counterfactuals(
        self,
        model: lit_model.Model,
        inputs: Sequence[lit_types.JsonDict],
        target: str,
        options: dict[str, Any],
    ) -> Iterator[list[Counterfactual]]:
        fields = _fields_of(model)
        together = isinstance(model, LitTextClassifier)
        # Other packages' models may read further fields of the example, so each one is run alone.
        for part in [inputs] if together else [[example] for example in inputs]:
            if not part:
                continue
            yield from counterfactuals_each(
                predictor_of(model, fields, part[0]),
                [example[fields.text] or "" for example in part],
                self._method.name,
                None if target == ANY_OTHER else target,
                **options,
                **self._fillers,
            )

    def _note(self, made: Sequence[Sequence[Any]], target: str) -> None:
        for filler in self._fillers.values():
            if made:
                note(load_filler(filler).note)
        if without := without_any(made):
            already = "" if target == ANY_OTHER else f", or the prediction is {target} already"
            note(f"Nothing was found within these options for {without}{already}.")


def _example(
    parent: lit_types.JsonDict,
    result: Counterfactual,
    dataset: lit_dataset.Dataset,
    fields: TextFields,
    model: str,
) -> lit_types.JsonDict:
    before = f"{result.label_before} {result.probability_before:.3f}"
    after = f"{result.label_after} {result.probability_after:.3f}"
    return child(
        parent,
        dataset,
        {fields.text: result.new_text, **_turned_label(parent, result, fields)},
        describe(result.edits, result.rule),
        dropped=fields.tokens,
        meta={
            "model": model,
            "prediction": f"{before} → {after}",
            "edit_size": result.edit_size,
        },
    )


def _turned_label(
    parent: lit_types.JsonDict, result: Counterfactual, fields: TextFields
) -> dict[str, str]:
    """The gold label's field with the other of two classes, if the edit reverses the meaning.

    Returns:
        The new value by the field's name. Empty unless there are two classes and a single edit,
        by a rule that is sure to reverse the meaning of this text.
    """
    rule = RULES.get(result.rule)
    if rule is None or rule.expects != "opposite" or not rule.testable(result.text):
        return {}
    if len(result.edits) > 1 or len(fields.labels) != 2 or fields.gold is None:
        return {}
    label = parent.get(fields.gold)
    if label not in fields.labels:
        return {}
    return {fields.gold: fields.labels[1 - fields.labels.index(label)]}


def _fields_of(model: lit_model.Model) -> TextFields:
    fields = text_fields(model)
    assert fields is not None  # otherwise the method would not suit the model
    return fields
