"""Tables in Markdown."""

from __future__ import annotations

import math


def head(*names: str) -> str:
    """Formats a table's first two lines."""
    return f"{row(*names)}\n|{'---|' * len(names)}"


def row(*cells: str) -> str:
    """Formats one line of a table."""
    return f"| {' | '.join(cells)} |"


def number(value: float, form: str) -> str:
    """Formats a value by a format specification; a dash stands for NaN and infinity."""
    return format(value, form) if math.isfinite(value) else "–"


def times(value: float) -> str:
    """Formats a ratio, such as **2.5×**; a dash stands for NaN and infinity."""
    return f"**{value:.1f}×**" if math.isfinite(value) else "–"
