"""One visitor who clicks on examples, in a process of its own.

What 32 clients in one process wait is partly what they wait for each other there; a visitor's
browser does nothing else. `python -m tests.soak.click ADDRESS SECONDS` prints what each click took.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.clients import Client
from benchmarks.visits import CACHED, Visited, cached_prediction

_PAUSE_S = 0.05
_ROOT = Path(__file__).parents[2]


class Clicks:
    """A visitor from now on, for so long."""

    def __init__(self, address: str, seconds: float):
        """Begins.

        Args:
            address: of the server, with a slash at the end.
            seconds: how long it clicks.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.click", address, str(seconds)],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def seconds(self) -> list[float]:
        """What each took, when all are done."""
        said, _ = self._process.communicate()
        assert self._process.returncode == 0
        return json.loads(said)


def _main(address: str, seconds: float) -> None:
    client = Client(address, seed=1000)
    visited = Visited.of(client, explainers=(), generators=(), metrics="")
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        cached_prediction(client, visited)
        time.sleep(client.random.uniform(0, 2 * _PAUSE_S))
    client.close()
    clicks = [sample for sample in client.samples if sample.kind == CACHED]
    assert {sample.status for sample in clicks} == {200}
    print(json.dumps([sample.seconds for sample in clicks]))


if __name__ == "__main__":
    _main(sys.argv[1], float(sys.argv[2]))
