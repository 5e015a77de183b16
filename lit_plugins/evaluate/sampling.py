"""Reproducible samples: whether a text is drawn depends on a hash of the text and the seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from lit_plugins.data import Cell
from lit_plugins.errors import UserError

SAMPLE = 32
"""Default number of texts of each slice that are explained."""

MAX_SAMPLE = 10_000
"""Largest sample that a form of the page accepts, in texts."""


def sample(texts: Sequence[str], size: int | None, seed: int = 0) -> list[int]:
    """The indices of at most `size` texts, in ascending order; None for all texts.

    The texts with the smallest hashes are drawn. A text of a slice that is in the sample of the
    whole table is therefore in the slice's sample too, and results computed for one serve the
    other.

    Raises:
        UserError: the size is below 1.
    """
    if size is not None and size < 1:
        raise UserError(f"The sample size is {size}; give a number of texts of at least 1.")
    if size is None or len(texts) <= size:
        return list(range(len(texts)))
    order = sorted(range(len(texts)), key=lambda place: (_hash(texts[place], seed), place))
    return sorted(order[:size])


def sampled(
    texts: Sequence[str], groups: Mapping[Cell, Sequence[int]], size: int | None, seed: int = 0
) -> dict[Cell, list[int]]:
    """The sample of each group of indices into `texts`."""
    return {
        value: [places[index] for index in sample([texts[place] for place in places], size, seed)]
        for value, places in groups.items()
    }


def _hash(text: str, seed: int) -> bytes:
    key = str(seed).encode()[:64]
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
