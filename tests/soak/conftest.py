"""One server for the tests that load it, and whether they take their time."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from benchmarks.clients import Client
from benchmarks.visits import Visited, visits
from tests.soak.measure import HAS_PROC
from tests.soak.server import Served, served

LONG = bool(os.environ.get("LIT_PLUGINS_SOAK"))
"""Whether `make soak` runs the tests, rather than continuous integration."""


@pytest.fixture(scope="package")
def demo() -> Iterator[Served]:
    """A server of its own process, after its first visitor."""
    if not HAS_PROC:
        pytest.skip("This system does not tell what another process takes up.")
    with served() as running:
        yield running


@pytest.fixture(scope="package")
def visited(demo: Served) -> Visited:
    """What that visitor has seen."""
    return first_visit(demo.address)


def first_visit(address: str) -> Visited:
    """Does once all that visitors do, so that what comes once is behind."""
    client = Client(address)
    seen = Visited.of(
        client,
        explainers=("SHAP", "Integrated gradients"),
        generators=("Ablation", "HotFlip", "Rules"),
        metrics="multiclass,paired,calibration",
    )
    for action in visits(seen):
        action.do(client)
    client.close()
    return seen
