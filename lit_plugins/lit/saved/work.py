"""What the page asks for to save datapoints: routes of the app, over one file a dataset."""

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
from lit_plugins.lit.saved.upload import Given, read_given

ENDING = ".added.jsonl"
"""Of the files in the data folder, after the dataset's name."""

Input = dict[str, Any]
Annotate = Callable[[lit_dataset.IndexedDataset, list[dict[str, Any]]], Sequence[Mapping[str, Any]]]
"""Gives examples of a dataset what follows from their texts."""

_Point = tuple[str, Mapping[str, Value], Mapping[str, str]]  # id, data and meta
_KINDS = {"csv": ("text/csv", as_csv), "jsonl": ("application/jsonl", as_json_lines)}


class SavedWork:
    """The datapoints that users have added to some datasets."""

    def __init__(
        self,
        folder: Path,
        datasets: Mapping[str, lit_dataset.IndexedDataset],
        annotate: Annotate,
    ):
        """Reads what is there.

        Args:
            folder: where the files stand.
            datasets: LIT's, by the names by which requests and files know them.
            annotate: computes what is not saved, as it follows from the text.

        Raises:
            UserError: a file cannot be used, or would stand elsewhere.
        """
        self._of = {
            name: _SavedOf(dataset, Store(_path(folder, name), list(Fit(dataset.spec()).kinds)))
            for name, dataset in datasets.items()
        }
        self._annotate = annotate
        for each in self._of.values():
            each.store.read()

    @property
    def routes(self) -> Mapping[str, Callable[..., Any]]:
        """By their paths, functions of a request's data and its `dataset_name`."""
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
        """The saved datapoints of a dataset, as the page gets those that it has added.

        Those that the dataset has itself by now are left out.
        """
        each = self._of.get(dataset_name)
        return [] if each is None else self._inputs(each, each.store.read())

    def _get(self, data: Mapping[str, Any], dataset_name: str, **options: Any) -> dict[str, Any]:
        """What is saved; without the datapoints, where the page knows them by their revision."""
        of = self._find(dataset_name)
        contents = of.store.read()
        known = _option(data, "known") == contents.revision
        inputs = None if known else self._inputs(of, contents)
        return {**of.summary(contents), "inputs": inputs, "notes": of.notes(contents)}

    def _save(self, data: Mapping[str, Any], dataset_name: str, **options: Any) -> dict[str, Any]:
        of = self._find(dataset_name)
        points = []
        for each in data["inputs"]:
            if each["id"] in of.dataset.index:
                continue
            # One of another text would keep that text from being saved by whoever adds it.
            if each["id"] != of.dataset.id_fn(dict(each["data"])):
                raise UserError("A datapoint's id is not that of its text: load the page again.")
            values, unfit = of.fit.data(each["data"])
            if unfit:
                raise UserError(
                    f"A datapoint cannot be saved, as its {listed(unfit)} does not fit the "
                    "dataset: change it and add it again."
                )
            points.append((each["id"], values, fitting_meta(each["meta"])))
        contents = of.store.add(points)
        times = {id_: contents.saved[id_].at for id_, *_ in points}
        return {**of.summary(contents), "saved": times}

    def _remove(self, data: Mapping[str, Any], dataset_name: str, **options: Any) -> dict[str, Any]:
        of = self._find(dataset_name)
        ids = _option(data, "ids")
        if not isinstance(ids, list) or not all(map(is_id, ids)):
            raise UserError("The request names no datapoints to remove; send their ids.")
        return of.summary(of.store.remove(ids))

    def _load(self, data: Mapping[str, Any], dataset_name: str, **options: Any) -> dict[str, Any]:
        of = self._find(dataset_name)
        name, text = _option(data, "name"), _option(data, "text")
        if not isinstance(name, str) or not isinstance(text, str):
            raise UserError("The request has no file to load; send its name and its text.")
        given, notes = read_given(name, text, of.fit)
        points, known = of.new(given, of.store.read())
        contents = of.store.add(points)
        new = {id_ for id_, *_ in points}
        inputs = [each for each in self._inputs(of, contents) if each["id"] in new]
        if known:
            verb = "is" if known == 1 else "are"
            notes.append(f"{counted(known, 'row')} {verb} in the dataset already.")
        return {**of.summary(contents), "inputs": inputs, "notes": notes}

    def _download(
        self, data: Mapping[str, Any], dataset_name: str, **options: Any
    ) -> dict[str, str]:
        of = self._find(dataset_name)
        ending = _option(data, "kind")
        if not isinstance(ending, str) or ending not in _KINDS:
            raise UserError(f"There is no such kind of file; choose from {listed(_KINDS)}.")
        kind, write = _KINDS[ending]
        points = of.points(of.store.read())
        return {
            "name": f"{dataset_name}.added.{ending}",
            "kind": kind,
            "text": write(points, list(of.fit.kinds)),
        }

    def _find(self, dataset_name: str) -> _SavedOf:
        if dataset_name not in self._of:
            raise UserError("Nothing can be saved without a dataset; choose one in the page.")
        return self._of[dataset_name]

    def _inputs(self, of: _SavedOf, contents: Contents) -> list[Input]:
        points = of.points(contents)
        with of.lock:
            new = [each for each in points if each.id not in of.annotated]
            whole = self._annotate(of.dataset, [dict(each.data) for each in new]) if new else []
            for each, data in zip(new, whole, strict=True):
                of.annotated[each.id] = data
            for id_ in of.annotated.keys() - contents.saved.keys():
                del of.annotated[id_]
            return [_input(each, of.annotated[each.id]) for each in points]


