"""LIT's app over this package's models, datasets and components."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from traceback import walk_tb
from types import MappingProxyType
from typing import Any, NamedTuple

from lit_nlp import app as lit_app
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api.dataset import INPUT_ID_FIELD, INPUT_META_FIELD

from lit_plugins.errors import UserError
from lit_plugins.lit.dataset import with_lasting_ids
from lit_plugins.lit.forms import described
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.lit.request_checks import checked_data, checked_options
from lit_plugins.lit.requested_fields import asked_fields
from lit_plugins.lit.saved.work import SavedWork
from lit_plugins.lit.strict_json import strict_json
from lit_plugins.runtime.progress import Runs

_RUN = "run"
_ADDRESS = "url"  # LIT's word for the source of what stands in the page's address


class Route(NamedTuple):
    """What answers one address.

    Attributes:
        run: takes the request's data, and the options of its address by their names.
        needs: the options without which it cannot run.
    """

    run: Callable[..., Any]
    needs: tuple[str, ...] = ("dataset_name",)


class App(lit_app.LitApp):
    """What LIT's app computes, with the models' own bounded caches in place of LIT's.

    LIT's cache is unbounded, goes by ids that edited examples may share with their parents, and
    holds every output. LIT also writes and reads files where a request says, and makes models
    from what a request says: both are left out. It is no WSGI app: `serve` makes one of it.
    """

    def __init__(
        self, models: Mapping[str, LitTextClassifier], saved_dir: Path | None, **options: Any
    ):
        super().__init__(models=models, model_loaders={}, dataset_loaders={}, **options)
        self._models = dict(models)
        self._datasets.update(
            {name: with_lasting_ids(each) for name, each in self._datasets.items()}
        )
        self._runs = Runs()
        del self._wsgi_app  # it shows tracebacks, and reads files where a request says
        of_both = ("model", "dataset_name")
        # All others of LIT's make models and datasets, or keep what a request brings.
        self._routes = {
            "/get_info": Route(self._get_info, ()),
            "/get_dataset": Route(self._get_dataset),
            "/annotate_new_data": Route(self._annotate_new_data),
            "/get_preds": Route(self._get_asked, ("model",)),
            "/get_interpretations": Route(self._get_interpretations, (*of_both, "interpreter")),
            "/get_generated": Route(self._get_generated, (*of_both, "generator")),
            "/get_metrics": Route(self._get_metrics, of_both),
            "/get_progress": Route(self._get_progress, ()),
        }
        self._saved: SavedWork | None = None
        if saved_dir is not None:
            datasets = {name: self._datasets[name] for name in options["datasets"]}
            self._saved = SavedWork(saved_dir, datasets, self._annotated)
            self._routes.update({path: Route(run) for path, run in self._saved.routes.items()})
        self._info["savesDatapoints"] = self._saved is not None

    def _build_metadata(self) -> dict[str, Any]:
        info: dict[str, Any] = super()._build_metadata()
        for kind, components in (
            ("interpreters", self._interpreters),
            ("generators", self._generators),
            ("metrics", self._metrics),
        ):
            for name, component in components.items():
                info[kind][name]["options"] = described(component)
        return info

    @property
    def routes(self) -> Collection[str]:
        """What `answer` takes."""
        return self._routes.keys()

    @property
    def models(self) -> Mapping[str, LitTextClassifier]:
        """The models by name, as LIT has them."""
        return MappingProxyType(self._models)

    @property
    def datasets(self) -> Mapping[str, Any]:
        """LIT's datasets by name."""
        return MappingProxyType(self._datasets)

    @property
    def interpreters(self) -> Mapping[str, Any]:
        """LIT's interpreters by title."""
        return MappingProxyType(self._interpreters)

    @property
    def generators(self) -> Mapping[str, Any]:
        """LIT's generators by title."""
        return MappingProxyType(self._generators)

    @property
    def metrics(self) -> Mapping[str, Any]:
        """LIT's metrics by name."""
        return MappingProxyType(self._metrics)

    @property
    def info(self) -> Mapping[str, Any]:
        """What the page is told of all of them."""
        return MappingProxyType(self._info)

    def answer(self, route: str, query: Mapping[str, str], body: Any) -> str:
        """What the page asks for, as strict JSON.

        Args:
            route: one of `routes`.
            query: what the request's address says, by name.
            body: what its body says, parsed; None for an empty one.

        Raises:
            UserError: the request is none that can be answered.
        """
        names = {
            "dataset_name": self._datasets,
            "model": self._models,
            "interpreter": self._interpreters,
            "generator": self._generators,
            **dict.fromkeys(("metrics", "requested_types", "requested_fields", "do_predict", _RUN)),
        }
        run, needs = self._routes[route]
        options = checked_options(query, names, needs)
        data = checked_data(body, self._datasets.get(options.get("dataset_name", "")))
        try:
            return strict_json(run(data, **options))
        except (
            ArithmeticError,
            AssertionError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ) as error:
            if isinstance(error, UserError) or not _is_of_lit(error):
                raise
            raise UserError(
                f"LIT cannot compute {route[1:]} of this request ({type(error).__name__}); "
                "check its inputs and config."
            ) from error

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
        self.save()

    def save(self) -> None:
        """Keeps predictions in the data folder, if there is one; done at the program's end, too."""
        for model in self._models.values():
            model.outputs.save()

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
        added = dataset.index_inputs(self._annotated(dataset, plain))
        if not any(each["meta"].get("source") == _ADDRESS for each in added):
            return added
        known = self._get_dataset({}, dataset_name)
        return [_among(known, each, dataset) or each for each in added]

    def _annotated(
        self, dataset: lit_dataset.IndexedDataset, examples: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Examples of a dataset, with what follows from their texts."""
        return self._run_annotators(lit_dataset.Dataset(base=dataset, examples=examples)).examples

    def _get_dataset(
        self, data: dict[str, Any], dataset_name: str | None = None, **options: Any
    ) -> list[Any]:
        inputs = super()._get_dataset(data, dataset_name)
        return inputs + (self._saved.inputs(dataset_name) if self._saved and dataset_name else [])

    def _get_asked(
        self,
        data: dict[str, Any],
        model: str,
        requested_types: str | None = None,
        requested_fields: str | None = None,
        **options: Any,
    ) -> list[dict[str, Any]]:
        # LIT's own reads every field of every example and then drops what was not asked for.
        predictions = self._get_preds(data, model)
        spec = self._models[model].output_spec()
        return asked_fields(predictions, spec, requested_types, requested_fields)

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


def _among(
    known: Sequence[Any], example: dict[str, Any], dataset: lit_dataset.IndexedDataset
) -> Any:
    """The known example of a text from the page's address, if one has what stands there."""
    if example["meta"].get("source") != _ADDRESS:
        return None
    given = {
        field: example["data"][field]
        for field, kind in dataset.spec().items()
        if not kind.annotated and example["data"].get(field) not in (None, "")
    }
    return next(
        (
            each
            for each in known
            if all(each["data"].get(field) == value for field, value in given.items())
        ),
        None,
    )


def _is_of_lit(error: Exception) -> bool:
    """Whether LIT's own code met an error, rather than a model or this package's code."""
    frames = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)]
    own = [
        name.partition(".")[0] for name in frames if name.startswith(("lit_nlp.", "lit_plugins."))
    ]
    return own[-1:] == ["lit_nlp"]
