"""Places for requests: how many are answered at a time, in all and of each visitor.

A request takes a place from its start until its answer is made, so threads stay free for the page's
files and for `/healthz`. A large request also takes room for its body, since that takes several
times its length in memory.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

from lit_plugins.runtime.cancellation import Stopped

MOST_AT_ONCE = 48
"""Largest number of requests that are answered at a time."""

MOST_OF_ONE = 16
"""Largest number of these from one visitor."""

MOST_ROOM = 96 * 2**20
"""Most bytes in the bodies of large requests that are answered at a time."""

MOST_ROOM_OF_ONE = 32 * 2**20
"""Most of these bytes from one visitor; one larger body alone is let in, too."""

_FOR_NEWCOMERS = 8  # places that only visitors without any place get
_LARGE_BYTES = 2**17  # a body below takes no room
_RETRY_AFTER_S = 3


class Refused(Stopped):
    """A request that the server refuses to start or to continue.

    Attributes:
        status: the response's HTTP status.
        sentence: the reason, for the user.
        retry_after_s: seconds after which to try again.
    """

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.retry_after_s = _RETRY_AFTER_S


class Places:
    """Shares places and room among visitors, and keeps some for those who have none."""

    def __init__(
        self,
        most: int = MOST_AT_ONCE,
        most_of_one: int = MOST_OF_ONE,
        for_newcomers: int = _FOR_NEWCOMERS,
        most_room: int = MOST_ROOM,
        most_room_of_one: int = MOST_ROOM_OF_ONE,
    ):
        """Makes free places.

        Args:
            most: largest number of requests at a time.
            most_of_one: largest number of one visitor's.
            for_newcomers: number of places that only visitors without any place get.
            most_room: most bytes in large bodies at a time.
            most_room_of_one: most bytes in one visitor's.
        """
        self._places = _Shares(most, most_of_one, for_newcomers)
        self._room = _Shares(most_room, most_room_of_one, most_room_of_one)
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """Number of requests that have a place."""
        return self._places.of.total()

    @contextlib.contextmanager
    def place(self, visitor: str, body_bytes: int = 0) -> Iterator[None]:
        """Gives a request a place, and its body room, for the length of the block.

        Args:
            visitor: the visitor who sent the request.
            body_bytes: the length of its body.

        Raises:
            Refused: all places, or the visitor's share, or the room is taken.
        """
        room = body_bytes if body_bytes > _LARGE_BYTES else 0
        with self._lock:
            self._places.check(visitor, 1)
            self._room.check(visitor, room)
            self._places.of[visitor] += 1
            self._room.of[visitor] += room
        try:
            yield
        finally:
            with self._lock:
                for shares, amount in ((self._places, 1), (self._room, room)):
                    shares.of[visitor] -= amount
                    if not shares.of[visitor]:
                        del shares.of[visitor]


class _Shares:
    """Amounts of one thing that visitors have."""

    def __init__(self, most: int, most_of_one: int, for_newcomers: int):
        self.of: Counter[str] = Counter()
        self._most = most
        self._most_of_one = most_of_one
        self._for_newcomers = for_newcomers

    def check(self, visitor: str, amount: int) -> None:
        if not amount:
            return
        has = self.of[visitor]
        if has and has + amount > self._most_of_one:
            raise Refused(429, "The server is busy with your own requests; try again soon.")
        total = self.of.total()
        most = self._most - self._for_newcomers if has else self._most
        if total and total + amount > most:
            raise Refused(503, "The server is busy with others' requests; try again soon.")
