"""LIT's responses as standard JSON, in which NaN and infinity become null."""

from __future__ import annotations

import json
from typing import Any

from lit_nlp.lib import serialize


def strict_json(value: Any) -> str:
    """Writes a value that LIT's components return: arrays as lists, NaN and infinity as null."""
    try:
        return serialize.to_json(value, simple=True, allow_nan=False)
    except ValueError:  # rare, so try without it first: replacing NaN takes three times as long
        loose = serialize.to_json(value, simple=True)
        return json.dumps(json.loads(loose, parse_constant=lambda name: None))
