"""A queue for the models: batches of many requests take turns, and abandoned requests are dropped.

A request that is answered from memory never enters the queue. One thread runs the batches of all
other requests.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

from lit_plugins.runtime import cancellation
from lit_plugins.runtime.cancellation import Stopped, stopping_when
from lit_plugins.runtime.turns import given_by
from lit_plugins.serve.memory import give_back
from lit_plugins.serve.wsgi import WsgiApp

VISITOR = "lit_plugins.visitor"
"""Environ key of the visitor who sent a request; visitors share the model's time equally."""

MOST_AT_ONCE = 32
"""Largest number of requests in the queue."""

MOST_OF_ONE = 16
"""Largest number of one visitor's requests in the queue."""

DEADLINE_S = 600.0
"""Seconds after which a request is stopped."""

_LARGE_BYTES = 2**17  # a larger request body costs much to read
_QUICK_S = 0.3  # a request is short until its batches have run for so many seconds
_LOOK_UP_S = 0.2  # seconds between two checks whether a waiting request's client has gone
_RETRY_AFTER_S = 3
_NICENESS = 5
_GIVE_BACK_EVERY_S = 20.0  # seconds between two returns of freed memory to the system


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


@dataclass
class _Request:
    visitor: str
    number: int = -1
    served_s: float = 0.0


@dataclass(eq=False)
class _Batch:
    request: _Request
    work: Callable[[], Any]
    context: Context
    result: Future[Any] = field(default_factory=Future)


class ModelQueue:
    """Orders batches: visitors get equal time, and a visitor's short requests precede long ones."""

    def __init__(self, most: int = MOST_AT_ONCE, most_of_one: int = MOST_OF_ONE):
        """Makes an empty queue; its thread starts with the first batch.

        Args:
            most: largest number of requests in the queue, those whose batches run included.
            most_of_one: largest number of these requests from one visitor.
        """
        self._most = most
        self._most_of_one = most_of_one
        self._numbers = 0
        self._requests: Counter[str] = Counter()
        self._served_s: dict[str, float] = {}
        self._waiting: list[_Batch] = []
        self._running: _Batch | None = None
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    @property
    def requests(self) -> int:
        """Number of requests that use the model or wait for it."""
        return self._requests.total()

    @contextlib.contextmanager
    def request(self, visitor: str, at_once: bool = False) -> Iterator[None]:
        """Queues all batches that this thread computes within the block.

        Args:
            visitor: the visitor who sent the request.
            at_once: whether the request counts from the start of the block, rather than from its
                first batch.

        Raises:
            Refused: the queue, or the visitor's share of it, is full.
        """
        request = _Request(visitor)
        try:
            if at_once:
                with self._changed:
                    self._enter(request)
            with given_by(lambda work: self._run(request, work)):
                yield
        finally:
            self._leave(request)

    def _run(self, request: _Request, work: Callable[[], Any]) -> Any:
        if threading.current_thread() is self._thread:
            return work()  # a batch that runs another batch
        batch = _Batch(request, work, copy_context())
        with self._changed:
            self._enter(request)
            self._waiting.append(batch)
            self._start()
            self._changed.notify_all()
        try:
            while not wait([batch.result], _LOOK_UP_S).done:
                cancellation.check()
        except Stopped as stopped:
            self._drop(batch, stuck=isinstance(stopped, Refused))
            raise
        return batch.result.result()

    def _enter(self, request: _Request) -> None:
        if request.number >= 0:
            return
        if self.requests >= self._most:
            raise Refused(503, "The server is busy with others' requests; try again soon.")
        if self._requests[request.visitor] >= self._most_of_one:
            raise Refused(429, "The server is busy with your own requests; try again soon.")
        request.number = self._numbers
        self._numbers += 1
        if not self._requests[request.visitor]:
            # A new visitor starts with the least served time of those present: idle time in the
            # past gives no credit.
            self._served_s[request.visitor] = min(self._served_s.values(), default=0.0)
        self._requests[request.visitor] += 1

    def _leave(self, request: _Request) -> None:
        with self._changed:
            if request.number < 0:
                return
            self._requests[request.visitor] -= 1
            if not self._requests[request.visitor]:
                del self._requests[request.visitor], self._served_s[request.visitor]

    def _drop(self, batch: _Batch, stuck: bool) -> None:
        with self._changed:
            if batch in self._waiting:
                self._waiting.remove(batch)
            elif stuck and self._running is batch:
                # The batch may never end, so another thread takes over; the old thread exits if
                # its batch does end.
                self._thread = None
                self._running = None
                self._start()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="model", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        _yield_to_others()
        me = threading.current_thread()
        given_back = time.monotonic()
        while True:
            with self._changed:
                while self._thread is me and not self._waiting:
                    self._changed.wait()
                if self._thread is not me:
                    return
                batch = min(self._waiting, key=self._order)
                self._waiting.remove(batch)
                self._running = batch
            start = time.monotonic()
            try:
                result = batch.context.run(batch.work)
            except BaseException as error:  # any error of a model goes to its request only
                batch.result.set_exception(error)
            else:
                batch.result.set_result(result)
                del result
            took = time.monotonic() - start
            with self._changed:
                if self._thread is me:
                    self._running = None
                batch.request.served_s += took
                if batch.request.visitor in self._served_s:
                    self._served_s[batch.request.visitor] += took
            del batch
            if time.monotonic() - given_back > _GIVE_BACK_EVERY_S:
                give_back()
                given_back = time.monotonic()

    def _order(self, batch: _Batch) -> tuple[float, bool, int]:
        request = batch.request
        return self._served_s[request.visitor], request.served_s > _QUICK_S, request.number


def fair(
    app: WsgiApp,
    queue: ModelQueue,
    gone: Callable[[dict[str, Any]], bool],
    deadline_s: float = DEADLINE_S,
) -> WsgiApp:
    """Queues requests' batches, and stops requests whose clients have gone.

    Args:
        app: the app, which runs its batches through `lit_plugins.runtime.turns`.
        queue: one queue for all apps of a process that share models.
        gone: tells quickly, from a request's environ, whether its client has gone.
        deadline_s: seconds after which a request is stopped.
    """

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        ends = time.monotonic() + deadline_s

        def over() -> bool:
            if time.monotonic() > ends:
                raise Refused(
                    503, f"The answer took longer than {deadline_s:g} s; ask for less at once."
                )
            return gone(environ)

        visitor = environ.get(VISITOR) or environ.get("REMOTE_ADDR", "")
        with stopping_when(over), queue.request(visitor, at_once=_is_large(environ)):
            return app(environ, start_response)

    return serve


def _is_large(environ: dict[str, Any]) -> bool:
    """Tells whether a request is costly before its first batch, since its body is large."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) > _LARGE_BYTES


def _yield_to_others() -> None:
    """Lowers the priority of this thread and its children below those that answer from memory."""
    with contextlib.suppress(AttributeError, OSError):
        # On Linux only: elsewhere the call would lower the priority of the whole process.
        if os.uname().sysname == "Linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
