"""New examples made of others: what every generator of this package gives LIT."""

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
"""LIT's own field for what is known of an example and is no data; the page gets it."""


class TextGenerator(lit_components.Generator):
    """A generator that takes all of its inputs at once."""

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
    """Of which texts there is no new example: "3 of 5 texts" or "this text"; "" if of none."""
    without = sum(not each for each in made)
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
    """An example of the dataset's own fields: its parent's but for what was changed.

    The gold label is copied, as LIT's generators do, though it may not hold for the new text.

    Args:
        parent: the example that was changed, with LIT's own fields, which are left out: a child
            with its parent's id would be taken for it.
        dataset: where both belong.
        changed: the new values of fields.
        edit: what was done, for the column of edits.
        dropped: fields that are wrong for the new text.
        meta: more for the page to show.
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
    """Edits in one line, such as `"great" → "awful" (antonyms)`."""
    line = ", ".join(edit.describe() for edit in edits)
    return f"{line} ({rule})" if rule else line
