"""How often an address has given a wrong token of late."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable

MOST_FAILURES = 10
WINDOW_S = 60.0
MOST_ADDRESSES = 1024


class Failures:
    """Counts wrong tokens by address.

    A right token is taken at any time: it has so many characters that guesses are hopeless at any
    rate, and one who guesses must not lock out all who come through the same proxy.
    """

    def __init__(self, clock: Callable[[], float]):
        """Nobody has failed yet.

        Args:
            clock: seconds that never run backwards.
        """
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def count(self, address: str) -> int:
        """Counts a failure; the seconds that its address should wait, 0 as long as it is few."""
        with self._lock:
            now = self._clock()
            number, begun = self._failures.pop(address, (0, now))
            if now - begun >= WINDOW_S:
                number, begun = 0, now
            self._failures[address] = number + 1, begun
            if len(self._failures) > MOST_ADDRESSES:
                self._failures.popitem(last=False)
            return 0 if number < MOST_FAILURES else math.ceil(begun + WINDOW_S - now)
