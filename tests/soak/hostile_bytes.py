"""Streams of bytes for a socket: requests that are cut, doubled, smuggled, or none at all."""

from __future__ import annotations

import contextlib
import io
import socket
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Any
from urllib.parse import urlsplit

from hypothesis import strategies as st

from tests.soak.hostile import OTHER_PATHS, ROUTES, Names, bodies, escaped, queries

_QUIET_S = 0.1
_PATIENCE_S = 20.0

_GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
"""No answer; `HTTPResponse` skips it before one."""

HOST = b"HOST"
"""Stands in a stream for the server's own host and port."""


def streams(names: Names) -> st.SearchStrategy[bytes]:
    """One or two requests on a connection, whole ones and such that are not."""
    one = whole(names) | whole(names) | broken(names) | st.sampled_from(_SMUGGLED)
    return st.builds(lambda first, then: first + then, one, st.just(b"") | one)


@st.composite
def whole(draw: st.DrawFn, names: Names) -> bytes:
    """A request as the page sends it, but for some of its parts."""
    odd = draw(st.sets(st.sampled_from(tuple(_RIGHT)), max_size=2))

    def part(name: str, others: st.SearchStrategy[bytes]) -> bytes:
        return draw(others) if name in odd else _RIGHT[name]

    path = escaped(draw(st.sampled_from(ROUTES + OTHER_PATHS if "path" in odd else ROUTES)))
    query = part("query", queries(names).map(lambda text: escaped(text).encode()))
    body = part("body", bodies(names))[:100_000]
    target = part("target", st.sampled_from(_TARGETS)) % (path.encode(), query)
    lines = [
        b" ".join(
            (
                part("method", st.sampled_from(_METHODS)),
                target,
                part("version", st.sampled_from(_VERSIONS)),
            )
        ),
        part("host", st.sampled_from(_HOSTS)),
        b"Connection: close",
        part("kind", st.sampled_from(_HEADERS)),
        part("more", st.sampled_from(_HEADERS) | st.binary(max_size=30)),
        part("length", st.sampled_from(_LENGTHS)) % len(body),
    ]
    return part("end", st.just(b"\n")).join([*lines, b"", b""]) + body


def broken(names: Names) -> st.SearchStrategy[bytes]:
    """A request that ends too early, or bytes that are none."""
    cut = st.builds(lambda full, at: full[: at % (len(full) + 1)], whole(names), st.integers(0))
    return cut | st.binary(max_size=200) | st.sampled_from(_NO_REQUESTS)


def answers_to(address: str, stream: bytes) -> Iterator[tuple[int, dict[str, str], bytes]]:
    """All that a server answers to a stream before it hangs up, or has nothing more to say.

    Raises:
        AssertionError: it says what is no answer, or neither answers nor hangs up.
    """
    parts = urlsplit(address)
    stream = stream.replace(HOST, parts.netloc.encode())
    received = bytearray()
    with socket.create_connection((parts.hostname, parts.port)) as client:
        client.settimeout(_QUIET_S)
        with contextlib.suppress(OSError):  # it may have refused what it has read of it
            client.sendall(stream)
        ended = False
        try:
            while True:
                try:
                    part = client.recv(65536)
                except TimeoutError:
                    assert not ended, "It neither answers nor hangs up."
                    ended = True
                    client.settimeout(_PATIENCE_S)
                    client.shutdown(socket.SHUT_WR)
                    continue
                if not part:
                    break
                received += part
        except OSError:
            pass
    rest = _Rest(bytes(received).removesuffix(_GO_ON))
    while rest.left():
        answer = HTTPResponse(rest)  # type: ignore[arg-type]
        try:
            answer.begin()
            body = answer.read()
        except IncompleteRead:
            # It has refused what it has not read to its end: the kernel then drops what it said.
            return
        except (HTTPException, ValueError) as error:
            raise AssertionError(f"{bytes(received[:400])!r} is no answer to {stream!r}") from error
        yield answer.status, {name.lower(): text for name, text in answer.getheaders()}, body


