"""Long work on texts, in portions that take turns with the batches of models.

Short work is done at once, in the caller's thread. Long work would keep Python busy in as many
threads as ask for it. So each portion of it waits for its turn, as a batch does: callers share the
time, and work that nobody waits for any more stops after a portion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from lit_plugins.runtime import cancellation
from lit_plugins.runtime.turns import in_turn

Result = TypeVar("Result")

SHORT = 10_000
"""Most characters of texts that are worked on at once."""

_PORTION = 20_000  # characters of a portion; one longer text is a portion by itself


def when_due(characters: int, work: Callable[[], Result]) -> Result:
    """Runs work on texts: at once if they are short, otherwise when its turn has come.

    Args:
        characters: the length of all texts together.
        work: the work.

    Raises:
        Stopped: nobody waits for the result any more.
    """
    cancellation.check()
    return work() if characters <= SHORT else in_turn(work)


def in_portions(
    texts: Sequence[str], work: Callable[[Sequence[str]], Sequence[Result]]
) -> Iterator[Result]:
    """Yields one result for each text, in order.

    Args:
        texts: the texts.
        work: takes some of the texts and returns a result for each.

    Raises:
        Stopped: nobody waits for the results any more.
    """
    # From the second portion on, the texts are not short, however long that portion is.
    length = 0
    for portion in _portions(texts):
        length += _length(portion)
        yield from when_due(length, partial(work, portion))


def _portions(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    start = length = 0
    for place, text in enumerate(texts):
        length += _length([text])
        if length > _PORTION and place > start:
            yield texts[start:place]
            start, length = place, _length([text])
    if start < len(texts):
        yield texts[start:]


def _length(texts: Sequence[str]) -> int:
    return sum(map(len, texts)) + len(texts)  # an empty text takes time, too
