"""Layouts of the page: which modules of LIT and of this package stand where."""

from __future__ import annotations

from collections.abc import Mapping

from lit_nlp.api import layout

from lit_plugins.errors import UserError

ATTENTION_MODULE = "attention-module"
ATTRIBUTION_CHART_MODULE = "attribution-chart-module"
DISAGREEMENT_MODULE = "disagreement-module"
GLOBAL_WORDS_MODULE = "global-words-module"
PREDICTION_MODULE = "prediction-module"
SAVED_WORK_MODULE = "saved-work-module"
TEXT_DIFFERENCE_MODULE = "text-difference-module"

_modules = layout.LitModuleName

_CHART = {"Attribution Chart": [ATTRIBUTION_CHART_MODULE]}

DEBUG = layout.LitCanonicalLayout(
    upper={"Main": [_modules.DataTableModule, PREDICTION_MODULE]},
    lower={
        "Explanations": [
            _modules.DatapointEditorModule,
            _modules.SalienceMapModule,
            _modules.EmbeddingsModule,
        ],
        **_CHART,
        "Attention": [ATTENTION_MODULE],
        "Global Words": [GLOBAL_WORDS_MODULE],
        "Predictions": [_modules.ClassificationModule, _modules.ScalarModule],
        "Counterfactuals": [_modules.GeneratorModule, TEXT_DIFFERENCE_MODULE],
        "Metrics": [_modules.MetricsModule, _modules.ConfusionMatrixModule],
        "Thresholds": [_modules.CurvesModule, _modules.ThresholderModule],
        "Salience Clustering": [_modules.SalienceClusteringModule],
        "TCAV": [_modules.TCAVModule],
    },
    layoutSettings=layout.LayoutSettings(mainHeight=54),
    description="Find an error, see which words cause it, change them, and find similar errors.",
)

COMPARE = layout.LitCanonicalLayout(
    upper={"Main": [_modules.DataTableModule, _modules.EmbeddingsModule]},
    lower={
        "Disagreement": [_modules.ClassificationModule, DISAGREEMENT_MODULE],
        "Salience Maps": [_modules.SalienceMapModule],
        **_CHART,
        "Global Words": [GLOBAL_WORDS_MODULE],
        "Metrics": [_modules.MetricsModule, _modules.ConfusionMatrixModule],
        "Predictions": [_modules.ScalarModule],
    },
    layoutSettings=layout.LayoutSettings(mainHeight=40),
    description="See where two models disagree, because of which words, and which is right.",
)

COUNTERFACTUALS = layout.LitCanonicalLayout(
    upper={
        "Main": [
            _modules.DataTableModule,
            _modules.DatapointEditorModule,
            _modules.GeneratorModule,
        ]
    },
    lower={
        "Comparison": [_modules.ClassificationModule, TEXT_DIFFERENCE_MODULE],
        "Salience Maps": [_modules.SalienceMapModule],
        **_CHART,
        "Predictions": [_modules.ScalarModule],
    },
    layoutSettings=layout.LayoutSettings(mainHeight=50),
    description="Change a text until the prediction flips, and compare it with the original.",
)

ATTENTION = layout.LitCanonicalLayout(
    upper={
        "Main": [
            _modules.DataTableModule,
            _modules.DatapointEditorModule,
            _modules.ClassificationModule,
        ]
    },
    lower={
        "Attention": [ATTENTION_MODULE],
        "Salience Maps": [_modules.SalienceMapModule],
    },
    layoutSettings=layout.LayoutSettings(mainHeight=38),
    description="See which tokens each attention head attends to, and what reaches the classifier.",
)

# LIT's own layout without the Dive module: Dive generates code to draw, and the page's
# content security policy forbids generated code.
THREE_PANEL = layout.LitCanonicalLayout(
    upper=layout.THREE_PANEL_LAYOUT.upper,
    lower=layout.THREE_PANEL_LAYOUT.lower,
    left={
        tab: modules
        for tab, modules in layout.THREE_PANEL_LAYOUT.left.items()
        if _modules.DiveModule not in modules
    },
    layoutSettings=layout.THREE_PANEL_LAYOUT.layoutSettings,
    description=layout.THREE_PANEL_LAYOUT.description,
)

LAYOUTS: dict[str, layout.LitCanonicalLayout] = {
    "debug": DEBUG,
    "compare": COMPARE,
    "counterfactuals": COUNTERFACTUALS,
    "attention": ATTENTION,
    "simple": layout.SIMPLE_LAYOUT,
    "three_panel": THREE_PANEL,
}
"""Layouts by their names on the command line and in the page; the first is the default."""


def checked_layout(name: str) -> str:
    """Returns the name of a layout, once it is known to exist.

    Raises:
        UserError: no layout has that name.
    """
    if name not in LAYOUTS:
        raise UserError(f"There is no layout {name!r}; choose from {', '.join(LAYOUTS)}.")
    return name


def with_module(
    old: layout.LitCanonicalLayout, tab: str, tag: layout.LitModuleName | str
) -> layout.LitCanonicalLayout:
    """A layout with one more module, placed last in a tab of its lower half.

    A tab that does not exist yet is added.
    """
    return layout.LitCanonicalLayout(
        upper=old.upper,
        lower={**old.lower, tab: [*old.lower.get(tab, []), tag]},
        left=old.left,
        layoutSettings=old.layoutSettings,
        description=old.description,
    )


def with_saved_work(
    layouts: Mapping[str, layout.LitCanonicalLayout],
) -> dict[str, layout.LitCanonicalLayout]:
    """Adds a tab "Saved Work" to this package's layouts; LIT's layouts stay as they are."""
    of_this_package = (DEBUG, COMPARE, COUNTERFACTUALS, ATTENTION)
    return {
        name: with_module(old, "Saved Work", SAVED_WORK_MODULE) if old in of_this_package else old
        for name, old in layouts.items()
    }
