"""Packages with entry points, as pip would leave them in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def install(folder: Path, name: str, code: str, group: str, entries: Mapping[str, str]) -> None:
    """Puts a package of one module into a folder.

    Args:
        folder: stands on the path of modules.
        name: of the package and its module.
        code: of the module.
        group: of the entry points.
        entries: the name in the module by the name of the entry point.
    """
    (folder / f"{name}.py").write_text(code)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [f"[{group}]", *(f"{entry} = {name}:{value}" for entry, value in entries.items())]
    (info / "entry_points.txt").write_text("\n".join(lines))
