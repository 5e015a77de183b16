"""Who may know whom: imports inside the package go one way."""

import ast
from collections.abc import Collection, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import lit_plugins

ROOT = Path(lit_plugins.__file__).parent

# Each room may import those before it and, where it is a folder, itself.
ROOMS = [
    ("errors", "graphemes"),
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
    ("testing",),
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

TESTS = Path(__file__).parent

# Folders that mirror no package, and those below which it is mirrored once more.
UNMIRRORED = {"browser", "packaging", "soak"}
MIRRORED_AGAIN = {"accuracy", "processes"}

# Test files that are named after no module, and what they are about.
ABOUT_MORE = {
    "benchmarks/test_tables.py": "the tables of `make bench`",
    "accuracy/test_growth.py": "time by the length of texts, for all that reads one before a model",
    "cli/test_hostile_names.py": "what every command shows of hostile files and models",
    "lexicon/test_lists.py": "all lists of words alike",
    "lit/saved/test_files.py": "files that are downloaded and loaded again, written and read",
    "lit/test_lit_components.py": "LIT's own generators and interpreters",
    "models/test_odd_settings.py": "odd and hostile values in a model's files",
    "lit/test_option_bounds.py": "the bounds of all that a request can ask for",
    "processes/serve/test_gunicorn.py": "the app in gunicorn, set up as in demos/deploy",
    "processes/test_light.py": "what starting the package imports",
    "serve/test_given_up_requests.py": "requests whose client has gone, from socket to model",
    "serve/test_scripts.py": "the page's scripts",
    "test_nothing_runs.py": "no source runs what comes with a model or a dataset",
    "test_readme.py": "README.md",
    "test_rooms.py": "the order of the rooms, and this one of the tests",
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
        if package == "lit_plugins" and rest not in ("", "__version__"):
            other = rest.partition(".")[0]
            assert other in RANK, f"{path} imports {name}, which is no room"
            assert other == room or RANK[other] < RANK[room], f"{room} may not know {other}"
        elif package in OUTSIDE:
            assert room in OUTSIDE[package], f"{room} may not know {package}"


def test_every_room_is_there():
    assert set(RANK) == {room_of(path) for path in modules()}


def mirroring() -> list[str]:
    paths = [path.relative_to(TESTS) for path in sorted(TESTS.rglob("test_*.py"))]
    return [path.as_posix() for path in paths if path.parts[0] not in UNMIRRORED]


def test_each_test_file_is_named_after_the_file_that_it_is_about():
    strangers = set()
    for name in mirroring():
        room, _, rest = name.partition("/")
        path = Path(rest if room in MIRRORED_AGAIN else name)
        words = path.stem.removeprefix("test_").split("_")
        # `test_classifier_inside.py` is about one side of `classifier.py`.
        stems = {"_".join(words[:count]) for count in range(1, len(words) + 1)}
        folders = [top / path.parent for top in (ROOT, ROOT.parent)]
        if not any(file.stem in stems for folder in folders for file in folder.glob("*")):
            strangers.add(name)
    assert strangers == set(ABOUT_MORE)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)


def files_imported(path: Path, files: Collection[str]) -> set[str]:
    """Those of some files that a file imports, in functions and for type checkers, too."""
    names = {
        name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        for name in (node.module, f"{node.module}.{alias.name}")
    }
    return names & set(files) - {name_of(path)}


def test_no_files_import_each_other_in_a_circle():
    # An __init__ hands on names of its own files: a circle with it would puzzle no reader.
    files = {name_of(path): path for path in modules() if path.name != "__init__.py"}
    arrows = {name: files_imported(path, files) for name, path in files.items()}
    TopologicalSorter(arrows).prepare()  # raises CycleError, which names the files
