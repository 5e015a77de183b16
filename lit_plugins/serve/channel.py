"""Waitress's connections, with bounds on their number and on the time that a request may take.

Their refusals before any app runs have the form of all others.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask

from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.entrance import Entrance
from lit_plugins.serve.guard.headers import security_headers
from lit_plugins.serve.responses import new_request_id, refusal_body

MOST_OF_STRANGERS = 64 * 2**10
"""Largest request body, in bytes, from clients that have shown neither token nor cookie.

Waitress stores the whole body before the app can check who sent it.
"""

MOST_CONNECTIONS = 1000
"""Largest number of open connections."""

MOST_OF_ADDRESS = 250
"""Largest number of connections from one address, such as that of a reverse proxy."""

HEAD_S = 30.0
"""Seconds within which a request's head must arrive, and a new connection's first one."""

REQUEST_S = 600.0
"""Seconds within which a whole request must arrive."""

STALLED_S = 60.0
"""Seconds within which a client must take some of an answer."""

_SENTENCES = {
    400: "The request is malformed.",
    401: "A token is needed to send so much; scripts send it as Authorization: Bearer TOKEN.",
    413: "The request's body is too long; send less at once.",
    431: "The request's address and headers are too long; select or send less at once.",
    501: "The request's transfer encoding is not known here; send it chunked or with a length.",
}


class _Parser(HTTPRequestParser):
    """Refuses request bodies of ambiguous length, and long bodies from unknown clients.

    A proxy in front could see a body of ambiguous length end at another byte.
    """

    adj: Any
    entrance: Entrance
    is_strangers = False

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("both a length and chunks")
        if self.version != "1.1" and "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("chunks before HTTP/1.1")
        if self.chunked or self.content_length > MOST_OF_STRANGERS:
            self.is_strangers = not self.entrance.knows(_environ(self.headers))
            if self.is_strangers:
                self.adj = copy.copy(self.adj)
                self.adj.max_request_body_size = MOST_OF_STRANGERS + 1


def _environ(headers: Mapping[str, str]) -> dict[str, Any]:
    return {**{f"HTTP_{name}": value for name, value in headers.items()}, "wsgi.url_scheme": "http"}


class _Refusal(ErrorTask):
    def execute(self) -> None:
        code = self.request.error.code
        status = HTTPStatus(401 if code == 413 and self.request.is_strangers else code)
        sentence = _SENTENCES.get(status, "The server could not answer.")
        body = refusal_body(sentence, new_request_id())
        self.status = f"{status.value} {status.phrase}"
        self.response_headers.extend([("Content-Type", "application/json"), *security_headers()])
        # Close even if the client asked for keep-alive: the rest of this request's body would be
        # read as the next request.
        self.request.headers.pop("CONNECTION", None)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):
    """Closes where a client sends or reads too slowly, and makes room for newer connections."""

    has_asked = False

    def __init__(self, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        self._begun: float | None = time.monotonic()
        self._unsent: tuple[int, float] | None = None  # what was left at `_unsent_since`
        self._unsent_since = 0.0
        channels = list(self.server.active_channels.values())
        same = [channel for channel in channels if channel.addr[0] == self.addr[0]]
        if len(same) > MOST_OF_ADDRESS:
            _make_room(same)
        elif len(channels) > MOST_CONNECTIONS:
            _make_room(channels)

    def received(self, data: bytes) -> bool:
        before = self.request
        taken: bool = super().received(data)
        if self.request is None:
            self._begun = None
        elif self.request is not before:
            self._begun = time.monotonic()
        return taken

    def service(self) -> None:
        self.has_asked = True
        super().service()

    def readable(self) -> bool:
        # Waitress asks this of each connection at least twice a second.
        if self._is_late() or self._is_stalled():
            # Not left to waitress: it would wait until the client takes what is left to send.
            self.handle_close()
            return False
        readable: bool = super().readable()
        return readable

    def _is_late(self) -> bool:
        """Tells whether a request has begun too long ago, or the first one has not begun."""
        if self._begun is None or self.requests:
            return False
        has_head = self.request is not None and self.request.headers_finished
        return time.monotonic() - self._begun > (REQUEST_S if has_head else HEAD_S)

    def _is_stalled(self) -> bool:
        """Tells whether the client has taken nothing of an answer for long."""
        if not self.total_outbufs_len:
            self._unsent = None
            return False
        unsent = self.total_outbufs_len, self.last_activity
        if unsent != self._unsent:
            self._unsent, self._unsent_since = unsent, time.monotonic()
        return time.monotonic() - self._unsent_since > STALLED_S


def _make_room(channels: Sequence[_Channel]) -> None:
    """Closes the connection that is least missed, unless all of them wait for answers.

    First those that have never sent a whole request, then the one that was silent for longest.
    """
    idle = [channel for channel in channels if not channel.requests]
    if idle:
        min(idle, key=lambda channel: (channel.has_asked, channel.last_activity)).handle_close()


def channel_for(access: Access) -> type[HTTPChannel]:
    """Makes the class of the server's connections.

    Args:
        access: who may open the page; the same as the app's guard has.
    """
    parser = type("Parser", (_Parser,), {"entrance": Entrance(access, time.monotonic)})
    return type("Channel", (_Channel,), {"parser_class": parser, "error_task_class": _Refusal})
