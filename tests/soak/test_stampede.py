"""Many requests of one visitor for long work, and large bodies, hinder nobody else."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from contextlib import ExitStack

import pytest

from benchmarks.clients import Client
from benchmarks.visits import Visited, new_prediction
from tests.soak.conftest import LONG
from tests.soak.measure import Health, Watch, footprint
from tests.soak.server import Served
from tests.soak.unruly import connection, head, long_work

pytestmark = pytest.mark.alone

REQUESTS = 80
HOLD_S = 3.0 if LONG else 0.5
# What a load balancer waits at the very least.
MOST_HEALTH_S = 5.0
HALF_HEADS = 900 if LONG else 300
BODIES = 12
BODY_MIB = 29 if LONG else 4
MOST_LEFT_MIB = 250


@pytest.mark.parametrize("kind", range(4), ids=["annotate", "many", "encode", "difference"])
def test_long_work_that_clients_leave(demo: Served, visited: Visited, kind: int) -> None:
    client, other = Client(demo.address), Client(demo.address)
    path, body = long_work(visited)[kind]
    message = head(client, path, len(body)) + body
    with Health(demo.address) as health:
        with ExitStack() as opened:
            sockets = [opened.enter_context(connection(demo.address)) for _ in range(REQUESTS)]
            for each in sockets:
                each.sendall(message)
            new_prediction(other, visited)  # somebody else has a place meanwhile
            time.sleep(HOLD_S)
            statuses = Counter(map(status_so_far, sockets))
        new_prediction(client, visited)
    print(f"\n{REQUESTS} requests of {len(body) / 1000:.0f} kB to {path.partition('?')[0]}")
    print(f"{health}; answers before the clients left: {dict(statuses)}")
    assert health.statuses == {200}
    assert other.samples[-1].status == 200
    assert client.samples[-1].status in (200, 429)
    assert set(statuses) <= {0, 200, 429}
    if LONG:
        assert max(health.seconds) < MOST_HEALTH_S


def test_half_heads(demo: Served, visited: Visited) -> None:
    client = Client(demo.address)
    with ExitStack() as opened, Health(demo.address) as health:
        for _ in range(HALF_HEADS):
            opened.enter_context(connection(demo.address)).sendall(b"GET / HTTP/1.1\r\nHo")
        new_prediction(client, visited)
    print(f"\n{HALF_HEADS} half heads: {health}")
    assert health.statuses == {200}
    assert client.samples[-1].status == 200


def test_memory_comes_back_after_large_bodies(demo: Served, visited: Visited) -> None:
    client = Client(demo.address)
    new_prediction(client, visited)  # has a cookie from now on
    body = {"inputs": [], "config": {"x": "x" * (BODY_MIB * 2**20)}}
    message = json.dumps(body).encode()
    before = footprint(demo.process.pid).mib
    with Watch(demo.process.pid) as watch, Health(demo.address) as health:
        with ExitStack() as opened:
            sockets = [opened.enter_context(connection(demo.address)) for _ in range(BODIES)]
            threads = [
                threading.Thread(target=send, args=(client, each, message)) for each in sockets
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        time.sleep(12)
    after = footprint(demo.process.pid).mib
    most = max(each.mib for each in watch.seen)
    print(f"\n{BODIES} bodies of {BODY_MIB} MiB at once, {health}")
    print(f"resident memory: {before:.0f}, at most {most:.0f}, then {after:.0f} MiB")
    assert after - before < MOST_LEFT_MIB
    new_prediction(client, visited)
    assert client.samples[-1].status == 200


def send(client: Client, to: socket.socket, body: bytes) -> None:
    to.sendall(head(client, "get_info", len(body)) + body)
    to.recv(100)


def status_so_far(asked: socket.socket) -> int:
    """The status of an answer that has begun to arrive; 0 without any."""
    asked.setblocking(False)
    try:
        return int(asked.recv(12)[9:12] or 0)
    except OSError:
        return 0
