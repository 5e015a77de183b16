"""Many visitors at once: each request is answered, and the server stays within its bounds."""

from __future__ import annotations

from collections import Counter
from functools import partial
from statistics import median

import pytest

from benchmarks.clients import Sample, percentile, run_clients
from benchmarks.visits import CACHED, Visited, open_page, visits
from lit_plugins.serve.places import MOST_AT_ONCE
from tests.soak.click import Clicks
from tests.soak.conftest import LONG
from tests.soak.measure import Footprint, Watch
from tests.soak.server import CACHE_MIB, Served
from tests.soak.unruly import unruly_visits

pytestmark = pytest.mark.alone

SECONDS = 120 if LONG else 8
CLIENTS = 32
PAUSE_S = 0.5
IDLE_S = 20 if LONG else 3

KNOWN_STATUSES = {200, 304, 429, 503}
# What a visitor waits for a click under load, at most, beside an idle server.
WORST_RATIO = 5
# Caches that fill, and what glibc's allocator keeps of freed tensors until it is told to give them
# back: up to some 400 MiB where it never is.
GROWTH_MIB = CACHE_MIB + 448
WITH_RETRY = (429, 503)


def test_every_request_is_answered_and_memory_is_bounded(demo: Served, visited: Visited) -> None:
    idle = Clicks(demo.address, IDLE_S).seconds()
    demo.most_at_once()
    clicks = Clicks(demo.address, SECONDS)
    with Watch(demo.process.pid) as watch:
        samples = run_clients(
            demo.address,
            partial(open_page, visited=visited),
            [*visits(visited), *unruly_visits(visited)],
            SECONDS,
            clients=CLIENTS,
            pause_s=PAUSE_S,
        )
    most_at_once = demo.most_at_once()
    loaded = clicks.seconds()
    crowded = [sample.seconds for sample in samples if sample.kind == CACHED]
    after = Clicks(demo.address, IDLE_S).seconds()

    ratio = percentile(loaded, 95) / percentile(idle, 95)
    print(f"\n{CLIENTS} clients for {SECONDS} s, a pause of {PAUSE_S} s on average between actions")
    for line in figures(samples, SECONDS):
        print(line)
    waits = {"idle": idle, "loaded": loaded, "of the clients": crowded, "afterwards": after}
    for name, seconds in waits.items():
        print(
            f"cached prediction, {name}: p50 {percentile(seconds, 50) * 1000:.1f} ms, "
            f"p95 {percentile(seconds, 95) * 1000:.1f} ms ({len(seconds)})"
        )
    print(f"p95 loaded / idle: {ratio:.1f} (at most {WORST_RATIO} wanted)")
    print(f"most requests answered at a time: {most_at_once} (bound {MOST_AT_ONCE})")
    begin, end = first_and_last(watch.seen)
    print(f"resident memory: {begin:.0f} MiB, then {end:.0f} MiB (bound +{GROWTH_MIB} MiB)")

    assert {sample.status for sample in samples} <= KNOWN_STATUSES
    assert all(sample.retry_after for sample in samples if sample.status in WITH_RETRY)
    assert 0 < most_at_once <= MOST_AT_ONCE
    assert end - begin < GROWTH_MIB
    assert demo.process.poll() is None
    assert "Traceback" not in demo.log.read_text()
    if LONG:
        assert ratio <= WORST_RATIO


def figures(samples: list[Sample], seconds: float) -> list[str]:
    """One line a kind of request: how many, how fast, with which statuses."""
    kinds: dict[str, list[Sample]] = {}
    for sample in samples:
        kinds.setdefault(sample.kind, []).append(sample)
    lines = [f"{len(samples) / seconds:.1f} requests a second, of them:"]
    for kind, each in sorted(kinds.items()):
        took = [sample.seconds for sample in each if sample.status in (200, 304)]
        statuses = Counter(sample.status for sample in each)
        lines.append(
            f"  {kind:22} {len(each) / seconds:7.2f}/s  p50 {percentile(took, 50) * 1000:8.1f} ms"
            f"  p95 {percentile(took, 95) * 1000:8.1f} ms  {dict(sorted(statuses.items()))}"
        )
    return lines


def first_and_last(seen: list[Footprint]) -> tuple[float, float]:
    """The median memory of the first tenth and of the last, in MiB."""
    tenth = max(1, len(seen) // 10)
    return (
        median(each.mib for each in seen[:tenth]),
        median(each.mib for each in seen[-tenth:]),
    )
