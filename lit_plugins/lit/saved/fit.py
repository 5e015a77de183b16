"""Reduces a datapoint to the fields of a dataset, with values that suit their types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from lit_nlp.api import types as lit_types

from lit_plugins.lit.request_checks import LONGEST_TEXT
from lit_plugins.lit.saved.lines import Value, is_id, is_value

PARENT = "parentId"
"""LIT's name for the id of the datapoint from which another was made."""

_KEPT = (lit_types.StringLitType, lit_types.Scalar, lit_types.BooleanLitType)
_ADDED = ("added", "id", "saved")  # facts that are computed anew for the page, so never saved
_MOST_META = 20  # entries of one datapoint
_LONGEST_META = 1_000  # characters of one entry
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LARGEST_EXACT = 2**53  # integers up to here are exact in JavaScript


class Fit:
    """The fields of a dataset that are saved: all that annotators do not compute from the text.

    Attributes:
        kinds: LIT's type of each field.
    """

    def __init__(self, spec: lit_types.Spec):
        """Takes LIT's spec of the dataset."""
        self.kinds: Mapping[str, lit_types.LitType] = MappingProxyType(
            {
                name: kind
                for name, kind in spec.items()
                if not kind.annotated and isinstance(kind, _KEPT)
            }
        )

    def data(self, values: Mapping[str, Any]) -> tuple[dict[str, Value], list[str]]:
        """Picks the values of the dataset's fields.

        Args:
            values: values by name.

        Returns:
            A value for each field, and the names of the fields whose value did not fit. A field
            without a fitting value gets its type's value for "missing".
        """
        data: dict[str, Value] = {}
        unfit = []
        for name, kind in self.kinds.items():
            value = values.get(name)
            missing = _missing(kind)
            if value is None or value == missing:
                data[name] = missing
            elif _fits(value, kind):
                data[name] = value
            else:
                data[name] = missing
                unfit.append(name)
        return data, unfit

    def read(self, name: str, cell: str) -> Value:
        """Parses a field's value from a table of strings; the value may still not fit."""
        kind = self.kinds[name]
        if cell == "":
            return _missing(kind)
        if isinstance(kind, lit_types.BooleanLitType):
            return {"true": True, "false": False}.get(cell.casefold(), cell)
        if isinstance(kind, lit_types.Scalar):
            if _WHOLE.fullmatch(cell):
                return int(cell)
            return float(cell) if _NUMBER.fullmatch(cell) else cell
        return cell


def fitting_meta(facts: Mapping[str, Any]) -> dict[str, str]:
    """Picks the facts about a datapoint that can be saved: short texts under short names.

    Args:
        facts: the datapoint's meta by name.
    """
    meta = {
        name: value
        for name, value in facts.items()
        if name not in _ADDED and is_id(name) and _is_short_text(value)
    }
    if not is_id(meta.get(PARENT)):
        meta.pop(PARENT, None)
    return dict(list(meta.items())[:_MOST_META])


def _missing(kind: lit_types.LitType) -> Value:
    # One value only for "missing", so that an empty cell of a table of strings can stand for it.
    if isinstance(kind, lit_types.CategoryLabel):
        return "" if "" in (kind.vocab or ()) else None
    return "" if isinstance(kind, lit_types.StringLitType) else None


def _fits(value: object, kind: lit_types.LitType) -> bool:
    if isinstance(kind, lit_types.BooleanLitType):
        return isinstance(value, bool)
    if isinstance(kind, lit_types.Scalar):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return is_value(value) and (isinstance(value, float) or abs(value) <= _LARGEST_EXACT)
    if not _is_text(value):
        return False
    return not isinstance(kind, lit_types.CategoryLabel) or not kind.vocab or value in kind.vocab


def _is_short_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_META and _is_text(value)


def _is_text(value: object) -> bool:
    # CSV files cannot hold the null character.
    return (
        isinstance(value, str)
        and len(value) <= LONGEST_TEXT
        and "\0" not in value
        and is_value(value)
    )
