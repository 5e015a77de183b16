"""Assertions for checks, each with a sentence for the case that it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lit_plugins.errors import UserError


def claim(holds: Any, sentence: str) -> None:
    """Raises an `AssertionError` with a sentence unless a condition holds."""
    if not holds:
        raise AssertionError(sentence)


def close(one: Any, other: Any, tolerance: float) -> bool:
    """Whether numbers differ by at most a tolerance, and NaN stands in the same places.

    The tolerance is a share of the largest absolute value of `other`, but at least of 1.
    """
    one, other = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if one.shape != other.shape:
        return False
    scale = max(1.0, float(np.abs(np.nan_to_num(other)).max(initial=0.0)))
    return bool(np.allclose(one, other, rtol=0, atol=tolerance * scale, equal_nan=True))


def claim_declared(check: Callable[[Any], None], record: Any) -> None:
    """Claims that a registry accepts a record.

    Args:
        check: the registry's check, which raises a `UserError` for a bad record.
        record: the record.
    """
    try:
        check(record)
    except UserError as error:
        raise AssertionError(str(error)) from error


def claim_sentence(text: str, what: str) -> None:
    """Claims that a text for people ends with a full stop."""
    claim(text.endswith("."), f"{what} is {text!r}; end it with a full stop.")
