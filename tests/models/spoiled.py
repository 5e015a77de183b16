"""Ways to spoil a saved model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def edit(saved: Path, **config: Any) -> None:
    path = saved / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}))


def without_tokenizer(saved: Path) -> None:
    for path in saved.glob("*token*"):
        path.unlink()
