"""Tables in Markdown."""

from __future__ import annotations

import math


def head(*names: str) -> str:
    """A table's first two lines."""
    return f"{row(*names)}\n|{'---|' * len(names)}"


def row(*cells: str) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |"


def number(value: float, form: str) -> str:
    """A value in a form, or a dash where there is none."""
    return format(value, form) if math.isfinite(value) else "–"


def times(value: float) -> str:
    """A ratio."""
    return f"**{value:.1f}×**" if math.isfinite(value) else "–"
