"""Selects the requested fields of predictions, within the size that one response may have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from lit_nlp.api import types as lit_types
from lit_nlp.lib import utils

from lit_plugins.errors import TooLarge
from lit_plugins.runtime import cancellation

MOST_NUMBERS = 4_000_000
"""Most numbers in one response, at about 80 bytes each; one example alone may exceed it."""


def asked_fields(
    predictions: Iterable[Mapping[str, Any]],
    spec: Mapping[str, lit_types.LitType],
    kinds: str | None,
    names: str | None,
) -> list[dict[str, Any]]:
    """Reduces each prediction to the requested fields; to all fields if none are requested.

    Args:
        predictions: one mapping for each example; reading a field may start a computation.
        spec: all fields of the predictions.
        kinds: names of LIT's types, separated by commas; fields of these types are kept.
        names: names of fields, separated by commas; these are kept as well.

    Returns:
        One dictionary for each example, in the order of `predictions`.

    Raises:
        TooLarge: several examples together hold more than `MOST_NUMBERS`.
    """
    wanted = set((names or "").split(","))
    for name in (kinds or "").split(","):
        kind = getattr(lit_types, name, None)
        if isinstance(kind, type) and issubclass(kind, lit_types.LitType):
            wanted.update(utils.find_spec_keys(spec, kind))
    fields = [name for name in spec if name in wanted or not (kinds or names)]
    selected: list[dict[str, Any]] = []
    numbers = 0
    for prediction in predictions:
        cancellation.check()
        values = {name: prediction[name] for name in fields}
        numbers += sum(map(np.size, values.values()))
        if selected and numbers > MOST_NUMBERS:
            raise TooLarge(
                f"The answer would hold more than {MOST_NUMBERS:,} numbers; ask for fewer examples "
                "or fewer fields."
            )
        selected.append(values)
    return selected
