"""The server: binds an address, and answers many requests at once until it is told to stop."""

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
from lit_plugins.serve.channel import MOST_CONNECTIONS, channel_for
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.request_limits import LONGEST_ADDRESS, LONGEST_HEADERS
from lit_plugins.serve.places import MOST_AT_ONCE
from lit_plugins.serve.shutdown import Running
from lit_plugins.serve.wsgi import WsgiApp

DEFAULT_PORT = 5380

# Each request of the API has a thread; the others answer for `/healthz` and the page's files.
THREADS = MOST_AT_ONCE + 16

_TRIES = 50  # number of ports tried, from DEFAULT_PORT on
# Python's switch interval: how long a thread that answers from memory waits for one that computes.
_SWITCH_S = 0.0002
# Waitress's own limit: larger than the guard's limits, whose refusals explain themselves better.
_LONGEST_HEAD = LONGEST_ADDRESS + 2 * LONGEST_HEADERS

_ANYBODY_HERE = Access()


def bind(host: str, port: int | None, access: Access = _ANYBODY_HERE) -> socket.socket:
    """Binds a socket to an address; it does not listen yet.

    Args:
        host: a name or address of this machine.
        port: the port; 0 for any free one; None for `DEFAULT_PORT` or the next free one.
        access: who may open the page.

    Raises:
        UserError: the port is in use or forbidden, the host is not this machine's, or other
            machines could reach the address though `access` allows only this machine.
    """
    if port is not None and not 0 <= port <= 65535:
        raise UserError(f"The port {port} is not from 0 to 65535.")
    candidates = range(DEFAULT_PORT, DEFAULT_PORT + _TRIES) if port is None else [port]
    for candidate in candidates:
        try:
            return _bound(host, candidate, access)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            if error.errno in (errno.EACCES, errno.EPERM):
                raise UserError(
                    f"Port {candidate} needs more rights; use one above 1023."
                ) from error
            raise UserError(
                f"The host {host!r} is not an address of this machine; use 127.0.0.1."
            ) from error
    if port is not None:
        raise _in_use(port)
    raise UserError(
        f"The ports {candidates[0]} to {candidates[-1]} are all in use; name another with --port."
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
    """Answers requests until a signal, then finishes those in progress for some seconds.

    The signals are Ctrl-C, SIGTERM and, unless the process ignores it as under `nohup`, SIGHUP. A
    second Ctrl-C ends the server immediately.

    Args:
        app: any WSGI app.
        bound: a socket from `bind`.
        announce: called with the page's address, including a token if there is one, when the
            server takes requests.
        access: the same as for `bind`.
        prefix: the path below which the page is served.
        waits: called with the number of requests in progress when the server is told to stop;
            not called if there are none.
    """
    running = Running()

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        running.stop()

    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        sys.setswitchinterval(_SWITCH_S)
        # Excludes everything loaded so far from garbage collection: it stays, and going through it
        # would stop all threads for 0.3 s at a time.
        gc.freeze()
        host, port = bound.getsockname()[:2]
        start(running, app, bound, access)
        announce(access.address(host, port, prefix))
        running.run(waits)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def start(
    running: Running, app: WsgiApp, bound: socket.socket, access: Access = _ANYBODY_HERE
) -> None:
    """Accepts connections, whose requests `running.run` then answers.

    Args:
        running: a server that has not been started.
        app: any WSGI app.
        bound: a socket from `bind`.
        access: the same as for `bind`.

    Raises:
        UserError: another server listens on the port meanwhile.
    """
    _share(bound, True)  # the connections inherit it, so that the next server can have the port
    try:
        bound.listen()
    except OSError as error:
        raise _in_use(bound.getsockname()[1]) from error
    sockets: dict[int, Any] = {}
    server = waitress.create_server(
        running.stoppable(app),
        map=sockets,
        sockets=[bound],
        threads=THREADS,
        connection_limit=MOST_CONNECTIONS + 50,  # the connections close by a rule of their own
        outbuf_high_watermark=2**40,  # no thread waits for a slow reader; answers wait in files
        max_request_header_size=_LONGEST_HEAD,
        max_request_body_size=MOST_BYTES + 1,  # waitress refuses a body of exactly this size
        clear_untrusted_proxy_headers=False,  # the guard needs them to recognise proxies
        ident="lit-plugins",
        # Keep reading during a response: otherwise a client's disconnection goes unnoticed.
        channel_request_lookahead=1,
    )
    server.channel_class = channel_for(access)
    running.take(server, sockets)


def open_browser(address: str) -> None:
    """Opens the page in a browser if this session has a screen; otherwise does nothing."""
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
        try:
            bound.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            # The last connections of a stopped server may hold its port for a minute.
            _share(bound, True)
            bound.bind(address)
            _share(bound, False)
    except BaseException:
        bound.close()
        raise
    return bound


def _in_use(port: int) -> UserError:
    return UserError(
        f"Port {port} is in use; name another with --port, or none for the next free one."
    )


def _share(bound: socket.socket, shares: bool) -> None:
    """Sets whether a socket shares its port with others that do, of which only one may listen.

    A socket that does not share has its port for itself, also while models load.
    """
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(shares))
