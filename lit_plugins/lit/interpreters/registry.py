"""Lists the interpreters by name: this package's methods, and LIT's own that work here."""

from __future__ import annotations

from collections.abc import Mapping

from lit_nlp.api import components as lit_components
from lit_nlp.api import model as lit_model
from lit_nlp.components import (
    core,
    gradient_maps,
    nearest_neighbors,
    pca,
    tcav,
)

from lit_plugins.explain import METHODS
from lit_plugins.lit.interpreters.attention import ATTENTION, AttentionInterpreter
from lit_plugins.lit.interpreters.clustering import WordClustering
from lit_plugins.lit.interpreters.curves import Curves
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.interpreters.explanation_data import EXPLANATION, ExplanationData
from lit_plugins.lit.interpreters.global_words import GLOBAL_WORDS, GlobalWords
from lit_plugins.lit.interpreters.model_columns import COLUMNS, ColumnsInterpreter
from lit_plugins.lit.interpreters.projections import Projections, UmapOfAnySize
from lit_plugins.lit.interpreters.salience import ExplanationInterpreter
from lit_plugins.lit.interpreters.text_difference import TEXT_DIFFERENCE, TextDifference
from lit_plugins.lit.interpreters.thresholds import Thresholds


def lit_interpreters(
    models: Mapping[str, lit_model.Model] | None = None, explanations: Explanations | None = None
) -> dict[str, lit_components.Interpreter]:
    """All interpreters by the names that the page shows or requests.

    Any LIT app can use them: `LitApp(…, interpreters=lit_interpreters(models))`.

    Args:
        models: the app's models by name, for methods that compare two.
        explanations: the cache of explanations; a new one by default.
    """
    # The strength of a model's reaction to each token, special tokens included, which no method
    # of this package computes.
    from_lit = {"Grad L2 Norm": gradient_maps.GradientNorm()}
    kept = explanations or Explanations()
    methods = METHODS.values()
    explaining = {method.title: ExplanationInterpreter(method, kept, models) for method in methods}
    return {
        **core.required_interpreters(),
        **explaining,
        **from_lit,
        EXPLANATION: ExplanationData(explaining),
        GLOBAL_WORDS: GlobalWords(explaining),
        COLUMNS: ColumnsInterpreter(models or {}),
        TEXT_DIFFERENCE: TextDifference(),
        ATTENTION: AttentionInterpreter(),
        "pca": Projections(pca.PCAModel),
        "umap": Projections(UmapOfAnySize),
        "nearest neighbors": nearest_neighbors.NearestNeighbors(),
        "curves": Curves(),
        "thresholder": Thresholds(),
        "tcav": tcav.TCAV(),
        "Salience Clustering": WordClustering(
            {
                **from_lit,
                **{
                    method.title: ExplanationInterpreter(method, kept, models, caption=False)
                    for method in methods
                },
            }
        ),
    }
