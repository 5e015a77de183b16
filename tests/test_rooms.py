"""Who may know whom: imports inside the package go one way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import lit_plugins

ROOT = Path(lit_plugins.__file__).parent

# Each room may import those before it and, where it is a folder, itself.
ROOMS = [
    ("errors",),
    ("options", "naming", "terminal", "plugins"),
    ("embedded",),
    ("text", "runtime"),
    ("lexicon",),
    ("data",),
    ("models",),
    ("explain",),
    ("counterfactual",),
    ("evaluate",),
    ("lit",),
    ("serve",),
    ("cli",),
]
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}

# What only one room may know of.
OUTSIDE = {
    "lit_nlp": {"lit"},
    "waitress": {"serve"},
    "werkzeug": {"serve"},
    "datasets": {"data", "embedded"},
    "captum": {"explain"},
    "shap": {"explain"},
}


def modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path} imports relatively"
            if node.module == "lit_plugins":
                yield from (f"lit_plugins.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_rooms_before_it(path):
    room = room_of(path)
    assert room in RANK, f"{room} has no place in the order of rooms"
    for name in imported(path):
        package, _, rest = name.partition(".")
        if package == "lit_plugins" and rest:
            other = rest.partition(".")[0]
            assert other in RANK, f"{path} imports {name}, which is no room"
            assert other == room or RANK[other] < RANK[room], f"{room} may not know {other}"
        elif package in OUTSIDE:
            assert room in OUTSIDE[package], f"{room} may not know {package}"


def test_every_room_is_there():
    assert set(RANK) == {room_of(path) for path in modules()}
