"""LIT's app over this package's models, datasets and components."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import lit_nlp
from lit_nlp import app as lit_app
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api.dataset import INPUT_ID_FIELD, INPUT_META_FIELD
from lit_nlp.lib import utils

from lit_plugins.classifier import TextClassifier
from lit_plugins.data import TextTable
from lit_plugins.errors import UserError
from lit_plugins.lit import fields
from lit_plugins.lit.annotators import lit_annotators
from lit_plugins.lit.counterfactuals import Filler
from lit_plugins.lit.dataset import lit_dataset_of
from lit_plugins.lit.explanations import Explanations
from lit_plugins.lit.generators import lit_generators
from lit_plugins.lit.interpreters import lit_interpreters
from lit_plugins.lit.labels import shared_labels, with_shared_labels
from lit_plugins.lit.layouts import LAYOUTS
from lit_plugins.lit.metrics import lit_metrics
from lit_plugins.lit.model import CACHE_BYTES, LitTextClassifier
from lit_plugins.lit.modules import PageModule, with_modules
from lit_plugins.lit.running import Runs

CLIENT_ROOT = Path(lit_nlp.__file__).parent / "client" / "build" / "default"
"""The page that LIT ships."""

_CREATING = ("/create_model", "/create_dataset")
_EXPLANATIONS_SHARE = 8
_METRICS_SHARE = 32
_FILES = ("/save_datapoints", "/load_datapoints")
_PROGRESS = "/get_progress"
_RUN = "run"


class App(lit_app.LitApp):
    """LIT's WSGI app, with the models' own bounded caches in place of LIT's.

    LIT's cache is unbounded, goes by ids that edited examples may share with their parents, and
    holds every output. LIT also writes and reads files where a request says, and makes models
    from what a request says: here the first is confined to a folder, the second left out.
    """

    def __init__(
        self, models: Mapping[str, LitTextClassifier], saved_dir: Path | None, **options: Any
    ):
        super().__init__(models=models, model_loaders={}, dataset_loaders={}, **options)
        self._models = dict(models)
        self._saved_dir = saved_dir
        self._runs = Runs()
        self._wsgi_app._handlers[_PROGRESS] = self.make_handler(self._get_progress)
        for path in _CREATING if saved_dir is not None else _CREATING + _FILES:
            del self._wsgi_app._handlers[path]

    def make_handler(self, fn: Callable[..., Any]) -> Callable[..., Any]:
        """As LIT's, but a user's mistake is answered with its sentence and no traceback."""
        handler = super().make_handler(fn)

        def answered(app: Any, request: Any, environ: dict[str, Any]) -> Any:
            try:
                return handler(app, request, environ)
            except UserError as error:
                return app.respond(request, str(error), "text/plain", code=400)

        return answered

    def warm(self, progress: Callable[[str, str, int, int], None]) -> None:
        """Predicts every dataset with every model, so that the first page need not wait.

        Args:
            progress: called with (model, dataset, texts done, texts in all).
        """
        for model_name, model in self._models.items():
            for dataset_name in self._info["models"][model_name]["datasets"]:
                model.predict(
                    self._datasets[dataset_name].examples,
                    progress=functools.partial(progress, model_name, dataset_name),
                )

    def _annotate_new_data(
        self, data: dict[str, Any], dataset_name: str | None = None, **options: Any
    ) -> list[dict[str, Any]]:
        # LIT's own makes the id before it annotates, from what was copied from the parent: the same
        # text would have many ids, and none would be that of the dataset's example.
        dataset = self._datasets[dataset_name]
        plain = [
            {
                **{field: each["data"][field] for field in each["data"] if field != INPUT_ID_FIELD},
                INPUT_META_FIELD: each["meta"],
            }
            for each in data["inputs"]
        ]
        annotated = self._run_annotators(lit_dataset.Dataset(base=dataset, examples=plain))
        added = dataset.index_inputs(annotated.examples)
        return [_in_dataset(each, dataset) or each for each in added]

    def _get_preds(
        self,
        data: dict[str, Any],
        model: str | None = None,
        requested_types: str | None = None,
        requested_fields: str | None = None,
        **options: Any,
    ) -> list[Any]:
        # LIT's own reads every field of every example and then drops what was not asked for.
        predictions = super()._get_preds(data, model)
        if model is None or not (requested_types or requested_fields):
            return predictions
        spec = self._models[model].output_spec()
        wanted = set((requested_fields or "").split(","))
        for name in (requested_types or "").split(","):
            kind = getattr(lit_app.types, name, None)
            if isinstance(kind, type) and issubclass(kind, lit_app.types.LitType):
                wanted.update(utils.find_spec_keys(spec, kind))
        return [
            {field: prediction[field] for field in spec if field in wanted}
            for prediction in predictions
        ]

    def _get_generated(self, data: dict[str, Any], *names: Any, **options: Any) -> Any:
        with self._running(data):
            return super()._get_generated(data, *names, **options)

    def _get_interpretations(self, data: dict[str, Any], *names: Any, **options: Any) -> Any:
        with self._running(data):
            return super()._get_interpretations(data, *names, **options)

    def _running(self, data: dict[str, Any]) -> AbstractContextManager[None]:
        return self._runs.running((data.get("config") or {}).get(_RUN))

    def _get_progress(self, data: Any, run: str = "", **options: Any) -> dict[str, Any] | None:
        """How far the request is whose config named that run."""
        return self._runs.get(run)

    def _save_datapoints(
        self,
        data: dict[str, Any],
        dataset_name: str | None = None,
        path: str | None = None,
        **options: Any,
    ) -> str | None:
        return super()._save_datapoints(data, dataset_name, self._confined(path))

    def _load_datapoints(
        self,
        unused_data: dict[str, Any],
        dataset_name: str | None = None,
        path: str | None = None,
        **options: Any,
    ) -> Any:
        return super()._load_datapoints(unused_data, dataset_name, self._confined(path))

    def _confined(self, path: str | None) -> str:
        assert self._saved_dir is not None
        folder = self._saved_dir.resolve()
        wanted = (folder / (path or "")).resolve()
        if wanted == folder or not wanted.is_relative_to(folder):
            raise UserError(f"The path {path!r} is not inside the data folder; give a file name.")
        return os.fspath(wanted)


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
    """The app for some models and datasets.

    Args:
        classifiers: models by the names that the page shows.
        tables: datasets by the names that the page shows.
        layout: the name in `LAYOUTS` of the layout that opens first.
        page_title: the browser tab's title.
        data_dir: where the page may save datapoints and load them from; None turns that off.
        cache_bytes: the most memory that all caches may take up together.
        filler: the masked language model that proposes words for counterfactuals, or its name.
        modules: further modules of the page.

    Raises:
        UserError: a module names no layout.
    """
    labels = shared_labels(classifiers)
    models = {}
    explanations = Explanations(cache_bytes // _EXPLANATIONS_SHARE)
    metrics_bytes = cache_bytes // _METRICS_SHARE
    models_bytes = cache_bytes - cache_bytes // _EXPLANATIONS_SHARE - metrics_bytes
    for name, classifier in classifiers.items():
        shared = with_shared_labels(classifier, labels)
        models[name] = LitTextClassifier(
            shared or classifier,
            label_field=fields.LABEL if shared else None,
            cache_bytes=models_bytes // len(classifiers),
        )
    return App(
        models=models,
        saved_dir=data_dir,
        datasets={
            name: lit_dataset_of(table, labels if _fits(table, labels) else None)
            for name, table in tables.items()
        },
        generators=lit_generators(models, filler),
        interpreters=lit_interpreters(models, explanations),
        annotators=lit_annotators(models),
        metrics=lit_metrics(explanations, metrics_bytes),
        layouts=with_modules(LAYOUTS, modules),
        default_layout=layout,
        page_title=page_title,
        client_root=os.fspath(CLIENT_ROOT),
    )


def _in_dataset(example: dict[str, Any], dataset: lit_dataset.IndexedDataset) -> Any:
    """The dataset's own example of a text from the page's address, if it has what stands there."""
    if example["meta"].get("source") != "url":
        return None
    given = {
        field: example["data"][field]
        for field, kind in dataset.spec().items()
        if not kind.annotated and example["data"].get(field) not in (None, "")
    }
    return next(
        (
            each
            for each in dataset.indexed_examples
            if all(each["data"].get(field) == value for field, value in given.items())
        ),
        None,
    )


def _fits(table: TextTable, labels: tuple[str, ...]) -> bool:
    return table.label_names is not None and set(table.label_names) <= set(labels)
