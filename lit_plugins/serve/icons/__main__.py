"""Writes the icon fonts into the client folder; fails if LIT's client uses an icon they lack."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

from lit_plugins.serve.icons.font import font_bytes
from lit_plugins.serve.icons.names import ligature_names
from lit_plugins.serve.icons.shapes import ICONS, OUTLINED

CLIENT = Path(__file__).parents[1] / "client"


def fonts() -> dict[str, bytes]:
    """Makes every font: its bytes by its file name in the client folder."""
    return {
        "icons.ttf": font_bytes(ICONS, "lit-plugins icons"),
        "icons-outlined.ttf": font_bytes({**ICONS, **OUTLINED}, "lit-plugins icons outlined"),
    }


def client_bundle() -> str:
    """Reads the script of the client that LIT ships."""
    lit = importlib.metadata.distribution("lit-nlp")
    return Path(str(lit.locate_file("lit_nlp/client/build/default/main.js"))).read_text("utf-8")


def main() -> None:
    missing = ligature_names(client_bundle()) - set(ICONS)
    if missing:
        raise SystemExit(f"No drawing for {', '.join(sorted(missing))}: add it to shapes.py.")
    for name, data in fonts().items():
        (CLIENT / name).write_bytes(data)
        print(f"{CLIENT / name}: {len(ICONS)} icons, {len(data)} bytes")


if __name__ == "__main__":
    main()
