"""Builds new examples from existing ones; every generator of this package uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.counterfactual import Edit
from lit_plugins.lit.models import fields

META = "_meta"
"""LIT's field for facts about an example beside its data; the page receives it."""


class TextGenerator(lit_components.Generator):
    """A generator that handles all inputs together, in `generate_all`."""

    def generate(
        self,
        example: lit_types.JsonDict,
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """New examples for one input, as in `generate_all`."""
        return self.generate_all([example], model, dataset, config)[0]


def without_any(made: Sequence[Sequence[Any]]) -> str:
    """Names the texts that have no new example: "3 of 5 texts" or "this text".

    Args:
        made: the new examples of each text.

    Returns:
        Words for a sentence; "" if every text has a new example.
    """
    without = sum(not examples for examples in made)
    if not without:
        return ""
    return f"{without} of {len(made)} texts" if len(made) > 1 else "this text"


def child(
    parent: Mapping[str, Any],
    dataset: lit_dataset.Dataset,
    changed: Mapping[str, Any],
    edit: str,
    *,
    dropped: Sequence[str] = (),
    meta: Mapping[str, Any] | None = None,
) -> lit_types.JsonDict:
    """A copy of an example with some fields changed.

    The gold label is copied, as LIT's generators copy it, although it may be wrong for the new
    text. LIT's internal fields are left out: with its parent's id, the child would be taken for
    its parent.

    Args:
        parent: the example that was changed.
        dataset: the dataset of both examples; the child has its fields only.
        changed: the new values of fields.
        edit: a description of the edit for the field `fields.EDIT`.
        dropped: fields that are wrong for the new text.
        meta: further facts for the page to show.
    """
    spec = dataset.spec()
    made = {name: value for name, value in parent.items() if name in spec and name not in dropped}
    made.update(changed)
    if fields.EDIT in spec:
        made[fields.EDIT] = edit
    if meta:
        made[META] = dict(meta)
    return made


def describe(edits: Sequence[Edit], rule: str = "") -> str:
    """Describes edits in one line, such as `"great" → "awful" (antonyms)`."""
    line = ", ".join(edit.describe() for edit in edits)
    return f"{line} ({rule})" if rule else line
