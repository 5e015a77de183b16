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
from lit_plugins.lit.models.any_classifier import TextFields, predictor_of, text_fields, unwrapped
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.models import MaskedLanguageModel, load_filler
from lit_plugins.options import LANGUAGE_MODEL, Choice, Option
from lit_plugins.runtime.progress import note, tell

MODEL = "model"
TARGET = "target"
ANY_OTHER = "any other"

Filler = str | MaskedLanguageModel


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
            models: all of the app's models by name; those that the method does not suit are
                left out.
            filler: the masked language model of a method that needs one. A page cannot choose it:
                it would have any path of the server's opened.
        """
        self._method = method
        self._models = {
            name: unwrapped(model) for name, model in models.items() if self._suits(model)
        }
        loaded = [option.name for option in method.options if option.loads == LANGUAGE_MODEL]
        self._fillers = dict.fromkeys(loaded, filler)
        self._plain = (
            *(option for option in method.options if option.name not in loaded),
            *SHARED,
        )

    @property
    def title(self) -> str:
        """The method's."""
        return self._method.title

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the models that the method suits."""
        return tuple(self._models)

    @property
    def options(self) -> tuple[Option, ...]:
        """Which model, which class, and the method's options."""
        labels = dict.fromkeys(
            label for each in self._models.values() for label in _fields_of(each).labels
        )
        first = next(iter(self._models), None)
        return (
            Choice(MODEL, first, "The model whose prediction is to change.", self.models),
            Choice(TARGET, ANY_OTHER, "What it is to predict instead.", (ANY_OTHER, *labels)),
            *self._plain,
        )

    def description(self) -> str:
        """The method's help, shown in the page."""
        return f"{self._method.help} The label is copied, and may not hold any more."

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model gives what the method needs, and the dataset has its texts."""
        fields = text_fields(unwrapped(model))
        return fields is not None and fields.text in dataset.spec() and self._suits(model)

    def config_spec(self) -> lit_types.Spec:
        """Which model, which class, and the method's options."""
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
            model: the model, where `config` names none.
            dataset: where they belong.
            config: as in `config_spec`.

        Raises:
            UserError: an option is refused.
        """
        config = config or {}
        name, own = self._chosen(model, config)
        fields = _fields_of(own)
        target = config.get(TARGET) or ANY_OTHER
        options = {each.name: config[each.name] for each in self._plain if each.name in config}
        tell(0, len(inputs))
        made = []
        for parent, found in zip(inputs, self._found(own, inputs, target, options), strict=True):
            made.append([_example(parent, each, dataset, fields, name) for each in found])
            tell(len(made), len(inputs))
        self._note(made, target)
        return made

    def _suits(self, model: lit_model.Model) -> bool:
        own = unwrapped(model)
        fields = text_fields(own)
        return (
            fields is not None
            and len(fields.labels) > 1
            and self._method.suits(predictor_of(own, fields, {}))
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
        own = unwrapped(model)
        if not self._suits(own):
            raise UserError(
                f"{self._method.title} does not suit this model; choose another with the option "
                f"{MODEL}."
            )
        return next((name for name, each in self._models.items() if each is own), ""), own

    def _found(
        self,
        own: lit_model.Model,
        inputs: Sequence[lit_types.JsonDict],
        target: str,
        options: dict[str, Any],
    ) -> Iterator[list[Counterfactual]]:
        fields = _fields_of(own)
        together = isinstance(own, LitTextClassifier)
        # Another's model gets its other fields from the example, so it takes one at a time.
        for part in [inputs] if together else [[example] for example in inputs]:
            if not part:
                continue
            yield from counterfactuals_each(
                predictor_of(own, fields, part[0]),
                [example[fields.text] or "" for example in part],
                self._method.name,
                None if target == ANY_OTHER else target,
                **options,
                **self._fillers,
            )

    def _note(self, made: Sequence[Sequence[Any]], target: str) -> None:
        for filler in self._fillers.values():
            if made:
                note(load_filler(filler).note if isinstance(filler, str) else filler.note)
        if without := without_any(made):
            already = "" if target == ANY_OTHER else f", or it is {target} already"
            note(f"Within these options there is none for {without}{already}.")


def _example(
    parent: lit_types.JsonDict,
    found: Counterfactual,
    dataset: lit_dataset.Dataset,
    fields: TextFields,
    model: str,
) -> lit_types.JsonDict:
    before = f"{found.label_before} {found.probability_before:.3f}"
    after = f"{found.label_after} {found.probability_after:.3f}"
    return child(
        parent,
        dataset,
        {fields.text: found.new_text, **_turned_label(parent, found, fields)},
        describe(found.edits, found.rule),
        dropped=fields.tokens,
        meta={"model": model, "prediction": f"{before} → {after}"},
    )


def _turned_label(
    parent: lit_types.JsonDict, found: Counterfactual, fields: TextFields
) -> dict[str, str]:
    """The gold label as the other of two classes, where a rule's one edit turns the meaning."""
    rule = RULES.get(found.rule)
    if rule is None or rule.expects != "opposite" or not rule.testable(found.text):
        return {}
    if len(found.edits) > 1 or len(fields.labels) != 2 or fields.gold is None:
        return {}
    label = parent.get(fields.gold)
    if label not in fields.labels:
        return {}
    return {fields.gold: fields.labels[1 - fields.labels.index(label)]}


def _fields_of(model: lit_model.Model) -> TextFields:
    fields = text_fields(model)
    assert fields is not None  # or the method would not suit it
    return fields
