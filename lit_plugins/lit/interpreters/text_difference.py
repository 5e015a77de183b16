"""Differences between two examples' texts, for the page's module that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.counterfactual.alignment import align
from lit_plugins.errors import UserError
from lit_plugins.lit.models.any_classifier import text_fields, unwrapped
from lit_plugins.runtime.portions import when_due

TEXT_DIFFERENCE = "text difference"
"""The interpreter's name in requests of the page."""


class TextDifference(lit_components.Interpreter):
    """Aligns the words of two examples; the model only determines the text's field."""

    def description(self) -> str:
        """A description that LIT requires; the page does not show it."""
        return "Where two texts differ."

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model classifies texts."""
        return text_fields(unwrapped(model)) is not None

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """Aligns the first example's text with the second's; the segments are as in `align`.

        Raises:
            UserError: there are not exactly two examples.
        """
        if len(inputs) != 2:
            raise UserError(
                f"The number of texts to compare is {len(inputs)}; give two, the old and the new."
            )
        fields = text_fields(unwrapped(model))
        assert fields is not None  # otherwise the model would not be compatible
        old, new = (example.get(fields.text) or "" for example in inputs)
        return when_due(
            len(old) + len(new), lambda: [asdict(segment) for segment in align(old, new)]
        )
