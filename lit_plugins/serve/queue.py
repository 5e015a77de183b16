"""Many requests at one model: batches take turns, and what nobody waits for costs nothing.

A request that is answered from memory never comes here. One that needs the model has its batches
run in the one thread that runs models, between the batches of others.
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
"""Where a request's environ says whom it is from, for all to have their share."""

MOST_AT_ONCE = 32
MOST_OF_ONE = 16
DEADLINE_S = 600.0

_LARGE_BYTES = 2**17
_QUICK_S = 0.3
_LOOK_UP_S = 0.2
_RETRY_AFTER_S = 3
_NICENESS = 5
_GIVE_BACK_EVERY_S = 20.0


class Refused(Stopped):
    """A request that will not be worked on, or not any longer.

    Attributes:
        status: of the answer.
        sentence: what a user is told.
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
    """Gives batches their turns: each visitor the same time, short requests before long ones."""

    def __init__(self, most: int = MOST_AT_ONCE, most_of_one: int = MOST_OF_ONE):
        """An empty queue; its thread begins with the first batch.

        Args:
            most: requests that may use the model at a time, those that wait for a turn included.
            most_of_one: how many of them may be one visitor's.
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
        """How many use the model now."""
        return self._requests.total()

    @contextlib.contextmanager
    def request(self, visitor: str, at_once: bool = False) -> Iterator[None]:
        """The batches that this thread asks for inside take turns with those of others.

        Args:
            visitor: whom the request is from.
            at_once: whether it counts from its beginning, not from its first batch.

        Raises:
            Refused: for there are as many requests as may be.
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
            return work()  # a batch that needs another one's result
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
            # Who comes anew has no claim on the time in which there was nothing to do.
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
                # It may never end: others get another thread, and it ends with its batch.
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
            except BaseException as error:  # whatever a model raises is its request's
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
    """Lets requests take turns at the models, and stops those that nobody waits for.

    Args:
        app: whose batches are run as `turns` says.
        queue: the same for all apps of a process that share its models.
        gone: says quickly of a request's environ whether its client has gone.
        deadline_s: seconds after which a request is given up.
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
    """Whether a request costs much before it comes to any model."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) > _LARGE_BYTES


def _yield_to_others() -> None:
    """Lets the kernel put threads that answer from memory before this one and those it begins."""
    with contextlib.suppress(AttributeError, OSError):  # elsewhere than on Linux: the whole process
        if os.uname().sysname == "Linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
