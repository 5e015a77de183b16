"""Binds an address, and answers many requests at once until it is told to stop."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import sys
import webbrowser
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress

from lit_plugins.errors import UserError
from lit_plugins.serve.api import MOST_BYTES
from lit_plugins.serve.channel import channel_for
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.request_limits import LONGEST_ADDRESS, LONGEST_HEADERS
from lit_plugins.serve.queue import MOST_AT_ONCE
from lit_plugins.serve.shutdown import Running
from lit_plugins.serve.wsgi import WsgiApp

DEFAULT_PORT = 5380

# Those that use the models wait in threads of their own; as many answer from memory beside them.
THREADS = 2 * MOST_AT_ONCE

_TRIES = 50
# Python's threads wait so long for one that computes, who answers from memory, too.
_SWITCH_S = 0.0002
# The guard's limits come first, with sentences of their own.
_LONGEST_HEAD = LONGEST_ADDRESS + 2 * LONGEST_HEADERS

_ANYBODY_HERE = Access()


def bind(host: str, port: int | None, access: Access = _ANYBODY_HERE) -> socket.socket:
    """A socket bound to an address, not yet listening.

    Args:
        host: a name or address of this machine.
        port: the port; 0 for any free one; None for `DEFAULT_PORT` or the next free one.
        access: who may come in.

    Raises:
        UserError: the port is taken, may not be used, the host is not this machine's, or other
            machines reach it and none are meant to.
    """
    if port is not None and not 0 <= port <= 65535:
        raise UserError(f"The port {port} is not from 0 to 65535.")
    wanted = range(DEFAULT_PORT, DEFAULT_PORT + _TRIES) if port is None else [port]
    for each in wanted:
        try:
            return _bound(host, each, access)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            if error.errno in (errno.EACCES, errno.EPERM):
                raise UserError(f"Port {each} needs more rights; use one above 1023.") from error
            raise UserError(
                f"The host {host!r} is not an address of this machine; use 127.0.0.1."
            ) from error
    if port is not None:
        raise UserError(
            f"Port {port} is in use; name another with --port, or none for the next free one."
        )
    raise UserError(
        f"The ports {wanted[0]} to {wanted[-1]} are all in use; name another with --port."
    )


def serve(
    app: WsgiApp,
    bound: socket.socket,
    *,
    announce: Callable[[str], None],
    access: Access = _ANYBODY_HERE,
    prefix: str = "",
    waits: Callable[[int], None] = lambda requests: None,
) -> None:
    """Answers requests until Ctrl-C or SIGTERM, and those in progress some seconds longer.

    A second Ctrl-C ends it at once.

    Args:
        app: any WSGI app.
        bound: from `bind`.
        announce: called with the page's address, a token included, when the server takes
            requests.
        access: as `bind` had it.
        prefix: the path below which the page stands.
        waits: called with the number of requests in progress when it is told to stop, if any.
    """
    running = Running()

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        running.stop()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    sys.setswitchinterval(_SWITCH_S)
    # What is loaded stays; to see that, the collector would stop all threads for 0.3 s at a time.
    gc.freeze()
    host, port = bound.getsockname()[:2]
    start(running, app, bound, access)
    announce(access.address(host, port, prefix))
    running.run(waits)


def start(
    running: Running, app: WsgiApp, bound: socket.socket, access: Access = _ANYBODY_HERE
) -> None:
    """Lets connections come in, which `running.run` then answers.

    Args:
        running: not yet started.
        app: any WSGI app.
        bound: from `bind`.
        access: as `bind` had it.
    """
    sockets: dict[int, Any] = {}
    server = waitress.create_server(
        running.stoppable(app),
        map=sockets,
        sockets=[bound],
        threads=THREADS,
        connection_limit=1000,
        max_request_header_size=_LONGEST_HEAD,
        max_request_body_size=MOST_BYTES + 1,  # which is refused itself
        clear_untrusted_proxy_headers=False,  # the guard looks whether there are any
        ident="lit-plugins",
        # It reads on while it answers: else it would not see that a client has gone.
        channel_request_lookahead=1,
    )
    server.channel_class = channel_for(access)
    running.take(server, sockets)


def open_browser(address: str) -> None:
    """Opens the page where someone sits before a screen; elsewhere does nothing."""
    screen = sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if screen and sys.stdout.isatty() and not os.environ.get("SSH_CONNECTION"):
        webbrowser.open(address)


def _bound(host: str, port: int, access: Access) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    access.check_address(str(address[0]))
    bound = socket.socket(family, kind, protocol)
    try:
        # A stopped server's port is free again at once; a running one's stays taken.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except BaseException:
        bound.close()
        raise
    return bound
