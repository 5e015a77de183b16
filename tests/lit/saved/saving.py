"""Saves datapoints until it is killed, and says of each that it was saved.

Run as `python saving.py FILE START`.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from lit_plugins.lit.saved.store import Store

FIELDS = ("sentence", "label")


def main() -> None:
    """Saves three at a time, and now and then removes one."""
    store = Store(Path(sys.argv[1]), FIELDS)
    for at in count(int(sys.argv[2])):
        ids = [f"{at}-{each}" for each in range(3)]
        store.add((id_, {"sentence": f"{id_} " * 200, "label": None}, {}) for id_ in ids)
        print(*ids, flush=True)


if __name__ == "__main__":
    main()
