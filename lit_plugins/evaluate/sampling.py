"""A fixed sample of texts: the same text is drawn first whatever stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from lit_plugins.data import Cell
from lit_plugins.errors import UserError

SAMPLE = 32
"""Texts of each slice that are explained, unless told otherwise."""

MAX_SAMPLE = 10_000
"""The most that a form of the page may ask for."""


def sample(texts: Sequence[str], size: int | None, seed: int = 0) -> list[int]:
    """Places of at most `size` texts, in their order; all of them for None.

    The texts whose hashes with the seed come first are taken, so that a slice's sample is made of
    the same texts as that of the whole as far as they are in it, and what was computed for one
    serves the other.

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
    """The sample of each group of places in `texts`."""
    return {
        value: [places[at] for at in sample([texts[place] for place in places], size, seed)]
        for value, places in groups.items()
    }


def _hash(text: str, seed: int) -> bytes:
    key = str(seed).encode()[:64]
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
