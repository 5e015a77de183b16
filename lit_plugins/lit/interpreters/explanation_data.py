"""Whole explanations for this package's modules of the page, which draw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.errors import UserError
from lit_plugins.lit.interpreters.salience import ExplanationInterpreter

EXPLANATION = "explanation"
"""The interpreter's name in requests of the page."""

METHOD = "method"
"""The config's key for the title of the method; the method's options stand beside it."""


class ExplanationData(lit_components.Interpreter):
    """Returns explanations by any method in full; salience maps show only a part of them."""

    def __init__(self, methods: Mapping[str, ExplanationInterpreter]):
        """Takes the methods by the names that the page shows."""
        self._methods = dict(methods)

    def description(self) -> str:
        """A description that LIT requires; the page does not show it."""
        return "Whole explanations by any method."

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether any method suits the model."""
        return any(method.is_compatible(model, dataset) for method in self._methods.values())

    def config_spec(self) -> lit_types.Spec:
        """The methods to choose from; the options are in the methods' own specs."""
        return {METHOD: lit_types.CategoryLabel(vocab=list(self._methods), required=False)}

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """Explains the examples: one dictionary for each.

        A dictionary has the attributes of an `Explanation`, the method's `title`, the `options`
        that were used, and the names of the models that the model was `compared` with.

        Raises:
            UserError: the method is unknown or does not suit the model, or an option is refused.
        """
        title = (config or {}).get(METHOD)
        method = self._methods.get(title) if isinstance(title, str) else None
        if method is None:
            raise UserError(
                f"There is no method {title!r:.60}; choose from {', '.join(self._methods)}."
            )
        if not method.is_compatible(model, dataset):
            raise UserError(f"{title} does not suit this model; choose another method.")
        explained = method.explained(inputs, model, model_outputs, config)
        return [
            {
                **explanation.to_dict(),
                "title": title,
                "options": explained.options,
                "compared": explained.compared,
            }
            for explanation in explained.explanations
        ]
