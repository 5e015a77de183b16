"""Lists the generators that replace LIT's own, by name."""

from __future__ import annotations

from collections.abc import Mapping

from lit_nlp.api import components as lit_components
from lit_nlp.api import model as lit_model

from lit_plugins.counterfactual import METHODS
from lit_plugins.lit.generators.counterfactuals import CounterfactualGenerator
from lit_plugins.lit.generators.scrambler import Scrambler
from lit_plugins.lit.generators.word_replacer import WordReplacer
from lit_plugins.lit.interpreters.explanation_cache import Filler


def lit_generators(
    models: Mapping[str, lit_model.Model], filler: Filler = "auto"
) -> dict[str, lit_components.Generator]:
    """All generators by the names that the page shows.

    Any LIT app can use them: `LitApp(…, generators=lit_generators(models))`.

    Args:
        models: the app's models by name; a method that suits none of them is left out.
        filler: the masked language model that proposes words, or its name: a folder, a name on
            the hub, an embedded model, or `"auto"`. It is loaded at first use.
    """
    methods = [CounterfactualGenerator(method, models, filler) for method in METHODS.values()]
    return {
        **{generator.title: generator for generator in methods if generator.models},
        "Word Replacer": WordReplacer(),
        "Scrambler": Scrambler(),
    }
