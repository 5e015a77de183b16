"""What waitress refuses by itself, before any app sees it: answered as all else is."""

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
"""The longest body of who has shown neither token nor cookie: waitress stores it before it asks."""

_SENTENCES = {
    400: "The request is malformed.",
    401: "A token is needed to send so much; scripts send it as Authorization: Bearer TOKEN.",
    413: "The request's body is too long; send less at once.",
    431: "The request's address and headers are too long; select or send less at once.",
    501: "The request's transfer encoding is not known here; send it chunked or with a length.",
}


class _Parser(HTTPRequestParser):
    """Takes no body that a proxy could see ending elsewhere, and no long one of a stranger's."""

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
        # The next request would be read out of the midst of this one, whatever this one wished.
        self.request.headers.pop("CONNECTION", None)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


def channel_for(access: Access) -> type[HTTPChannel]:
    """The class of clients' connections.

    Args:
        access: who may come in, as the app's guard has it.
    """
    parser = type("Parser", (_Parser,), {"entrance": Entrance(access, time.monotonic)})
    return type("Channel", (HTTPChannel,), {"parser_class": parser, "error_task_class": _Refusal})
