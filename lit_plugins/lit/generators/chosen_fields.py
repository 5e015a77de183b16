"""Lets users choose the text fields that a generator changes, where no model decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import types as lit_types
from lit_nlp.lib import utils

from lit_plugins.errors import UserError

FIELDS_TYPE = lit_types.MultiFieldMatcher(
    spec="input", types=["TextSegment"], select_all=True, required=False
)
"""A form field in which a user ticks text fields; all are ticked at first."""


def has_text(dataset: lit_dataset.Dataset) -> bool:
    """Whether the dataset has a text field."""
    return bool(utils.find_spec_keys(dataset.spec(), lit_types.TextSegment))


def chosen_fields(dataset: lit_dataset.Dataset, ticked: Sequence[Any] | None) -> list[str]:
    """The names of the dataset's text fields that a user ticked.

    Args:
        dataset: the dataset.
        ticked: names of fields from the form; None selects all text fields.

    Raises:
        UserError: `ticked` is not a list.
    """
    if ticked is not None and not isinstance(ticked, (list, tuple)):
        raise UserError(f"The fields are {ticked!r:.60}; give a list of names.")
    texts = utils.find_spec_keys(dataset.spec(), lit_types.TextSegment)
    return [name for name in texts if ticked is None or name in ticked]
