"""Explanations made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from lit_plugins.explain import Explanation
from lit_plugins.explain.interactions import Interactions
from lit_plugins.text.encoded import find_words


def an_explanation(**changes: Any) -> Explanation:
    """Four words with exact scores; any attribute can be given another value."""
    fields: dict[str, Any] = {
        "text": "not a good film",
        "words": ("not", "a", "good", "film"),
        "offsets": ((0, 3), (4, 5), (6, 10), (11, 15)),
        "scores": np.array([-0.5, 0.0, 0.25, 0.25]),
        "target": 1,
        "target_label": "positive",
        "method": "shapley",
        "unit": "probability",
        "output": 0.3,
        "base_value": 0.3,
        "delta": 0.0,
        "error": np.zeros(4),
        "evaluations": 16,
        "truncated": False,
        "seen": (0, 15),
        "converged": True,
        "note": "",
        "tokens": None,
        "token_scores": None,
    }
    return Explanation(**{**fields, **changes})


def with_pairs(error: float = 0.0) -> Explanation:
    """The same words with interactions: "not" with "good", less with "film", no other pair."""
    values = np.zeros((4, 4))
    values[0, 2], values[0, 3] = -0.5, 0.125
    values += values.T
    return an_explanation(interactions=Interactions(values, error * (values != 0)))


def of_text(text: str, scores: list[float], **changes: Any) -> Explanation:
    """An explanation of any text, one score a word."""
    offsets = tuple(find_words(text))
    words = tuple(text[start:end] for start, end in offsets)
    given = {
        "text": text,
        "words": words,
        "offsets": offsets,
        "scores": np.array(scores),
        "seen": (0, len(text)),
    }
    return an_explanation(**{**given, "error": None, **changes})
