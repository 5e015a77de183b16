"""Orderly shutdown: requests in progress are answered or stopped, then the port is freed."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from waitress import wasyncore
from waitress.server import BaseWSGIServer

from lit_plugins.serve.disconnects import DISCONNECTED
from lit_plugins.serve.places import Refused
from lit_plugins.serve.wsgi import WsgiApp

GRACE_S = 10.0
"""Seconds that requests in progress may take after the server has been told to stop."""

_LAST_S = 2.0  # seconds for sending the refusals of requests that were stopped
_LOOK_UP_S = 0.5  # seconds between two looks at the sockets


class Running:
    """One server, from the first connection until `stop` is called in any thread."""

    def __init__(self, grace_s: float = GRACE_S):
        """Makes a server that does not run yet.

        Args:
            grace_s: seconds that requests in progress may take after `stop`.
        """
        self._grace_s = grace_s
        self._told = threading.Event()
        self._over = threading.Event()
        self._server: BaseWSGIServer | None = None
        self._sockets: dict[int, Any] = {}

    def take(self, server: BaseWSGIServer, sockets: dict[int, Any]) -> None:
        """Takes over a waitress server.

        Args:
            server: the server of an app that `stoppable` has returned.
            sockets: the socket map that the server was made with.
        """
        self._server = server
        self._sockets = sockets

    def stoppable(self, app: WsgiApp) -> WsgiApp:
        """Wraps an app so that its requests are stopped when the grace period after `stop` is over.

        They stop as if their clients had gone.
        """

        def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            disconnected: Callable[[], bool] = environ[DISCONNECTED]

            def gone() -> bool:
                if self._over.is_set():
                    raise Refused(503, "The server is stopping; try again soon.")
                return disconnected()

            environ[DISCONNECTED] = gone
            return app(environ, start_response)

        return serve

    def stop(self) -> None:
        """Stops accepting connections, and ends once requests have; signal handlers may call it."""
        self._told.set()
        if self._server is not None:
            # The server may have seen that it is told, and closed its trigger already.
            with contextlib.suppress(OSError):
                self._server.pull_trigger()

    def run(self, waits: Callable[[int], None] = lambda requests: None) -> None:
        """Answers requests until `stop`, then finishes those in progress for the grace period.

        Args:
            waits: called with the number of requests in progress at `stop`; not called if there
                are none.
        """
        server = self._server
        assert server is not None
        try:
            while not self._told.is_set():
                self._turn()
            wasyncore.dispatcher.close(server)  # accepts no more; open connections stay
            in_progress = _busy(server)
            if in_progress:
                waits(in_progress)
            self._drain(server, self._grace_s)
            self._over.set()
            self._drain(server, _LAST_S)
        finally:
            self._over.set()
            self._close(server)

    def _drain(self, server: BaseWSGIServer, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while _busy(server) and time.monotonic() < ends:
            self._turn()

    def _turn(self) -> None:
        # poll, since select is limited to 1,024 descriptors.
        wasyncore.loop(timeout=_LOOK_UP_S, map=self._sockets, use_poll=True, count=1)

    def _close(self, server: BaseWSGIServer) -> None:
        wasyncore.dispatcher.close(server)
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        dispatcher = server.task_dispatcher
        dispatcher.shutdown(timeout=_LOOK_UP_S)
        if not dispatcher.threads:  # otherwise a thread may still pull the trigger
            self._server = None
            server.trigger.close()


def _busy(server: BaseWSGIServer) -> int:
    """Closes idle connections, and returns the number of those that wait for a response."""
    busy = 0
    for channel in list(server.active_channels.values()):
        # Requests first: a request that finishes in between has filled the output buffer by then.
        if channel.requests or channel.total_outbufs_len:
            busy += 1
        else:
            channel.handle_close()
    return busy