class _SavedOf:
    """One dataset's."""

    def __init__(self, dataset: lit_dataset.IndexedDataset, store: Store):
        self.dataset = dataset
        self.store = store
        self.fit = Fit(dataset.spec())
        self.lock = threading.Lock()
        self.annotated: dict[str, Mapping[str, Any]] = {}

    def points(self, contents: Contents) -> list[Saved]:
        """With the dataset's fields of now."""
        return [
            Saved(each.id, self.fit.data(each.data)[0], each.meta, each.at)
            for each in contents.saved.values()
            if each.id not in self.dataset.index
        ]

    def summary(self, contents: Contents) -> dict[str, Any]:
        """How many are saved, since when, and by what the page knows that there are others."""
        points = self.points(contents)
        return {
            "count": len(points),
            "since": min((each.at for each in points), default=None),
            "revision": contents.revision,
        }

    def new(self, given: Sequence[Given], contents: Contents) -> tuple[list[_Point], int]:
        """The datapoints that are not there yet, by ids of their own; and how many are there."""
        ids = {
            _content(self.fit.data(each["data"])[0]): each["id"]
            for each in self.dataset.indexed_examples
        }
        ids.update((_content(each.data), each.id) for each in self.points(contents))
        fresh: dict[str, Given] = {}
        for each in given:
            if _content(each.data) not in ids:
                fresh.setdefault(_content(each.data), each)
        for content, each in fresh.items():
            ids[content] = self.dataset.id_fn(dict(each.data))
        # What the file calls its datapoints may not be what they are called here.
        own = {each.id: ids[_content(each.data)] for each in given}
        points: list[_Point] = [
            (ids[content], each.data, _with_parent(each.meta, own))
            for content, each in fresh.items()
        ]
        return points, len(given) - len(fresh)

    def notes(self, contents: Contents) -> list[str]:
        """A sentence on each thing that was left out of the file."""
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
            name for each in contents.saved.values() for name in self.fit.data(each.data)[1]
        )
        if unfit:
            notes.append(f"Values of {listed(unfit)} that the dataset does not have are left out.")
        return notes


def _path(folder: Path, name: str) -> Path:
    """The file of a dataset, which stands in the folder itself whatever the name."""
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
    own = {**data, INPUT_ID_FIELD: point.id, INPUT_META_FIELD: meta}
    return {"data": own, "id": point.id, "meta": meta}


def _option(data: Mapping[str, Any], name: str) -> Any:
    return (data.get("config") or {}).get(name)


def _content(data: Mapping[str, Value]) -> str:
    return json.dumps(data, sort_keys=True)


def _with_parent(meta: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    parent = meta.get(PARENT)
    return {**meta, PARENT: own.get(parent, parent)} if parent else dict(meta)
