"""What waitress refuses by itself, before any app sees it: answered as all else is."""

from __future__ import annotations

import json
import secrets
from http import HTTPStatus

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask

from lit_plugins.serve.headers import security_headers

_SENTENCES = {
    400: "The request is malformed.",
    413: "The request's body is too long; send less at once.",
    431: "The request's address and headers are too long; select or send less at once.",
    501: "The request's transfer encoding is not known here; send it chunked or with a length.",
}


class _Parser(HTTPRequestParser):
    """Takes no body that a proxy could see ending elsewhere."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("both a length and chunks")
        if self.version != "1.1" and "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("chunks before HTTP/1.1")


class _Refusal(ErrorTask):
    def execute(self) -> None:
        status = HTTPStatus(self.request.error.code)
        sentence = _SENTENCES.get(status, "The server could not answer.")
        body = json.dumps({"error": sentence, "id": secrets.token_hex(6)}).encode()
        self.status = f"{status.value} {status.phrase}"
        self.response_headers.extend([("Content-Type", "application/json"), *security_headers()])
        # The next request would be read out of the midst of this one, whatever this one wished.
        self.request.headers.pop("CONNECTION", None)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A client's connection."""

    parser_class = _Parser
    error_task_class = _Refusal
