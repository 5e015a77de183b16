"""How the page arranges LIT's modules."""

from __future__ import annotations

from lit_nlp.api import layout

_modules = layout.LitModuleName

DEBUG = layout.LitCanonicalLayout(
    upper={
        "Main": [
            _modules.DataTableModule,
            _modules.DatapointEditorModule,
            _modules.EmbeddingsModule,
        ]
    },
    lower={
        "Explanations": [_modules.ClassificationModule, _modules.SalienceMapModule],
        "Predictions": [_modules.ClassificationModule, _modules.ScalarModule],
        "Counterfactuals": [_modules.GeneratorModule],
        "Metrics": [_modules.MetricsModule, _modules.ConfusionMatrixModule],
        "Thresholds": [_modules.CurvesModule, _modules.ThresholderModule],
        "Salience Clustering": [_modules.SalienceClusteringModule],
        "TCAV": [_modules.TCAVModule],
    },
    layoutSettings=layout.LayoutSettings(mainHeight=40),
    description="Find an error, see its words, change them, look for others like it.",
)

COMPARE = layout.LitCanonicalLayout(
    upper={"Main": [_modules.DataTableModule, _modules.EmbeddingsModule]},
    lower={
        "Explanations": [_modules.ClassificationModule, _modules.SalienceMapModule],
        "Metrics": [_modules.MetricsModule, _modules.ConfusionMatrixModule],
        "Predictions": [_modules.ScalarModule],
    },
    layoutSettings=layout.LayoutSettings(mainHeight=40),
    description="See where two models part, on which texts, by which words, and who is right.",
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
        "Comparison": [_modules.ClassificationModule, _modules.SalienceMapModule],
        "Predictions": [_modules.ScalarModule],
    },
    layoutSettings=layout.LayoutSettings(mainHeight=50),
    description="Change a text until the prediction flips, and compare it with what it was.",
)

LAYOUTS: dict[str, layout.LitCanonicalLayout] = {
    "debug": DEBUG,
    "compare": COMPARE,
    "counterfactuals": COUNTERFACTUALS,
    "simple": layout.SIMPLE_LAYOUT,
    "three_panel": layout.THREE_PANEL_LAYOUT,
}
"""Layouts by the name that the command line and the page know them by; the first is the default."""
