"""Detection of clients that have disconnected, for waitress and gunicorn."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from typing import Any

DISCONNECTED = "waitress.client_disconnected"
"""Environ key of waitress's function that tells whether the request's client has disconnected."""


def gone(environ: dict[str, Any]) -> bool:
    """Tells whether the client has disconnected; False where the server does not reveal it.

    The check is quick, and any thread may make it between the request and its response.
    """
    disconnected: Callable[[], bool] | None = environ.get(DISCONNECTED)
    if disconnected is not None:
        return disconnected()
    connection: socket.socket | None = environ.get("gunicorn.socket")
    return connection is not None and _closed(connection)


def _closed(connection: socket.socket) -> bool:
    if connection.fileno() < 0:
        return True
    # Poll before reading: a socket with a timeout would wait for data.
    watched = select.poll()
    watched.register(connection, select.POLLIN)
    try:
        return bool(watched.poll(0)) and not connection.recv(1, socket.MSG_PEEK)
    except ValueError:
        return False  # a TLS socket does not support peeking
    except OSError:
        return True
