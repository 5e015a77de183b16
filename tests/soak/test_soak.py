"""Visitors for a long time: memory, threads and descriptors stay as they are."""

from __future__ import annotations

from functools import partial
from statistics import median

import pytest

from benchmarks.clients import run_clients
from benchmarks.visits import Visited, open_page, visits
from tests.soak.click import Clicks
from tests.soak.conftest import LONG
from tests.soak.measure import Health, Watch
from tests.soak.server import Served
from tests.soak.test_load import KNOWN_STATUSES, figures
from tests.soak.unruly import unruly_visits

pytestmark = pytest.mark.alone

SECONDS = 600 if LONG else 10
WARM_UP_S = SECONDS / 5
CLIENTS = 8
PAUSE_S = 1.0
# A leak of one text in a hundred requests would be more in the long form; what the allocator
# keeps of batches of many sizes goes up and down by less.
MOST_GROWTH = 1.03 if LONG else 1.2
# Connections that the kernel has not yet told the server are closed.
SPARE_DESCRIPTORS = 4


@pytest.mark.timeout(1200)
def test_memory_is_flat(demo: Served, visited: Visited) -> None:
    first = partial(open_page, visited=visited)
    actions = [*visits(visited), *unruly_visits(visited)]
    run_clients(demo.address, first, actions, WARM_UP_S, clients=CLIENTS, pause_s=PAUSE_S, seed=100)
    with Watch(demo.process.pid) as watch, Health(demo.address) as health:
        samples = run_clients(
            demo.address, first, actions, SECONDS, clients=CLIENTS, pause_s=PAUSE_S, seed=200
        )
    assert Clicks(demo.address, 1).seconds()  # it serves on

    third = len(watch.seen) // 3
    thirds = [watch.seen[at * third : (at + 1) * third] for at in range(3)]
    first, middle, last = (median(each.mib for each in part) for part in thirds)
    print(f"\n{CLIENTS} clients for {SECONDS} s after {WARM_UP_S:.0f} s of warm-up")
    for line in figures(samples, SECONDS):
        print(line)
    print(f"resident memory, medians of thirds: {first:.0f}, {middle:.0f}, {last:.0f} MiB")
    print(health)
    print(f"at most {max(each.mib for each in watch.seen):.0f} MiB")
    for name in ("threads", "descriptors"):
        counts = [getattr(each, name) for each in watch.seen]
        print(f"{name}: {counts[0]} at first, {max(counts)} at most, {counts[-1]} at last")

    assert {sample.status for sample in samples} <= KNOWN_STATUSES
    assert health.statuses == {200}
    assert last <= MOST_GROWTH * middle
    threads = [median(each.threads for each in part) for part in thirds]
    assert threads[2] <= threads[1]
    descriptors = [median(each.descriptors for each in part) for part in thirds]
    assert descriptors[2] <= descriptors[1] + SPARE_DESCRIPTORS
    assert demo.process.poll() is None
