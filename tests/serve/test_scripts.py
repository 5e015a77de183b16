"""How the page's scripts are written, as far as neither oxlint nor tsc looks at it."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [
    path
    for folder in ("lit_plugins/serve/client", "demos")
    for kind in ("js", "ts")
    for path in sorted((ROOT / folder).rglob(f"*.{kind}"))
]
LINE_LENGTH = 100

# Each may import those before it and, where it is a folder, itself.
ROOMS = (
    "lit",
    "module",
    "menu keyboard",
    "explaining",
    "modules",
    "lit_patches",
    "page failed_module",
)
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms.split()}
CLIENT = ROOT / "lit_plugins/serve/client"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_lines_fit_and_have_nothing_after_them(path: Path) -> None:
    text = path.read_text()
    assert text.endswith("\n")
    assert "\t" not in text
    lines = enumerate(text.splitlines(), 1)
    assert [at for at, line in lines if len(line) > LINE_LENGTH or line != line.rstrip()] == []


@pytest.mark.parametrize(
    "path", sorted(CLIENT.rglob("*.js")), ids=lambda path: path.relative_to(CLIENT).as_posix()
)
def test_imports_go_one_way(path: Path) -> None:
    room = room_of(path.relative_to(CLIENT))
    for name in re.findall(r"^(?:import|export)\b[^;]*?'(\.[^']+)';", path.read_text(), re.M):
        other = room_of((path.parent / name).resolve().relative_to(CLIENT))
        assert other == room or RANK[other] < RANK[room], f"{room} may not know {other}"


def test_amendments_know_lit_only() -> None:
    # LIT's modules stay as they are where this package's are left out.
    for path in (CLIENT / "lit_patches").glob("*.js"):
        assert set(re.findall(r"from '(\.[^']*/)[^/']+';", path.read_text())) == {"../lit/"}


def room_of(path: Path) -> str:
    return PurePosixPath(path).parts[0].removesuffix(".js")
