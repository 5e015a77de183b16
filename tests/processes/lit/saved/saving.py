"""Saves datapoints until it is killed, and says of each that it was saved; then begins again.

For each number that it reads, a child of it saves three datapoints at a time. It prints the child's
number first, then their ids, and an empty line when the child was killed. Importing takes long; a
child need not.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path

from lit_plugins.lit.saved.store import Store

FIELDS = ("sentence", "label")


def _save(path: Path, start: int) -> None:
    store = Store(path, FIELDS)
    for at in count(start):
        ids = [f"{at}-{each}" for each in range(3)]
        store.add((id_, {"sentence": f"{id_} " * 200, "label": None}, {}) for id_ in ids)
        # In one write, which a pipe takes whole: a kill then tears no line, as it tore prints in
        # pieces where Python does not buffer them.
        os.write(sys.stdout.fileno(), f"{' '.join(ids)}\n".encode())


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
