"""Explanations that were asked for before, or are being computed for somebody else right now."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Future, wait
from functools import partial
from threading import Lock

from lit_plugins import stopping
from lit_plugins.explain import Explanation
from lit_plugins.lit.cache import BoundedCache

EXPLANATIONS_BYTES = 64 * 2**20

_LOOK_UP_S = 0.05
_BYTES_A_WORD = 200  # or a token or phrase: its text, its offsets, and what holds them


class Explanations:
    """A bounded cache in which each explanation is computed once, however many ask at once."""

    def __init__(self, max_bytes: int = EXPLANATIONS_BYTES):
        self._known: BoundedCache[Explanation] = BoundedCache(max_bytes)
        self._coming: dict[Hashable, Future[Explanation | None]] = {}
        self._lock = Lock()

    def get(
        self,
        keys: Sequence[Hashable],
        compute: Callable[[Sequence[int]], Iterable[Explanation]],
    ) -> list[Explanation]:
        """One explanation a key.

        Args:
            keys: all that an explanation depends on; the same key may stand there twice.
            compute: takes indices into `keys`, gives an explanation each, in order. What is ready
                when it fails or is stopped is kept.
        """
        found: dict[Hashable, Explanation] = {}
        place = {key: index for index, key in enumerate(keys)}
        while len(found) < len(place):
            mine, others = self._claim([key for key in place if key not in found], found)
            if mine:
                self._compute(mine, partial(compute, [place[key] for key in mine]), found)
            for key, future in others.items():
                explanation_or_none = _awaited(future)
                # None: whoever computed it failed or was stopped, so this one has to try.
                if explanation_or_none is not None:
                    found[key] = explanation_or_none
        return [found[key] for key in keys]

    def _claim(
        self, wanted: Sequence[Hashable], found: dict[Hashable, Explanation]
    ) -> tuple[list[Hashable], dict[Hashable, Future[Explanation | None]]]:
        """Adds what is known to `found`; the rest is this thread's to compute, or another's."""
        mine: list[Hashable] = []
        others = {}
        with self._lock:
            for key in wanted:
                known = self._known.get(key)
                if known is not None:
                    found[key] = known
                elif key in self._coming:
                    others[key] = self._coming[key]
                else:
                    mine.append(key)
                    self._coming[key] = Future()
        return mine, others

    def _compute(
        self,
        keys: Sequence[Hashable],
        compute: Callable[[], Iterable[Explanation]],
        found: dict[Hashable, Explanation],
    ) -> None:
        try:
            for key, explanation in zip(keys, compute(), strict=True):
                found[key] = explanation
                self._known.put(key, explanation, _nbytes(explanation))
                self._give(key, explanation)
        finally:
            for key in keys:
                self._give(key, None)

    def _give(self, key: Hashable, explanation: Explanation | None) -> None:
        with self._lock:
            future = self._coming.pop(key, None)
        if future is not None:
            future.set_result(explanation)


def _awaited(future: Future[Explanation | None]) -> Explanation | None:
    while not wait([future], _LOOK_UP_S).done:
        stopping.check()
    return future.result()


def _nbytes(explanation: Explanation) -> int:
    arrays = (explanation.scores, explanation.error, explanation.token_scores)
    words = sum(
        len(each or ()) for each in (explanation.words, explanation.tokens, explanation.groups)
    )
    return (
        sum(array.nbytes for array in arrays if array is not None)
        + 4 * len(explanation.text)
        + _BYTES_A_WORD * words
    )
