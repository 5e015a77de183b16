"""Counts of wrong tokens that came from each address lately."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable

MOST_FAILURES = 10
"""Number of wrong tokens in a window after which an address is asked to wait."""

WINDOW_S = 60.0
"""Length of a window, in seconds; it begins with an address's first failure."""

MOST_ADDRESSES = 1024
"""Largest number of addresses remembered; the ones that failed longest ago are dropped."""


class Failures:
    """Counts wrong tokens by address.

    A right token is accepted at any time, even after many wrong ones. Tokens are too long to be
    guessed, and a guesser must not lock out others behind the same proxy.
    """

    def __init__(self, clock: Callable[[], float]):
        """Starts with no failures.

        Args:
            clock: returns the time in seconds, which never runs backwards.
        """
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def count(self, address: str) -> int:
        """Counts a failure.

        Returns:
            The seconds that the address should wait; 0 below `MOST_FAILURES` in the window.
        """
        with self._lock:
            now = self._clock()
            number, begun = self._failures.pop(address, (0, now))
            if now - begun >= WINDOW_S:
                number, begun = 0, now
            self._failures[address] = number + 1, begun
            if len(self._failures) > MOST_ADDRESSES:
                self._failures.popitem(last=False)
            return 0 if number < MOST_FAILURES else math.ceil(begun + WINDOW_S - now)
