"""Clients that do not behave: they hang up, say half of what they have to, or read slowly."""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack
from urllib.parse import urlencode, urlsplit

from benchmarks.clients import UNANSWERED, Action, Client, Sample
from benchmarks.visits import Visit, Visited, visits

_HALF_OPEN_S = 3.0
_SLOWLY = 2048  # bytes, of an answer of some 300,000
_SLOWLY_S = 0.02
_STAMPEDE = 4  # requests of one client at a time


def hang_up(client: Client, visited: Visited) -> None:
    """Asks for an explanation, and goes when it is being computed."""
    query = visited.query(client, interpreter="SHAP", do_predict="0")
    body = json.dumps({"inputs": [visited.new_example(client.random)]}).encode()
    with connection(client.address) as socket_:
        socket_.sendall(head(client, f"get_interpretations?{query}", len(body)) + body)
        time.sleep(client.random.uniform(0.005, 0.1))


def half_a_head(client: Client, visited: Visited) -> None:
    """Says where it wants to post to, and no more."""
    with connection(client.address) as socket_:
        socket_.sendall(b"POST /get_preds HTTP/1.1\r\nHo")
        time.sleep(client.random.uniform(0, _HALF_OPEN_S))


def half_a_body(client: Client, visited: Visited) -> None:
    """Says how much it sends, and sends less."""
    with connection(client.address) as socket_:
        socket_.sendall(head(client, "get_info", 1000) + b'{"inputs": [')
        time.sleep(client.random.uniform(0, _HALF_OPEN_S))


def leave_long_work(client: Client, visited: Visited) -> None:
    """Asks several times for much work before a model is needed, and goes."""
    with ExitStack() as left:
        for _ in range(_STAMPEDE):
            path, body = client.random.choice(long_work(visited))
            socket_ = left.enter_context(connection(client.address))
            socket_.sendall(head(client, path, len(body)) + body)
        time.sleep(client.random.uniform(0.1, 1.0))


def long_work(visited: Visited) -> list[tuple[str, bytes]]:
    """Paths and bodies of requests with texts that are about as long as they may be."""
    texts = ["a b a a b b " * 8000, "b a b b a a b a " * 6000]
    inputs = [{"data": {"sentence": text}, "id": "", "meta": {}} for text in texts]
    many = [{"data": {"sentence": "Not good. "}, "id": "", "meta": {}}] * 1700
    query = urlencode({"dataset_name": visited.dataset, "model": visited.models[0]})
    return [
        (f"{path}?{query}{more}", json.dumps({"inputs": sent, "config": None}).encode())
        for path, more, sent in (
            ("annotate_new_data", "", inputs[:1]),
            ("annotate_new_data", "", many),
            ("get_preds", "&requested_types=MulticlassPreds", inputs[:1]),
            ("get_interpretations", "&interpreter=text+difference&do_predict=0", inputs),
        )
    ]


def read_slowly(client: Client, visited: Visited) -> None:
    """Takes the whole dataset in small sips."""
    query = urlencode({"dataset_name": visited.dataset})
    begun = time.perf_counter()
    received = 0
    with connection(client.address) as socket_:
        socket_.sendall(head(client, f"get_dataset?{query}", 2) + b"{}")
        first = socket_.recv(_SLOWLY)
        status = int(first[9:12] or UNANSWERED)
        answer_head, _, begun_body = first.partition(b"\r\n\r\n")
        length = int(answer_head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        received = len(begun_body)
        while received < length:
            time.sleep(_SLOWLY_S)
            more = socket_.recv(_SLOWLY)
            if not more:
                status = UNANSWERED
                break
            received += len(more)
    client.samples.append(Sample("read slowly", status, time.perf_counter() - begun))


def connection(address: str) -> socket.socket:
    """A connection to a server, whose kernel holds back little for us."""
    parts = urlsplit(address)
    assert parts.hostname
    assert parts.port
    made = socket.socket()
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        made.settimeout(60)
        made.connect((parts.hostname, parts.port))
    except BaseException:
        made.close()
        raise
    return made


def head(client: Client, path: str, length: int) -> bytes:
    """How a POST of JSON begins, as the page sends it."""
    host = urlsplit(client.address).netloc
    return (
        f"POST /{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
        "Content-Type: application/json\r\nSec-Fetch-Site: same-origin\r\n"
        f"Cookie: {client.cookie}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


_WEIGHTS: dict[Visit, float] = {
    hang_up: 2.0,
    half_a_head: 0.5,
    half_a_body: 0.5,
    read_slowly: 1.0,
    leave_long_work: 0.2,
}


def unruly_visits(visited: Visited) -> list[Action]:
    """The mix of what such clients do; weights as those of `benchmarks.visits`."""
    return visits(visited, _WEIGHTS)
