"""LIT's counterfactual generators, with results that the page can hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from lit_nlp.components import ablation_flip, hotflip, word_replacer

from lit_plugins.lit import fields
from lit_plugins.lit.model import LitTextClassifier


class DatasetFieldsOnly(lit_components.Generator):
    """Runs a generator and keeps of its results the dataset's own fields, and none twice.

    LIT's generators also hand on the parent's id, which would make the page take parent and child
    for one, and outputs of the model, which the page would show as data.
    """

    def __init__(self, generator: lit_components.Generator):
        self._generator = generator

    def description(self) -> str:
        """The generator's own."""
        return self._generator.description()

    def config_spec(self) -> lit_types.Spec:
        """The generator's own."""
        return self._generator.config_spec()

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """The generator's own."""
        return self._generator.is_compatible(model, dataset)

    def generate_all(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        config: lit_types.JsonDict | None = None,
    ) -> list[list[lit_types.JsonDict]]:
        """New examples for each input."""
        spec = dataset.spec()

        def own_fields(example: lit_types.JsonDict) -> lit_types.JsonDict:
            return {field: value for field, value in example.items() if field in spec}

        return [
            _unlike([own_fields(each) for each in made], own_fields(parent))
            for parent, made in zip(
                inputs, self._generator.generate_all(inputs, model, dataset, config), strict=True
            )
        ]

    def generate(
        self,
        example: lit_types.JsonDict,
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """New examples for one input."""
        return self.generate_all([example], model, dataset, config)[0]


def _unlike(
    made: Sequence[lit_types.JsonDict], parent: lit_types.JsonDict
) -> list[lit_types.JsonDict]:
    # LIT gives examples of one content one id, and its page cannot hold an id twice.
    kept: list[lit_types.JsonDict] = []
    for each in made:
        if each != parent and each not in kept:
            kept.append(each)
    return kept


class ReadableHotFlip(hotflip.HotFlip):
    """LIT's HotFlip, with the changed tokens written as text and special tokens left alone."""

    def generate(
        self,
        example: lit_types.JsonDict,
        model: LitTextClassifier,
        dataset: lit_dataset.Dataset,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """Examples with a few tokens changed, each with another prediction."""
        config = dict(config or {})
        ignored = list(config.get(hotflip.TOKENS_TO_IGNORE_KEY) or [])
        config[hotflip.TOKENS_TO_IGNORE_KEY] = [*ignored, *model.classifier.special_tokens]
        made: list[dict[str, Any]] = super().generate(example, model, dataset, config)
        for each in made:
            each[fields.TEXT] = model.classifier.text_of_tokens(each[fields.TOKENS])
        return made


def lit_generators() -> dict[str, lit_components.Generator]:
    """LIT's generators by name, without the Scrambler, which never ends on a text of one word."""
    return {
        name: DatasetFieldsOnly(generator)
        for name, generator in {
            "Word Replacer": word_replacer.WordReplacer(),
            "Ablation Flip": ablation_flip.AblationFlip(),
            "HotFlip": ReadableHotFlip(),
        }.items()
    }