class _Rest:
    """What was received, as `HTTPResponse` wants a socket, one answer after another."""

    def __init__(self, received: bytes):
        self._file = _Unclosed(received)

    def makefile(self, *unused: Any) -> io.BytesIO:
        return self._file

    def left(self) -> bool:
        return self._file.tell() < len(self._file.getbuffer())


class _Unclosed(io.BytesIO):
    def close(self) -> None:
        pass


_RIGHT = {
    "method": b"POST",
    "path": b"",
    "target": b"%s?%s",
    "query": b"model=model&dataset_name=texts",
    "version": b"HTTP/1.1",
    "host": b"Host: HOST",
    "kind": b"Content-Type: application/json",
    "more": b"Sec-Fetch-Site: same-origin",
    "length": b"Content-Length: %d",
    "end": b"\r\n",
    "body": b"{}",
}
_TARGETS = (b"http://HOST%s?%s", b"%s%s", b"*%s%s", b"//evil.example%s?%s", b"%s?%s#x", b"%s %s")
_METHODS = (b"GET", b"HEAD", b"post", b"PUT", b"CONNECT", b"TRACE", b"OPTIONS", b"\xff", b"")
_VERSIONS = (b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.1 x", b"", b"FTP/1", b"HTTP/1.1\x0b")
_HOSTS = (
    *(b"Host: evil.example", b"Host:", b"X: y", b"Host: HOST\r\nHost: evil.example", b"Host: \0"),
    *(b"Host: 127.0.0.1.evil.example", b"Host : HOST", b" Host: HOST", b"Host: HOST:80"),
)
_LENGTHS = (
    *(b"Content-Length: 9%d", b"Content-Length: -%d", b"Content-Length: +%d", b"X-Length: %d"),
    *(b"Content-Length: 0x%d", b"Content-Length: %d\r\nContent-Length: 1", b"Content-Length: %d_0"),
    *(b"Content-Length: 1%030d", b"Content-Length: %d\r\nTransfer-Encoding: chunked"),
)
_HEADERS = (
    b"Content-Type: text/plain",
    b"Content-Type: application/json\r\nContent-Type: text/plain",
    b"Origin: http://HOST",
    b"Origin: http://evil.example",
    b"Origin: null",
    b"Sec-Fetch-Site: cross-site",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: identity, chunked",
    b"Transfer-Encoding: \x0bchunked",
    b"Transfer_Encoding: chunked",
    b"Expect: 100-continue",
    b"Upgrade: h2c\r\nConnection: Upgrade",
    b"Cookie: " + b"a=b;" * 2000,
    b"X: " + b"a" * 70_000,
    b"X\0: a",
    b"X: a\r\n folded",
    b": empty",
    b"no colon",
    b"Range: bytes=0-1,5-,-1",
    b"If-None-Match: *",
    b"Accept-Encoding: gzip",
    b"X-Forwarded-Host: evil.example",
    b"X-Forwarded-For: ::1",
)
_POST = (
    b"POST /get_info HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\n"
    b"Connection: close\r\n"
)
_HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"
_SMUGGLED = (
    _POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _HIDDEN,
    _POST
    + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n{}\r\n0\r\n\r\n"
    + _HIDDEN,
    _POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    _POST + b"Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n",
    _POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n{}\r\n0\r\n\r\n",
    _POST + b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
    _POST + b"Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n" + _HIDDEN,
    _POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    _POST + b"Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}" + _HIDDEN,
    _POST + b"Content-Length: 2\r\nContent-Length: 70\r\n\r\n{}" + _HIDDEN,
    _POST + b"Content-Length: 0\r\n\r\n" + _HIDDEN,
)
_NO_REQUESTS = (
    *(b"", b"\r\n" * 100, b"\0" * 100, b"\n", b"GET", b"GET / HTTP/1.1\r\n" * 50, b" " * 70_000),
    *(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    *(
        b"GET /" + b"a" * 70_000,
        b"A" * 70_000 + b" / HTTP/1.1\r\n\r\n",
        b"GET  /  HTTP/1.1\r\n\r\n",
    ),
    *(b"GET /\xff\xfe HTTP/1.1\r\nHost: HOST\r\n\r\n", b"GET /\0 HTTP/1.1\r\nHost: HOST\r\n\r\n"),
)
