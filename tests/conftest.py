"""Models that many tests share, and what a test's folder says of it.

Nothing here imports torch before a test asks for a model, so that light tests start at once.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from transformers import PreTrainedModel

    from lit_plugins import TextClassifier

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything imports the hub's client

# A shell lets what it runs in the background ignore Ctrl-C, and nohup lets it ignore SIGHUP. All
# that the tests start would ignore them, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

TESTS = Path(__file__).parent

FOLDERS = {
    "accuracy": "compares with exact values or with shap, which takes long",
    "benchmarks": "measures speed and accuracy beside others",
    "browser": "needs Chromium (its path in LIT_PLUGINS_CHROMIUM)",
    "packaging": "builds, installs or describes a release",
    "processes": "starts a server or a command as a process of its own",
    "soak": "loads or attacks a server and measures it",
}
"""What the tests of a folder need, by the marker that they get."""

ARCHITECTURE = "bert"
"""The one architecture that `make quick` tries; `make test` tries all of them."""

SLOW_MODEL = "sentiment-small"
"""The embedded model whose cases `make quick` leaves out; those of sentiment-bow stay."""


def pytest_configure(config: pytest.Config) -> None:
    for name, reason in FOLDERS.items():
        config.addinivalue_line("markers", f"{name}: {reason}")
    config.addinivalue_line("markers", "alone: measures time or memory while no other test runs")
    config.addinivalue_line(
        "markers", "grid: a case of another architecture or of the slower model"
    )
    config.addinivalue_line("markers", "quick: is in no such folder, and no such case")


def folder_of(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).parts[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    checkpoints = sys.modules.get("tests.checkpoints")  # of whoever asks for architectures
    kinds = {*checkpoints.KINDS, *checkpoints.MORE_KINDS} if checkpoints else set()
    in_the_grid = {*kinds, SLOW_MODEL} - {ARCHITECTURE}
    for item in items:
        cases = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if folder_of(item) in FOLDERS:
            item.add_marker(folder_of(item))
        elif any(isinstance(case, str) and case in in_the_grid for case in cases):
            item.add_marker("grid")
        else:
            item.add_marker("quick")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Does not even import what `-m quick` would leave out."""
    slow = collection_path.parent == TESTS and collection_path.name in FOLDERS
    return True if slow and config.option.markexpr == "quick" else None


@contextmanager
def turn(*, alone: bool) -> Iterator[None]:
    """Waits until a test may run beside those of other workers, or without them."""
    with (TESTS / "__init__.py").open() as door, Path(__file__).open() as room:
        fcntl.flock(door, fcntl.LOCK_EX)  # or those that pass would keep one from being alone
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield


@pytest.hookimpl(wrapper=True, tryfirst=True)  # so that waiting counts towards no timeout
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    workers = "PYTEST_XDIST_WORKER" in os.environ
    with turn(alone=item.get_closest_marker("alone") is not None) if workers else nullcontext():
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)  # tiny models only lose by more


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A saved model of a kind, with so many classes."""
    from tests.checkpoints import save_checkpoint

    made: dict[tuple[str, int], Path] = {}

    def make(kind: str, classes: int = 2) -> Path:
        if (kind, classes) not in made:
            folder = tmp_path_factory.mktemp(f"{kind}-{classes}")
            made[kind, classes] = save_checkpoint(kind, folder, classes)
        return made[kind, classes]

    return make


@pytest.fixture(scope="session")
def classifier(checkpoint: Callable[..., Path]) -> Callable[..., TextClassifier]:
    """Such a model, loaded."""
    from lit_plugins import TextClassifier

    made: dict[tuple[str, int], TextClassifier] = {}

    def load(kind: str, classes: int = 2) -> TextClassifier:
        if (kind, classes) not in made:
            made[kind, classes] = TextClassifier.from_pretrained(str(checkpoint(kind, classes)))
        return made[kind, classes]

    return load


@pytest.fixture(scope="session")
def plain(checkpoint: Callable[..., Path]) -> Callable[..., PreTrainedModel]:
    """Such a model as `transformers` loads it, in evaluation mode; not to be changed."""
    from transformers import AutoModelForSequenceClassification

    from lit_plugins.models.quiet import quiet_transformers

    made: dict[tuple[str, int, str | None], PreTrainedModel] = {}

    def load(kind: str, classes: int = 2, attention: str | None = None) -> PreTrainedModel:
        key = (kind, classes, attention)
        if key not in made:
            with quiet_transformers():
                made[key] = AutoModelForSequenceClassification.from_pretrained(
                    checkpoint(kind, classes), attn_implementation=attention
                ).eval()
        return made[key]

    return load
