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

from lit_plugins.data import TextTable
from lit_plugins.errors import NoNumbers, UserError
from lit_plugins.lit.dataset import with_lasting_ids
from lit_plugins.lit.forms import described
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.lit.numberless import Numberless
from lit_plugins.lit.request_checks import checked_data, checked_options
from lit_plugins.lit.requested_fields import asked_fields
from lit_plugins.lit.saved.work import SavedWork
from lit_plugins.lit.strict_json import strict_json
from lit_plugins.runtime import cancellation
from lit_plugins.runtime.progress import Runs

_RUN = "run"
_ADDRESS = "url"  # LIT's name for the source of an example that the page's address contains


class Route(NamedTuple):
    """A handler for one path.

    Attributes:
        run: takes the request's data, and the options from the query string by their names.
        needs: the names of the options without which it cannot run.
    """

    run: Callable[..., Any]
    needs: tuple[str, ...] = ("dataset_name",)


class App(lit_app.LitApp):
    """LIT's app with this package's bounded caches, and without LIT's unsafe routes.

    LIT's own cache is unbounded and holds every output. Its keys are ids that an edited example
    may share with its parent. This app uses the bounded caches of the models instead.

    Requests to LIT can also read and write files at any path and load any model. This app leaves
    those routes out. It is not a WSGI app by itself; `lit_plugins.serve` makes one from it.
    """

    def __init__(
        self,
        models: Mapping[str, LitTextClassifier],
        saved_dir: Path | None,
        *,
        tables: Mapping[str, TextTable],
        numbers: bool = True,
        **options: Any,
    ):
        """Takes LIT's options and a few of its own.

        Args:
            models: LIT's models by name.
            tables: the tables that LIT's datasets were made of, by name.
            saved_dir: the folder of saved datapoints; None saves nothing.
            numbers: whether labels in uploaded files may be indices, see `read_upload`.
            options: the other arguments of LIT's app.
        """
        super().__init__(models=models, model_loaders={}, dataset_loaders={}, **options)
        self._models = dict(models)
        self._datasets.update(
            {name: with_lasting_ids(dataset) for name, dataset in self._datasets.items()}
        )
        ids = {
            name: [each[INPUT_ID_FIELD] for each in self._datasets[name].examples]
            for name in tables
        }
        self._numberless = Numberless(tables, ids)
        self._runs = Runs()
        del self._wsgi_app  # it shows tracebacks, and reads any file that a request names
        of_both = ("model", "dataset_name")
        # LIT's other routes load models and datasets, or store data that a request contains.
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
            self._saved = SavedWork(saved_dir, datasets, self._annotated, numbers=numbers)
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
        """The paths that `answer` accepts."""
        return self._routes.keys()

    @property
    def models(self) -> Mapping[str, LitTextClassifier]:
        """LIT's models by name."""
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
        """The metadata about models, datasets and components that the page loads first."""
        return MappingProxyType(self._info)

    def answer(self, route: str, query: Mapping[str, str], body: Any) -> str:
        """Answers a request of the page, in strict JSON.

        Args:
            route: one of `routes`.
            query: the request's query string, values by name.
            body: the request's body as parsed JSON; None if it is empty.

        Raises:
            UserError: the request cannot be answered.
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

    def warm(self, progress: Callable[[str, str, int, int], None]) -> list[str]:
        """Predicts every dataset with every model, so that the page opens without waiting.

        Args:
            progress: called with (model's name, dataset's name, texts done, texts in all).

        Returns:
            Sentences on texts that are left out, because a model gives no numbers for them.
        """
        said = []
        for model_name, model in self._models.items():
            for dataset_name in self._info["models"][model_name]["datasets"]:
                told = functools.partial(progress, model_name, dataset_name)
                examples = self._datasets[dataset_name].examples
                try:
                    model.predict(examples, progress=told)
                except NoNumbers as error:
                    if len(error.places) == len(examples):
                        raise
                    found = [examples[place][INPUT_ID_FIELD] for place in error.places]
                    said.append(self._numberless.leave_out(dataset_name, model_name, found))
        self.save()
        return said

    def save(self) -> None:
        """Saves predictions in the data folder, if there is one.

        The program's end saves them as well.
        """
        for model in self._models.values():
            model.outputs.save()

    def _annotate_new_data(
        self, data: dict[str, Any], dataset_name: str | None = None, **options: Any
    ) -> list[dict[str, Any]]:
        # LIT computes the id before it annotates, from values copied from the parent. One text
        # would then have several ids, and none would equal the id of the same text in the dataset.
        dataset = self._datasets[dataset_name]
        plain = [
            {
                **{
                    name: value for name, value in example["data"].items() if name != INPUT_ID_FIELD
                },
                INPUT_META_FIELD: example["meta"],
            }
            for example in data["inputs"]
        ]
        added = dataset.index_inputs(self._annotated(dataset, plain))
        if not any(example["meta"].get("source") == _ADDRESS for example in added):
            return added
        known = self._get_dataset({}, dataset_name)
        return [_among(known, example, dataset) or example for example in added]

    def _annotated(
        self, dataset: lit_dataset.IndexedDataset, examples: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Examples of a dataset, with the fields that annotators compute from their texts."""
        return self._run_annotators(lit_dataset.Dataset(base=dataset, examples=examples)).examples

    def _get_dataset(
        self, data: dict[str, Any], dataset_name: str | None = None, **options: Any
    ) -> list[Any]:
        inputs = super()._get_dataset(data, dataset_name)
        if dataset_name is None:
            return inputs
        saved = self._saved.inputs(dataset_name) if self._saved else []
        return self._numberless.others(dataset_name, [*inputs, *saved])

    def _get_asked(
        self,
        data: dict[str, Any],
        model: str,
        requested_types: str | None = None,
        requested_fields: str | None = None,
        dataset_name: str | None = None,
        **options: Any,
    ) -> list[dict[str, Any]]:
        # LIT's handler computes every field of every example, then drops the unrequested ones.
        try:
            predictions = self._get_preds(data, model)
        except NoNumbers as error:
            found = [data["inputs"][place]["id"] for place in error.places]
            if dataset_name is None or len(found) == len(data["inputs"]):
                raise
            said = self._numberless.leave_out(dataset_name, model, found)
            raise UserError(f"{said} Load the page again to go on without.") from error
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
        """The progress of a running request.

        Args:
            data: the body of this request; it is not used.
            run: the name of the run, as the running request's config gives it.
        """
        return self._runs.get(run)


def _among(
    known: Sequence[Any], example: dict[str, Any], dataset: lit_dataset.IndexedDataset
) -> Any:
    """The known example that an example from the page's address stands for, or None.

    The known example must have the same value in each field that the address fills in. An example
    from another source has no counterpart.
    """
    if example["meta"].get("source") != _ADDRESS:
        return None
    cancellation.check()  # all known examples are compared with each of the address
    filled_in = {
        field: example["data"][field]
        for field, kind in dataset.spec().items()
        if not kind.annotated and example["data"].get(field) not in (None, "")
    }
    return next(
        (
            candidate
            for candidate in known
            if all(candidate["data"].get(field) == value for field, value in filled_in.items())
        ),
        None,
    )


def _is_of_lit(error: Exception) -> bool:
    """Whether LIT's own code caused an error, rather than a model or this package's code."""
    frames = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)]
    packages = [
        name.partition(".")[0] for name in frames if name.startswith(("lit_nlp.", "lit_plugins."))
    ]
    return packages[-1:] == ["lit_nlp"]
