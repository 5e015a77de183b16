"""Waitress's connections, whose refusals before any app runs have the form of all others."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
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


def channel_for(access: Access) -> type[HTTPChannel]:
    """Makes the class of the server's connections.

    Args:
        access: who may open the page; the same as the app's guard has.
    """
    parser = type("Parser", (_Parser,), {"entrance": Entrance(access, time.monotonic)})
    return type("Channel", (HTTPChannel,), {"parser_class": parser, "error_task_class": _Refusal})
