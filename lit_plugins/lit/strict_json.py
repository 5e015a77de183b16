"""LIT's answers as JSON that every parser takes: what is no number is null."""

from __future__ import annotations

import json
from typing import Any

from lit_nlp.lib import serialize


def strict_json(value: Any) -> str:
    """JSON of what LIT's parts return: arrays are lists, NaN and infinity are null."""
    try:
        return serialize.to_json(value, simple=True, allow_nan=False)
    except ValueError:  # seldom: the second way takes three times as long
        loose = serialize.to_json(value, simple=True)
        return json.dumps(json.loads(loose, parse_constant=lambda name: None))
