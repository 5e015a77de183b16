"""Whether a request's client is still there, as each WSGI server lets one see it."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from typing import Any

DISCONNECTED = "waitress.client_disconnected"
"""Where a request's environ has the function by which waitress says whether its client has gone."""


def gone(environ: dict[str, Any]) -> bool:
    """Whether nobody waits for the answer any more; False where the server does not let one see.

    It is quick, and may be asked from any thread between the request and its answer.
    """
    disconnected: Callable[[], bool] | None = environ.get(DISCONNECTED)
    if disconnected is not None:
        return disconnected()
    connection: socket.socket | None = environ.get("gunicorn.socket")
    return connection is not None and _closed(connection)


def _closed(connection: socket.socket) -> bool:
    if connection.fileno() < 0:
        return True
    # Asked first whether there is anything: one with a timeout would wait for it.
    watched = select.poll()
    watched.register(connection, select.POLLIN)
    try:
        return bool(watched.poll(0)) and not connection.recv(1, socket.MSG_PEEK)
    except ValueError:
        return False  # TLS, which cannot be peeked into
    except OSError:
        return True
