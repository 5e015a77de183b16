"""Requests byte by byte, as no browser or library would send them."""

from __future__ import annotations

import json
import socket
import urllib.parse
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        status: its number.
        headers: by their names in lower case; the last of several.
        cookies: of all Set-Cookie headers.
        body: the bytes after the headers.
    """

    status: int
    headers: dict[str, str]
    cookies: tuple[str, ...]
    body: bytes

    @property
    def error(self) -> str:
        """The one sentence of a refusal, which must be JSON with no more than that and an id."""
        refusal: dict[str, Any] = json.loads(self.body)
        assert set(refusal) == {"error", "id"}
        return str(refusal["error"])


def send(address: str, request: bytes) -> Answer:
    """Sends bytes, says that there are no more, and reads until the server has ended its answer.

    Args:
        address: the server's, of which host and port count.
        request: all that is sent.
    """
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as client:
        client.sendall(request)
        return read(client, has_body=not request.startswith(b"HEAD "))


def read(client: socket.socket, *, has_body: bool = True) -> Answer:
    """The next answer on a connection, as long as it says it is."""
    received = bytearray()
    while b"\r\n\r\n" not in received:
        part = client.recv(65536)
        assert part, f"the server hung up after {bytes(received)!r}"
        received += part
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)]
    headers = dict(pairs)
    length = int(headers.get("content-length", 0)) if has_body else 0
    while len(body) < length and (part := client.recv(65536)):
        body += part
    cookies = tuple(value for name, value in pairs if name == "set-cookie")
    return Answer(int(status.split()[1]), headers, cookies, body)


def request(
    method: str,
    target: str,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    *,
    version: str = "1.1",
) -> bytes:
    """A request as it goes over the wire; its body has a length unless the headers say chunks."""
    lines = [f"{method} {target} HTTP/{version}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body and not {"content-length", "transfer-encoding"} & {
        each.lower() for each in headers or {}
    }:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join([*lines, "", ""])).encode("latin-1") + body
