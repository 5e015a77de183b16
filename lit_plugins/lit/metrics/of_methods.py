"""What metrics about explanation methods have in common: which methods, on which texts."""

from __future__ import annotations

from lit_nlp.api import types as lit_types

from lit_plugins.errors import UserError
from lit_plugins.evaluate.sampling import MAX_SAMPLE, SAMPLE, sample
from lit_plugins.evaluate.scoring import RANDOM, choose_methods, methods_of_one_model
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.metrics.on_demand import Asked, AskedMetrics, Measure
from lit_plugins.options import Integer

CHOSEN = "methods"
"""In a metric's config: the titles of the methods that are asked about."""

DEFAULTS = ("shapley", "integrated_gradients")
"""The methods that are chosen until a user chooses others."""

TEXTS_USED = Measure("texts", "How many texts the values of this line are of.")


def titles() -> dict[str, str]:
    """By the name of each method that is about one model, and of chance, what the page calls it."""
    return {
        **{name: method.title for name, method in methods_of_one_model().items()},
        RANDOM: "Random order",
    }


class MethodMetrics(AskedMetrics):
    """A metric about explanation methods, on a sample of the texts."""

    options = (
        Integer(
            "texts",
            SAMPLE,
            "The most texts of a line that are explained.",
            low=1,
            high=MAX_SAMPLE,
        ),
    )

    def __init__(self, explanations: Explanations):
        """Takes the cache that the salience maps use, too."""
        self._explanations = explanations

    def config_spec(self) -> lit_types.Spec:
        """The methods to choose from, beside the options."""
        known = titles()
        chosen = lit_types.SparseMultilabel(
            vocab=list(known.values()), default=[known[name] for name in DEFAULTS], required=False
        )
        return {**super().config_spec(), CHOSEN: chosen}

    def methods(self, asked: Asked) -> list[str]:
        """The names of the methods that are asked about and suit the model."""
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
        """The places of the examples that are explained."""
        return sample(asked.texts, asked.options["texts"])
