"""A server that gets no more memory or descriptors, or whose log has no reader, serves on."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.clients import Client
from benchmarks.visits import Visited, new_prediction
from tests.soak.conftest import first_visit
from tests.soak.server import Served, served
from tests.soak.unruly import connection

MIB = 2**20

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere no other process's limits can be set"
)


@pytest.fixture(scope="module")
def logged_to_nobody() -> Iterator[Served]:
    """A server whose stderr is a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    with served(stderr=writer) as running:
        os.close(reader)
        yield running


@pytest.fixture(scope="module")
def visited(logged_to_nobody: Served) -> Visited:
    return first_visit(logged_to_nobody.address)


@pytest.fixture
def client(logged_to_nobody: Served) -> Iterator[Client]:
    """Somebody who has opened the page."""
    made = Client(logged_to_nobody.address)
    made.get("page", "?models=sentiment-small")
    yield made
    made.close()


def test_a_log_that_nobody_reads(client: Client, visited: Visited) -> None:
    for _ in range(20):
        assert status_of_a_prediction(client, visited) == 200


def test_memory_that_runs_out(logged_to_nobody: Served, client: Client, visited: Visited) -> None:
    # As large as a body may be, and more than there is room for.
    body = {"inputs": [], "config": {"x": "x" * (31 * MIB)}}
    with limited(logged_to_nobody, resource.RLIMIT_AS, address_space(logged_to_nobody) + 16 * MIB):
        answer = client.post("large", "get_info", body)
        assert answer is not None
        assert answer.status == 500, answer.body[:200]
        assert b'"error"' in answer.body
        assert b"Traceback" not in answer.body
        assert status_of_a_prediction(client, visited) == 200
    assert status_of_a_prediction(client, visited) == 200


def test_descriptors_that_run_out(
    logged_to_nobody: Served, client: Client, visited: Visited
) -> None:
    pid = logged_to_nobody.process.pid
    assert status_of_a_prediction(client, visited) == 200
    few = len(os.listdir(f"/proc/{pid}/fd")) + 5
    with ExitStack() as waiting, limited(logged_to_nobody, resource.RLIMIT_NOFILE, few):
        for _ in range(30):
            waiting.enter_context(connection(logged_to_nobody.address))
        time.sleep(0.5)
        # Who has a connection is served; the others wait until there are descriptors again.
        assert status_of_a_prediction(client, visited) == 200
    newcomer = Client(logged_to_nobody.address)
    page = newcomer.get("page", "?models=sentiment-small")
    newcomer.close()
    assert page is not None
    assert page.status == 200


def status_of_a_prediction(client: Client, visited: Visited) -> int:
    """Of a text that is new."""
    new_prediction(client, visited)
    return client.samples[-1].status


def address_space(server: Served) -> int:
    """What a server has mapped, in bytes."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def limited(server: Served, kind: int, limit: int) -> Iterator[None]:
    """Sets a soft limit of a server for a while."""
    prlimit: Any = resource.prlimit  # type: ignore[attr-defined]
    soft, hard = prlimit(server.process.pid, kind)
    prlimit(server.process.pid, kind, (limit, hard))
    try:
        yield
    finally:
        prlimit(server.process.pid, kind, (soft, hard))
