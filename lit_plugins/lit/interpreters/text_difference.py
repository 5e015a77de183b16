"""Where two examples' texts differ, for those of the page's modules that show it."""

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

TEXT_DIFFERENCE = "text difference"
"""The interpreter's name, which the page asks for."""


class TextDifference(lit_components.Interpreter):
    """Two examples' words side by side; the model says only which field the text is."""

    def description(self) -> str:
        """Not shown: the page has no part for this interpreter alone."""
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
        """The segments from the first example's text to the second's, as in `align`.

        Raises:
            UserError: there are not two examples.
        """
        if len(inputs) != 2:
            raise UserError(f"Texts to compare are two, the old and the new; got {len(inputs)}.")
        fields = text_fields(unwrapped(model))
        assert fields is not None  # or it would not be compatible
        old, new = (example.get(fields.text) or "" for example in inputs)
        return [asdict(segment) for segment in align(old, new)]
