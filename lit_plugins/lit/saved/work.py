"""Routes of the app that save, load and remove datapoints, with one file for each dataset."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api.dataset import INPUT_ID_FIELD, INPUT_META_FIELD

from lit_plugins.data.wording import counted, listed, numbered
from lit_plugins.errors import UserError
from lit_plugins.lit.saved.download import as_csv, as_json_lines
from lit_plugins.lit.saved.fit import PARENT, Fit, fitting_meta
from lit_plugins.lit.saved.store import Contents, Saved, Store, Value, is_id
from lit_plugins.lit.saved.upload import UploadedDatapoint, read_upload

ENDING = ".added.jsonl"
"""The end of each file's name in the data folder, after the dataset's name."""

Input = dict[str, Any]
"""A datapoint with `data`, `id` and `meta`, as the page holds it."""

Annotate = Callable[[lit_dataset.IndexedDataset, list[dict[str, Any]]], Sequence[Mapping[str, Any]]]
"""Adds to examples of a dataset the fields that are computed from their texts."""

_Point = tuple[str, Mapping[str, Value], Mapping[str, str]]  # id, data and meta
_KINDS = {"csv": ("text/csv", as_csv), "jsonl": ("application/jsonl", as_json_lines)}


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
        """Reads the files that exist.

        Args:
            folder: the folder of the files.
            datasets: LIT's datasets, by their names in requests and files.
            annotate: computes the fields that are not saved because they follow from the text.
            numbers: whether labels in uploaded files may be indices, see `read_upload`.

        Raises:
            UserError: a file cannot be used, or its path would lead out of the folder.
        """
        self._by_dataset = {
            name: _DatasetWork(dataset, Store(_path(folder, name), list(Fit(dataset.spec()).kinds)))
            for name, dataset in datasets.items()
        }
        self._annotate = annotate
        self._numbers = numbers
        for work in self._by_dataset.values():
            work.store.read()

    @property
    def routes(self) -> Mapping[str, Callable[..., Any]]:
        """Handlers by path; each takes a request's data and its `dataset_name`."""
        return MappingProxyType(
            {
                "/saved_datapoints": self._get,
                "/save_datapoints": self._save,
                "/remove_datapoints": self._remove,
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

    def _load(self, data: Mapping[str, Any], dataset_name: str, **options: Any) -> dict[str, Any]:
        work = self._find(dataset_name)
        name, text = _option(data, "name"), _option(data, "text")
        if not isinstance(name, str) or not isinstance(text, str):
            raise UserError("The request has no file to load; send its name and its text.")
        uploaded, notes = read_upload(name, text, work.fit, numbers=self._numbers)
        points, known = work.new(uploaded, work.store.read())
        contents = work.store.add(points)
        new = {id_ for id_, *_ in points}
        inputs = [point for point in self._inputs(work, contents) if point["id"] in new]
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

    def _find(self, dataset_name: str) -> _DatasetWork:
        if dataset_name not in self._by_dataset:
            raise UserError("Nothing can be saved without a dataset; choose one in the page.")
        return self._by_dataset[dataset_name]

    def _inputs(self, work: _DatasetWork, contents: Contents) -> list[Input]:
        points = work.points(contents)
        with work.lock:
            new = [point for point in points if point.id not in work.annotated]
            annotated = (
                self._annotate(work.dataset, [dict(point.data) for point in new]) if new else []
            )
            for point, data in zip(new, annotated, strict=True):
                work.annotated[point.id] = data
            for id_ in work.annotated.keys() - contents.saved.keys():
                del work.annotated[id_]
            return [_input(point, work.annotated[point.id]) for point in points]


class _DatasetWork:
    """One dataset with its saved datapoints.

    Attributes:
        dataset: LIT's dataset.
        store: the file of saved datapoints.
        fit: the fields that are saved.
        lock: guards `annotated`.
        annotated: the saved datapoints with their annotations, by id.
    """

    def __init__(self, dataset: lit_dataset.IndexedDataset, store: Store):
        self.dataset = dataset
        self.store = store
        self.fit = Fit(dataset.spec())
        self.lock = threading.Lock()
        self.annotated: dict[str, Mapping[str, Any]] = {}

    def points(self, contents: Contents) -> list[Saved]:
        """The saved datapoints, reduced to the dataset's current fields.

        Datapoints that the dataset itself contains are left out.
        """
        return [
            Saved(point.id, self.fit.data(point.data)[0], point.meta, point.at)
            for point in contents.saved.values()
            if point.id not in self.dataset.index
        ]

    def summary(self, contents: Contents) -> dict[str, Any]:
        """The number of saved datapoints, the earliest time of saving, and the file's revision.

        The page compares revisions to notice changes.
        """
        points = self.points(contents)
        return {
            "count": len(points),
            "since": min((point.at for point in points), default=None),
            "revision": contents.revision,
        }

    def new(
        self, uploaded: Sequence[UploadedDatapoint], contents: Contents
    ) -> tuple[list[_Point], int]:
        """Selects the uploaded datapoints that are neither in the dataset nor saved.

        Returns:
            The new datapoints with ids computed here, and the number of all others.
        """
        ids = {
            _content(self.fit.data(example["data"])[0]): example["id"]
            for example in self.dataset.indexed_examples
        }
        ids.update((_content(point.data), point.id) for point in self.points(contents))
        fresh: dict[str, UploadedDatapoint] = {}
        for datapoint in uploaded:
            if _content(datapoint.data) not in ids:
                fresh.setdefault(_content(datapoint.data), datapoint)
        for content, datapoint in fresh.items():
            ids[content] = self.dataset.id_fn(dict(datapoint.data))
        # Ids in the file may differ from the ids here, and rows refer to parents by the file's ids.
        id_of = {datapoint.id: ids[_content(datapoint.data)] for datapoint in uploaded}
        points: list[_Point] = [
            (ids[content], datapoint.data, _with_parent(datapoint.meta, id_of))
            for content, datapoint in fresh.items()
        ]
        return points, len(uploaded) - len(fresh)

    def notes(self, contents: Contents) -> list[str]:
        """One sentence for each kind of entry in the file that is left out."""
        notes = []
        if contents.damaged:
            verb = "is" if len(contents.damaged) == 1 else "are"
            notes.append(
                f"{counted(len(contents.damaged), 'line')} of the file {verb} damaged and left "
                f"out: {numbered(contents.damaged, 'line')}."
            )
        gone = [name for name in contents.fields or () if name not in self.fit.kinds]
        if gone:
            notes.append(f"Left out, as the dataset does not have them any more: {listed(gone)}.")
        unfit = dict.fromkeys(
            name for point in contents.saved.values() for name in self.fit.data(point.data)[1]
        )
        if unfit:
            notes.append(f"Values of {listed(unfit)} that the dataset does not have are left out.")
        return notes


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


def _content(data: Mapping[str, Value]) -> str:
    return json.dumps(data, sort_keys=True)


def _with_parent(meta: Mapping[str, str], id_of: Mapping[str, str]) -> dict[str, str]:
    parent = meta.get(PARENT)
    return {**meta, PARENT: id_of.get(parent, parent)} if parent else dict(meta)
