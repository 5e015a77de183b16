"""Saves, removes and restores datapoints until it is killed, and says what it did; then once more.

For each number that it reads, a child of it saves three datapoints at a time, removes two of them
and restores one. It prints the child's number first. Then it prints a line for each deed that was
answered: what it did, and the ids. An empty line says that the child was killed. Importing takes
long; a child need not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from lit_plugins.lit.saved.store import Store

FIELDS = ("sentence", "label")


def _save(path: Path, start: int) -> None:
    store = Store(path, FIELDS)
    for at in count(start):
        ids = [f"{at}-{each}" for each in range(3)]
        store.add((id_, {"sentence": f"{id_} " * 200, "label": None}, {}) for id_ in ids)
        _tell("saved", ids)
        store.remove(ids[1:])
        _tell("removed", ids[1:])
        store.restore(ids[2:])
        _tell("restored", ids[2:])


def _tell(deed: str, ids: Sequence[str]) -> None:
    # In one write, which a pipe takes whole: a kill then tears no line, as it tore prints in pieces
    # where Python does not buffer them.
    os.write(sys.stdout.fileno(), f"{deed} {' '.join(ids)}\n".encode())


def main() -> None:
    """Reads the numbers from which children count."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            print(os.getpid(), flush=True)
            _save(Path(sys.argv[1]), int(line))
        os.waitpid(child, 0)
        print(flush=True)


if __name__ == "__main__":
    main()
