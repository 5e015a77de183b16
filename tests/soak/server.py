"""The demo's models and texts behind the whole stack, with caches that soon are full.

`python -m tests.soak.server` serves them as a process of its own, and says on each line that it
reads how many requests have had places at a time, at most, since the line before.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest import mock

from lit_plugins.lit.build import build_app
from lit_plugins.serve import factory, server
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.places import Places

CACHE_MIB = 32
"""What all caches of the server may take up together."""

_ROOT = Path(__file__).parents[2]
_ANNOUNCED = re.compile(r"http://\S+")


@dataclass
class Served:
    """A server that runs.

    Attributes:
        address: with a slash at the end, and a token, so that clients are visitors of their own.
        process: its own.
        log: what it has written to stderr.
    """

    address: str
    process: subprocess.Popen[str]
    log: Path

    def most_at_once(self) -> int:
        """How many requests have had places at a time, at most, since this was asked."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextlib.contextmanager
def served(stderr: int | None = None) -> Iterator[Served]:
    """Runs this module as a server.

    Args:
        stderr: a descriptor that it writes its log to in place of a file; closed here.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("w") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.soak.server"],
                cwd=_ROOT,
                env={**os.environ, "HF_HUB_OFFLINE": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written if stderr is None else stderr,
                text=True,
            )
        if stderr is not None:
            os.close(stderr)
        try:
            assert process.stdout is not None
            announced = _ANNOUNCED.match(process.stdout.readline())
            if announced is None:
                raise RuntimeError(f"The server did not start:\n{log.read_text()}")
            yield Served(announced[0], process, log)
        finally:
            process.terminate()
            process.communicate()


class _Watched(Places):
    """Remembers how many requests have had places at a time, at most."""

    most_seen = 0

    @contextlib.contextmanager
    def place(self, visitor: str, body_bytes: int = 0) -> Iterator[None]:
        with super().place(visitor, body_bytes):
            self.most_seen = max(self.most_seen, self.taken)
            yield


def _main() -> None:
    places, token = _Watched(), secrets.token_urlsafe(32)
    small = partial(build_app, cache_bytes=CACHE_MIB * 2**20)
    with (
        mock.patch.object(factory, "build_app", small),
        mock.patch.object(factory, "Places", return_value=places),
    ):
        app = factory.create_app(token=token, log="requests")

    def tell() -> None:
        for _ in sys.stdin:
            print(places.most_seen, flush=True)
            places.most_seen = places.taken

    threading.Thread(target=tell, daemon=True).start()
    with server.bind("127.0.0.1", 0) as bound:
        access = Access(token=token)
        server.serve(app, bound, announce=lambda address: print(address, flush=True), access=access)


if __name__ == "__main__":
    _main()
