"""How a server ends: requests in progress are answered, then stopped, and its port is free."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from waitress import wasyncore
from waitress.server import BaseWSGIServer

from lit_plugins.serve.disconnects import DISCONNECTED
from lit_plugins.serve.queue import Refused
from lit_plugins.serve.wsgi import WsgiApp

GRACE_S = 10.0
"""For so long may requests go on when the server has been told to stop."""

_LAST_S = 2.0
_LOOK_UP_S = 0.5


class Running:
    """One server, from the first connection until `stop` is called in any thread."""

    def __init__(self, grace_s: float = GRACE_S):
        """Nothing runs yet.

        Args:
            grace_s: seconds that requests may go on after `stop`.
        """
        self._grace_s = grace_s
        self._told = threading.Event()
        self._over = threading.Event()
        self._server: BaseWSGIServer | None = None
        self._sockets: dict[int, Any] = {}

    def take(self, server: BaseWSGIServer, sockets: dict[int, Any]) -> None:
        """Takes over a server that was made by waitress.

        Args:
            server: of an app that is `stoppable`.
            sockets: the map that it was made with.
        """
        self._server = server
        self._sockets = sockets

    def stoppable(self, app: WsgiApp) -> WsgiApp:
        """The app, whose requests end when their time is over, as if their clients had gone."""

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
        """Takes no more connections, and ends when requests have; a signal's handler may say so."""
        self._told.set()
        if self._server is not None:
            self._server.pull_trigger()

    def run(self, waits: Callable[[int], None] = lambda requests: None) -> None:
        """Answers requests until `stop`, and those in progress a little longer.

        Args:
            waits: called with the number of requests that are still in progress, if any.
        """
        server = self._server
        assert server is not None
        try:
            while not self._told.is_set():
                self._turn()
            wasyncore.dispatcher.close(server)  # no more connections; those that are there stay
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
        # By poll: select takes no more than 1,024 descriptors.
        wasyncore.loop(timeout=_LOOK_UP_S, map=self._sockets, use_poll=True, count=1)

    def _close(self, server: BaseWSGIServer) -> None:
        wasyncore.dispatcher.close(server)
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        dispatcher = server.task_dispatcher
        dispatcher.shutdown(timeout=_LOOK_UP_S)
        if not dispatcher.threads:  # else one of them may still pull it
            self._server = None
            server.trigger.close()


def _busy(server: BaseWSGIServer) -> int:
    """How many connections wait for an answer; all others are closed."""
    busy = 0
    for channel in list(server.active_channels.values()):
        # In this order: what a finished request has to say stands in the buffer by then.
        if channel.requests or channel.total_outbufs_len:
            busy += 1
        else:
            channel.handle_close()
    return busy
