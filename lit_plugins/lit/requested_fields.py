"""The fields of predictions that a request asks for, as many as one answer can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from lit_nlp.api import types as lit_types
from lit_nlp.lib import utils

from lit_plugins.errors import TooLarge
from lit_plugins.runtime import cancellation

MOST_NUMBERS = 4_000_000
"""Of one answer, which is some eighty bytes of memory for each; one example's may be more."""


def asked_fields(
    predictions: Iterable[Mapping[str, Any]],
    spec: Mapping[str, lit_types.LitType],
    kinds: str | None,
    names: str | None,
) -> list[dict[str, Any]]:
    """Each prediction with some of its fields only.

    Args:
        predictions: of which a field may cost something when it is read.
        spec: all of their fields.
        kinds: names of LIT's types, separated by commas: fields of these, and
        names: fields, separated by commas; all fields where neither says anything.

    Raises:
        TooLarge: they hold more than `MOST_NUMBERS`.
    """
    wanted = set((names or "").split(","))
    for name in (kinds or "").split(","):
        kind = getattr(lit_types, name, None)
        if isinstance(kind, type) and issubclass(kind, lit_types.LitType):
            wanted.update(utils.find_spec_keys(spec, kind))
    fields = [name for name in spec if name in wanted or not (kinds or names)]
    found: list[dict[str, Any]] = []
    numbers = 0
    for prediction in predictions:
        cancellation.check()
        values = {name: prediction[name] for name in fields}
        numbers += sum(map(np.size, values.values()))
        if found and numbers > MOST_NUMBERS:
            raise TooLarge(
                f"The answer would hold more than {MOST_NUMBERS:,} numbers; ask for fewer examples "
                "or fewer fields."
            )
        found.append(values)
    return found
