"""Builds the app from classifiers and tables."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import lit_nlp

from lit_plugins.data import TextTable
from lit_plugins.lit.annotators import lit_annotators
from lit_plugins.lit.app import App
from lit_plugins.lit.dataset import lit_dataset_of
from lit_plugins.lit.generators.registry import lit_generators
from lit_plugins.lit.interpreters.explanation_cache import Explanations, Filler
from lit_plugins.lit.interpreters.registry import lit_interpreters
from lit_plugins.lit.layouts import LAYOUTS, with_saved_work
from lit_plugins.lit.metrics.registry import lit_metrics
from lit_plugins.lit.models import fields
from lit_plugins.lit.models.classifier import CACHE_BYTES, LitTextClassifier
from lit_plugins.lit.models.outputs import Caches
from lit_plugins.lit.page_modules import PageModule, with_modules
from lit_plugins.models.classifier import TextClassifier
from lit_plugins.models.shared_labels import share_labels

CLIENT_ROOT = Path(lit_nlp.__file__).parent / "client" / "build" / "default"
"""The folder of the page that LIT ships."""

# Fractions of the cache memory: one eighth holds explanations, one thirty-second holds metrics.
_EXPLANATIONS_SHARE = 8
_METRICS_SHARE = 32
_PREDICTIONS = "predictions"


def build_app(
    classifiers: Mapping[str, TextClassifier],
    tables: Mapping[str, TextTable],
    *,
    layout: str = next(iter(LAYOUTS)),
    page_title: str = "lit-plugins",
    data_dir: Path | None = None,
    cache_bytes: int = CACHE_BYTES,
    filler: Filler = "auto",
    modules: Sequence[PageModule] = (),
) -> App:
    """Builds the app for some models and datasets.

    Args:
        classifiers: models by the names that the page shows.
        tables: datasets by the names that the page shows.
        layout: the name in `LAYOUTS` of the layout that opens first.
        page_title: the title of the browser tab.
        data_dir: the folder of saved datapoints and predictions; None saves nothing.
        cache_bytes: the most memory that all caches may take up together, in bytes.
        filler: the masked language model that proposes words for counterfactuals and writes missing
            words, or its name.
        modules: further modules of the page.

    Raises:
        UserError: a module names a layout that does not exist.
    """
    shared = share_labels(classifiers)
    models = {}
    explanations = Explanations(cache_bytes // _EXPLANATIONS_SHARE, filler)
    metrics_bytes = cache_bytes // _METRICS_SHARE
    models_bytes = cache_bytes - cache_bytes // _EXPLANATIONS_SHARE - metrics_bytes
    caches = Caches(models_bytes, data_dir / _PREDICTIONS if data_dir is not None else None)
    for name, classifier in shared.classifiers.items():
        models[name] = LitTextClassifier(
            classifier.with_name(name),  # the classifier's own name may be a path
            label_field=None if name in shared.apart else fields.LABEL,
            gold_labels=shared.labels,
            caches=caches,
        )
    return App(
        models=models,
        saved_dir=data_dir,
        tables=tables,
        numbers=shared.in_order,
        datasets={
            name: lit_dataset_of(table, shared.labels if shared.fits(table.label_names) else None)
            for name, table in tables.items()
        },
        generators=lit_generators(models, filler),
        interpreters=lit_interpreters(models, explanations),
        annotators=lit_annotators(models),
        metrics=lit_metrics(explanations, metrics_bytes),
        layouts=with_modules(LAYOUTS if data_dir is None else with_saved_work(LAYOUTS), modules),
        default_layout=layout,
        page_title=page_title,
        client_root=os.fspath(CLIENT_ROOT),
    )
