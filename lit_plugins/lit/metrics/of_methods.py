"""Shared parts of metrics about explanation methods: which methods, and which texts."""

from __future__ import annotations

from lit_nlp.api import types as lit_types

from lit_plugins.errors import UserError
from lit_plugins.evaluate.sampling import MAX_SAMPLE, SAMPLE, sample
from lit_plugins.evaluate.scoring import RANDOM, choose_methods, methods_of_one_model
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.metrics.on_demand import Asked, AskedMetrics
from lit_plugins.options import Integer, Option

CHOSEN = "methods"
"""The key of a metric's config for the titles of the methods to judge."""

DEFAULTS = ("shapley", "integrated_gradients")
"""Names of the methods to judge until a user chooses others."""


def titles() -> dict[str, str]:
    """Titles in the page by the name of each method of one model, and of the random baseline."""
    return {
        **{name: method.title for name, method in methods_of_one_model().items()},
        RANDOM: "Random order",
    }


class MethodMetrics(AskedMetrics):
    """A metric about explanation methods, on a sample of the texts."""

    options: tuple[Option, ...] = (
        Integer(
            "texts",
            SAMPLE,
            "The most texts to explain for each line.",
            low=1,
            high=MAX_SAMPLE,
        ),
    )

    def __init__(self, explanations: Explanations):
        """Takes the cache of explanations, which the salience maps share."""
        self._explanations = explanations

    def config_spec(self) -> lit_types.Spec:
        """The options, and the methods to choose from."""
        known = titles()
        chosen = lit_types.SparseMultilabel(
            vocab=list(known.values()), default=[known[name] for name in DEFAULTS], required=False
        )
        return {**super().config_spec(), CHOSEN: chosen}

    def methods(self, asked: Asked) -> list[str]:
        """The names of the chosen methods that suit the model.

        Raises:
            UserError: a method is unknown, or none is chosen.
        """
        names = {title: name for name, title in titles().items()}
        chosen = asked.config.get(CHOSEN)
        if chosen is None:
            chosen = [title for title, name in names.items() if name in DEFAULTS]
        if not isinstance(chosen, (list, tuple)):
            chosen = [chosen]
        for title in chosen:
            if not isinstance(title, str) or title not in names:
                raise UserError(
                    f"There is no method {title!r:.60}; choose from {', '.join(names)}."
                )
        if not chosen:
            raise UserError("No method is chosen; choose at least one.")
        suits = choose_methods(asked.model.classifier, [names[title] for title in chosen])
        return [name for name in suits if suits[name]]

    def sampled(self, asked: Asked) -> list[int]:
        """The indices of the examples to explain."""
        return sample(asked.texts, asked.options["texts"])
