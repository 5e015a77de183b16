"""The wheel holds all that the package needs: it is built, installed elsewhere and started."""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOOK = """
import json
import lit_plugins
from lit_plugins.embedded import EMBEDDED_FILLER, model_path, reviews_path

print(json.dumps({
    "package": lit_plugins.__file__,
    "models": {
        name: {path.name: path.stat().st_size for path in model_path(name).iterdir()}
        for name in (*lit_plugins.EMBEDDED_MODELS, EMBEDDED_FILLER)
    },
    "reviews": len(reviews_path().read_text("utf-8").splitlines()),
}))
"""
MODEL_FILES = {
    "README.md",
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
}


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, because setuptools leaves its work beside the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "lit_plugins", source / "lit_plugins", ignore=ignore)
    built = folder / "built"
    pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", built, source)
    (path,) = built.glob("lit_plugins-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-index", "--target", folder, wheel)
    return folder


@pytest.fixture
def environment(installed: Path) -> dict[str, str]:
    """The installed package comes before this clone's, and no hub is asked."""
    return {
        **os.environ,
        "PYTHONPATH": str(installed),
        "PYTHONUNBUFFERED": "1",
        "HF_HUB_OFFLINE": "1",
    }


@pytest.fixture
def server(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, installed / "bin/lit-plugins", "serve", "--port", "0", "--no-browser"],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.kill()
    process.wait()


def address(process: subprocess.Popen[str], seconds: float = 240) -> str:
    """The address that a starting server prints; its output goes on being read."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    seen: list[str] = []
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            line = lines.get(timeout=left)
        except queue.Empty:
            break
        if line is None:
            break
        seen.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
            return found.group()
    pytest.fail("The server printed no address:\n" + "".join(seen))


def test_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "lit_plugins").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = set(ZipFile(wheel).namelist())
    assert {name for name in packed if ".dist-info/" not in name} == expected
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in packed)


def test_installed_package_finds_its_models_and_reviews(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert Path(found["package"]).is_relative_to(installed)
    assert found["reviews"] > 400
    assert len(found["models"]) == 3
    for sizes in found["models"].values():
        assert sizes.keys() >= MODEL_FILES
        assert all(sizes.values())


def test_installed_server_starts_answers_and_stops(server: subprocess.Popen[str]) -> None:
    url = address(server)
    opener = build_opener(ProxyHandler({}))
    with opener.open(url, timeout=60) as page:
        assert b"<html" in page.read().lower()
    asked = Request(f"{url}get_info", b"{}", {"Content-Type": "application/json"})
    with opener.open(asked, timeout=60) as info:
        assert json.load(info)["models"]
    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=60) == 0
