"""Whole explanations, for those of the page's modules that draw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.errors import UserError
from lit_plugins.lit.interpreters.salience import ExplanationInterpreter

EXPLANATION = "explanation"
"""The interpreter's name, which the page asks for."""

METHOD = "method"
"""In the interpreter's config: the title of the method; the rest of it is the method's own."""


class ExplanationData(lit_components.Interpreter):
    """Any method's explanations with all that they say, of which salience maps show a part."""

    def __init__(self, methods: Mapping[str, ExplanationInterpreter]):
        """Takes the methods by the names that the page shows."""
        self._methods = dict(methods)

    def description(self) -> str:
        """Not shown: the page has no part for this interpreter alone."""
        return "All that an explanation says, by any method."

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether any method suits the model."""
        return any(each.is_compatible(model, dataset) for each in self._methods.values())

    def config_spec(self) -> lit_types.Spec:
        """The methods to choose from; their options are in their own specs."""
        return {METHOD: lit_types.CategoryLabel(vocab=list(self._methods), required=False)}

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """One dictionary an example.

        Each has the attributes of an `Explanation`, the method's `title`, its `options` as they
        were used, and the names of the models that it was `compared` with.

        Raises:
            UserError: the method is none of these or does not suit the model, or one of its options
                is refused.
        """
        title = (config or {}).get(METHOD)
        method = self._methods.get(title) if isinstance(title, str) else None
        if method is None:
            raise UserError(
                f"There is no method {title!r:.60}; choose from {', '.join(self._methods)}."
            )
        if not method.is_compatible(model, dataset):
            raise UserError(f"{title} does not suit this model; choose another method.")
        found = method.explained(inputs, model, model_outputs, config)
        return [
            {
                **each.to_dict(),
                "title": title,
                "options": found.options,
                "compared": found.compared,
            }
            for each in found.explanations
        ]
