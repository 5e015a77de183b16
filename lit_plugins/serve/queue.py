"""A queue for the models: batches of many requests take turns, and abandoned requests are dropped.

A request that is answered from memory never enters the queue. One thread runs the batches of all
other requests.
"""

from __future__ import annotations

import contextlib
import logging
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
from lit_plugins.serve.memory import Returns
from lit_plugins.serve.places import Places, Refused
from lit_plugins.serve.wsgi import WsgiApp

LOG = logging.getLogger("lit_plugins.serve")

VISITOR = "lit_plugins.visitor"
"""Environ key of the visitor who sent a request; visitors share the model's time equally."""

DEADLINE_S = 600.0
"""Seconds after which a request is stopped."""

_QUICK_S = 0.3  # a request is short until its batches have run for so many seconds
_LOOK_UP_S = 0.2  # seconds between two checks whether a waiting request's client has gone
_NICENESS = 5


@dataclass
class _Request:
    visitor: str
    number: int = -1
    served_s: float = 0.0
    left: bool = False


@dataclass(eq=False)
class _Batch:
    request: _Request
    work: Callable[[], Any]
    context: Context
    result: Future[Any] = field(default_factory=Future)


class ModelQueue:
    """Orders batches: visitors get equal time, and a visitor's short requests precede long ones."""

    def __init__(self) -> None:
        """Makes an empty queue; its thread starts with the first batch."""
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
    def request(self, visitor: str) -> Iterator[None]:
        """Queues all batches that this thread computes within the block.

        Args:
            visitor: the visitor who sent the request.
        """
        request = _Request(visitor)
        try:
            with given_by(lambda work: self._run(request, work)):
                yield
        finally:
            self._leave(request)

    def _run(self, request: _Request, work: Callable[[], Any]) -> Any:
        batch = _Batch(request, work, copy_context())
        with self._changed:
            if request.left:
                raise Stopped
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
        request.number = self._numbers
        self._numbers += 1
        if not self._requests[request.visitor]:
            # A new visitor starts with the least served time of those present: idle time in the
            # past gives no credit.
            self._served_s[request.visitor] = min(self._served_s.values(), default=0.0)
        self._requests[request.visitor] += 1

    def _leave(self, request: _Request) -> None:
        with self._changed:
            request.left = True
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
        """Runs batches as long as this is the queue's thread; if it fails, another takes over."""
        me = threading.current_thread()
        try:
            self._run_batches(me)
        except BaseException:
            LOG.exception("The thread that runs the models has failed; another one starts.")
            with self._changed:
                if self._thread is not me:
                    return
                if self._running is not None and not self._running.result.done():
                    self._running.result.set_exception(RuntimeError("The models' thread failed."))
                self._running = self._thread = None
                if self._waiting:
                    self._start()

    def _run_batches(self, me: threading.Thread) -> None:
        _yield_to_others()
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
                result = batch.context.run(_in_own_turn, batch.work)
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

    def _order(self, batch: _Batch) -> tuple[float, bool, int]:
        request = batch.request
        return self._served_s.get(request.visitor, 0.0), request.served_s > _QUICK_S, request.number


def _in_own_turn(work: Callable[[], Any]) -> Any:
    """Runs a batch, and further batches that it asks for in the same turn."""

    def at_once(inner: Callable[[], Any]) -> Any:
        cancellation.check()
        return inner()

    with given_by(at_once):
        return work()


def fair(
    app: WsgiApp,
    queue: ModelQueue,
    places: Places,
    gone: Callable[[dict[str, Any]], bool],
    deadline_s: float = DEADLINE_S,
) -> WsgiApp:
    """Gives requests places, queues their batches, and stops them when their clients have gone.

    Args:
        app: the app, which runs its batches through `lit_plugins.runtime.turns`.
        queue: one queue for all apps of a process that share models.
        places: the places of all these apps.
        gone: tells quickly, from a request's environ, whether its client has gone.
        deadline_s: seconds after which a request is stopped.
    """
    memory = Returns()

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        ends = time.monotonic() + deadline_s

        def over() -> bool:
            if time.monotonic() > ends:
                raise Refused(
                    503, f"The answer took longer than {deadline_s:g} s; ask for less at once."
                )
            return gone(environ)

        visitor = environ.get(VISITOR) or environ.get("REMOTE_ADDR", "")
        with places.place(visitor, _length(environ)):
            try:
                with stopping_when(over), queue.request(visitor):
                    return app(environ, start_response)
            finally:
                memory.after_request()

    return serve


def _length(environ: dict[str, Any]) -> int:
    """The length of a request's body, as far as it is known to be a number."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return int(length[:20]) if length.isdecimal() else 0


def _yield_to_others() -> None:
    """Lowers the priority of this thread and its children below those that answer from memory."""
    with contextlib.suppress(AttributeError, OSError):
        # On Linux only: elsewhere the call would lower the priority of the whole process.
        if os.uname().sysname == "Linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
