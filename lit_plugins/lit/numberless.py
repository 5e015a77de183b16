"""Texts for which a model gives no numbers: the page goes on without them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lit_plugins.data import TextTable
from lit_plugins.data.wording import counted, numbered


class Numberless:
    """The examples of each dataset that are left out, as they are found.

    They are found when a page first asks a model for their predictions. To predict all texts before
    would keep visitors waiting.
    """

    def __init__(self, tables: Mapping[str, TextTable], ids: Mapping[str, Sequence[str]]):
        """Leaves nothing out yet.

        Args:
            tables: the datasets by name.
            ids: the ids of their examples, in order.
        """
        self._tables = tables
        self._rows = {
            name: dict(zip(ids[name], table.rows, strict=True)) for name, table in tables.items()
        }
        self._left_out: defaultdict[str, set[str]] = defaultdict(set)

    def leave_out(self, dataset: str, model: str, ids: Collection[str]) -> str:
        """Leaves examples out, and returns a sentence that names their rows.

        Args:
            dataset: the name of their dataset.
            model: the name of the model that gives no numbers for them.
            ids: their ids; those of no row are of texts that somebody added.
        """
        self._left_out[dataset].update(ids)
        known = self._rows[dataset]
        rows = sorted(known[each] for each in ids if each in known)
        added = len(ids) - len(rows)
        named = [numbered(rows, self._tables[dataset].report.unit)] if rows else []
        named += [counted(added, "added text")] if added else []
        return (
            f"The model {model!r} gives logits that are no numbers for {counted(len(ids), 'text')} "
            f"of {dataset}, left out: {'; '.join(named)}."
        )

    def others(self, dataset: str, examples: Sequence[Any]) -> list[Any]:
        """The examples of a dataset that are not left out."""
        left_out = self._left_out[dataset]
        return [example for example in examples if example["id"] not in left_out]
