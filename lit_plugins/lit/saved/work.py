"""Routes of the app that save, load, remove and restore datapoints: a file for each dataset."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence, Set
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api.dataset import INPUT_ID_FIELD, INPUT_META_FIELD

from lit_plugins.data.wording import counted, listed
from lit_plugins.errors import UserError
from lit_plugins.lit.saved.dataset_work import DatasetWork
from lit_plugins.lit.saved.download import as_csv, as_json_lines
from lit_plugins.lit.saved.fit import Fit, fitting_meta
from lit_plugins.lit.saved.lines import Saved, is_id
from lit_plugins.lit.saved.store import Contents, Store
from lit_plugins.lit.saved.upload import read_upload
from lit_plugins.runtime.cancellation import held

ENDING = ".added.jsonl"
"""The end of each file's name in the data folder, after the dataset's name."""

Input = dict[str, Any]
"""A datapoint with `data`, `id` and `meta`, as the page holds it."""

Annotate = Callable[[lit_dataset.IndexedDataset, list[dict[str, Any]]], Sequence[Mapping[str, Any]]]
"""Adds to examples of a dataset the fields that are computed from their texts."""

_MOST_REMOVALS = 50  # in one response
_SHOWN = 20  # texts of one removal
_KINDS = {"csv": ("text/csv", as_csv), "jsonl": ("application/jsonl", as_json_lines)}

_log = logging.getLogger(__name__)


class SavedWork:
    """The datapoints that users have added to some datasets."""

    def __init__(
        self,
        folder: Path,
        datasets: Mapping[str, lit_dataset.IndexedDataset],
        annotate: Annotate,
        *,
        numbers: bool = True,
    ):
        """Reads the files that exist, and logs how many of their lines cannot be read.

        Args:
            folder: the folder of the files.
            datasets: LIT's datasets, by their names in requests and files.
            annotate: computes the fields that are not saved because they follow from the text.
            numbers: whether labels in uploaded files may be indices, see `read_upload`.

        Raises:
            UserError: a file cannot be used, or its path would lead out of the folder.
        """
        self._by_dataset = {
            name: DatasetWork(dataset, Store(_path(folder, name), list(Fit(dataset.spec()).kinds)))
            for name, dataset in datasets.items()
        }
        self._annotate = annotate
        self._numbers = numbers
        for work in self._by_dataset.values():
            for sentence in work.unreadable(work.store.read()):
                _log.warning("%s", sentence)

    @property
    def routes(self) -> Mapping[str, Callable[..., Any]]:
        """Handlers by path; each takes a request's data and its `dataset_name`."""
        return MappingProxyType(
            {
                "/saved_datapoints": self._get,
                "/save_datapoints": self._save,
                "/remove_datapoints": self._remove,
                "/removed_datapoints": self._get_removed,
                "/restore_datapoints": self._restore,
                "/load_datapoints": self._load,
                "/download_datapoints": self._download,
            }
        )

    def inputs(self, dataset_name: str) -> list[Input]:
        """The saved datapoints of a dataset, in the form of datapoints that the page added.

        Datapoints that the dataset itself contains by now are left out.
        """
        work = self._by_dataset.get(dataset_name)
        return [] if work is None else self._inputs(work, work.store.read())

    def _get(self, data: Mapping[str, Any], dataset_name: str, **options: Any) -> dict[str, Any]:
        """The saved datapoints; None in their place if the page has the current revision."""
        work = self._find(dataset_name)
        contents = work.store.read()
        known = _option(data, "known") == contents.revision
        inputs = None if known else self._inputs(work, contents)
        return {**work.summary(contents), "inputs": inputs, "notes": work.notes(contents)}

    def _save(self, data: Mapping[str, Any], dataset_name: str, **options: Any) -> dict[str, Any]:
        work = self._find(dataset_name)
        points = []
        for point in data["inputs"]:
            if point["id"] in work.dataset.index:
                continue
            # Otherwise a wrong id could block the text that it really belongs to.
            if point["id"] != work.dataset.id_fn(dict(point["data"])):
                raise UserError("A datapoint's id is not that of its text: load the page again.")
            values, unfit = work.fit.data(point["data"])
            if unfit:
                raise UserError(
                    f"A datapoint cannot be saved, as its {listed(unfit)} does not fit the "
                    "dataset: change it and add it again."
                )
            points.append((point["id"], values, fitting_meta(point["meta"])))
        contents = work.store.add(points)
        times = {id_: contents.saved[id_].at for id_, *_ in points}
        return {**work.summary(contents), "saved": times}

    def _remove(self, data: Mapping[str, Any], dataset_name: str, **options: Any) -> dict[str, Any]:
        work = self._find(dataset_name)
        ids = _option(data, "ids")
        if not isinstance(ids, list) or not all(map(is_id, ids)):
            raise UserError("The request names no datapoints to remove; send their ids.")
        return work.summary(work.store.remove(ids))

    def _get_removed(
        self, data: Mapping[str, Any], dataset_name: str, **options: Any
    ) -> dict[str, Any]:
        """Some removals, the latest first: all, or those before a time."""
        work = self._find(dataset_name)
        before = _option(data, "before")
        if before is not None and not isinstance(before, str):
            raise UserError("The request's before is not a time; send one of the removals'.")
        removals = work.store.removals(_MOST_REMOVALS, _SHOWN, before)
        return {
            "removals": [
                {"at": removal.at, "count": removal.count, "first": work.shown(removal.first)}
                for removal in removals
            ],
            "are_all": len(removals) < _MOST_REMOVALS,
        }

    def _restore(
        self, data: Mapping[str, Any], dataset_name: str, **options: Any
    ) -> dict[str, Any]:
        """Restores some removed datapoints, or all that were removed at one time."""
        work = self._find(dataset_name)
        ids, at = _option(data, "ids"), _option(data, "at")
        if isinstance(at, str):
            ids = work.store.removed_at(at)
        if not isinstance(ids, list) or not all(map(is_id, ids)):
            raise UserError(
                "The request names no datapoints to restore; send their ids, or when they were "
                "removed."
            )
        contents = work.store.restore(ids)
        return {**work.summary(contents), "inputs": self._inputs(work, contents, set(ids))}

    def _load(self, data: Mapping[str, Any], dataset_name: str, **options: Any) -> dict[str, Any]:
        work = self._find(dataset_name)
        name, text = _option(data, "name"), _option(data, "text")
        if not isinstance(name, str) or not isinstance(text, str):
            raise UserError("The request has no file to load; send its name and its text.")
        uploaded, notes = read_upload(name, text, work.fit, numbers=self._numbers)
        points, known = work.new(uploaded, work.store.read())
        contents = work.store.add(points)
        inputs = self._inputs(work, contents, {id_ for id_, *_ in points})
        if known:
            verb = "is" if known == 1 else "are"
            notes.append(f"{counted(known, 'row')} {verb} in the dataset already.")
        return {**work.summary(contents), "inputs": inputs, "notes": notes}

    def _download(
        self, data: Mapping[str, Any], dataset_name: str, **options: Any
    ) -> dict[str, str]:
        work = self._find(dataset_name)
        ending = _option(data, "kind")
        if not isinstance(ending, str) or ending not in _KINDS:
            raise UserError(f"There is no such kind of file; choose from {listed(_KINDS)}.")
        kind, write = _KINDS[ending]
        points = work.points(work.store.read())
        return {
            "name": f"{dataset_name}.added.{ending}",
            "kind": kind,
            "text": write(points, list(work.fit.kinds)),
        }

    def _find(self, dataset_name: str) -> DatasetWork:
        if dataset_name not in self._by_dataset:
            raise UserError("Nothing can be saved without a dataset; choose one in the page.")
        return self._by_dataset[dataset_name]

    def _inputs(
        self, work: DatasetWork, contents: Contents, ids: Set[str] | None = None
    ) -> list[Input]:
        """The saved datapoints as the page holds them: all, or those with some ids."""
        points = work.points(contents)
        with held(work.lock):
            new = [point for point in points if point.id not in work.annotated]
            annotated = (
                self._annotate(work.dataset, [dict(point.data) for point in new]) if new else []
            )
            for point, data in zip(new, annotated, strict=True):
                work.annotated[point.id] = data
            for id_ in work.annotated.keys() - contents.saved.keys():
                del work.annotated[id_]
            return [
                _input(point, work.annotated[point.id])
                for point in points
                if ids is None or point.id in ids
            ]


def _path(folder: Path, name: str) -> Path:
    """The path of a dataset's file, which must be directly in the folder.

    Raises:
        UserError: the dataset's name or a link leads elsewhere.
    """
    inside = folder.resolve()
    path = inside / f"{name}{ENDING}"
    if "\0" in name or path.parent != inside or not path.resolve().is_relative_to(inside):
        raise UserError(
            f"What is added to the dataset {name!r} cannot be saved in the data folder: "
            "give the dataset a plain name and put no links there."
        )
    return path


def _input(point: Saved, data: Mapping[str, Any]) -> Input:
    meta = {"added": True, "parentId": None, "source": None, **point.meta, "saved": point.at}
    with_ids = {**data, INPUT_ID_FIELD: point.id, INPUT_META_FIELD: meta}
    return {"data": with_ids, "id": point.id, "meta": meta}


def _option(data: Mapping[str, Any], name: str) -> Any:
    return (data.get("config") or {}).get(name)
