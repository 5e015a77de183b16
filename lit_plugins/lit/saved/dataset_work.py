"""One dataset with its saved datapoints."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lit_nlp.api import dataset as lit_dataset

from lit_plugins.data.wording import counted, listed, numbered
from lit_plugins.lit.models import fields
from lit_plugins.lit.saved.fit import PARENT, Fit
from lit_plugins.lit.saved.lines import Saved, Value
from lit_plugins.lit.saved.store import Contents, Store
from lit_plugins.lit.saved.upload import UploadedDatapoint

_Point = tuple[str, Mapping[str, Value], Mapping[str, str]]  # id, data and meta
_LONGEST_SHOWN = 300  # characters of a removed text in a list


class DatasetWork:
    """A dataset, the file of its saved datapoints, and what is known of both.

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
        """The numbers of saved and removed datapoints, the earliest time of saving, the revision.

        The page compares revisions to notice changes.
        """
        points = self.points(contents)
        return {
            "count": len(points),
            "removed": contents.removed,
            "since": min((point.at for point in points), default=None),
            "revision": contents.revision,
        }

    def shown(self, points: Iterable[Saved]) -> list[dict[str, str]]:
        """Ids and beginnings of texts, for a list of datapoints that the page does not hold."""
        return [
            {"id": point.id, "text": str(point.data.get(fields.TEXT, ""))[:_LONGEST_SHOWN]}
            for point in points
        ]

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

    def unreadable(self, contents: Contents) -> list[str]:
        """A sentence on the lines of the file that cannot be read, if there are any."""
        lines = contents.unreadable
        if not lines:
            return []
        they, stay = ("it", "stays") if len(lines) == 1 else ("they", "stay")
        return [
            f"{counted(len(lines), 'line')} of {self.store.name} cannot be read; {they} {stay} in "
            f"the file: {numbered(lines, 'line')}."
        ]

    def notes(self, contents: Contents) -> list[str]:
        """One sentence for each kind of entry in the file that is left out."""
        notes = self.unreadable(contents)
        gone = [name for name in contents.fields or () if name not in self.fit.kinds]
        if gone:
            notes.append(f"Left out, as the dataset does not have them any more: {listed(gone)}.")
        unfit = dict.fromkeys(
            name for point in contents.saved.values() for name in self.fit.data(point.data)[1]
        )
        if unfit:
            notes.append(f"Values of {listed(unfit)} that the dataset does not have are left out.")
        return notes


def _content(data: Mapping[str, Value]) -> str:
    return json.dumps(data, sort_keys=True)


def _with_parent(meta: Mapping[str, str], id_of: Mapping[str, str]) -> dict[str, str]:
    parent = meta.get(PARENT)
    return {**meta, PARENT: id_of.get(parent, parent)} if parent else dict(meta)
