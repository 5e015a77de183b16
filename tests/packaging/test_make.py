"""The Makefile, without installing anything: make only says what it would run."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A make that started these tests would hand its own variables on.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in {"ARGS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON"}
}

LINTERS = ("-m ruff check .", "-m mypy", "bin/oxlint", "typescript/bin/tsc")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )


def stamp(folder: Path, name: str) -> None:
    """Leave what an installation leaves, newer than all that it depends on."""
    path = folder / ".venv" / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    newest = max(source.stat().st_mtime for source in folder.rglob("*"))
    os.utime(path, (newest + 1, newest + 1))


def test_make_alone_lists_the_targets(clone: Path) -> None:
    lines = make(clone).stdout.splitlines()
    targets = "help demo quick test lint models screenshots bench soak lock wheel clean"
    assert [line.split()[1] for line in lines] == targets.split()


def test_demo_installs_once(clone: Path) -> None:
    start = "python -m demos.sentiment --model mine"
    first = make(clone, "-n", "demo", "ARGS=--model mine").stdout
    assert "sh .ci/install .venv requirements.lock\n" in first
    assert start in first
    stamp(clone, "demo.stamp")
    second = make(clone, "-n", "demo", "ARGS=--model mine").stdout
    assert ".ci/install" not in second
    assert start in second


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "pyproject.toml"])
def test_demo_installs_again_after_a_change(clone: Path, name: str) -> None:
    stamp(clone, "demo.stamp")
    newer = (clone / ".venv/demo.stamp").stat().st_mtime + 1
    os.utime(clone / name, (newer, newer))
    assert ".ci/install" in make(clone, "-n", "demo").stdout


def test_test_runs_everything_then_lints_and_passes_arguments_on(clone: Path) -> None:
    stamp(clone, "test.stamp")
    commands = make(clone, "-n", "test", "ARGS=-k foo", "WORKERS=3").stdout
    assert "npm ci" in commands
    order = ("HF_HUB_OFFLINE=1", "-m pytest -n 3", "-k foo", *LINTERS)
    places = [commands.index(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize(("failing", "code"), [("pytest", 3), ("mypy", 4), ("nothing", 0)])
def test_test_fails_where_tests_or_linters_fail(clone: Path, failing: str, code: int) -> None:
    ran = clone / "ran"
    for name in ("python", "oxlint", "node"):
        program = clone / ".venv/bin" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "$2" >> {ran}\n[ "$2" != {failing} ] || exit {code}\n')
        program.chmod(0o755)
    for name in ("test.stamp", "lint.stamp", "proxies.stamp"):
        stamp(clone, name)
    result = make(clone, "test", "CHROMIUM=/bin/true")
    assert ("Error" in result.stderr) == bool(code)
    assert result.returncode == (2 if code else 0)
    assert "mypy" in ran.read_text()


def test_test_fetches_the_proxies_once(clone: Path) -> None:
    stamp(clone, "test.stamp")
    stamp(clone, "lint.stamp")
    assert "sh .ci/proxies .venv/proxies" in make(clone, "-n", "test").stdout
    stamp(clone, "proxies.stamp")
    assert ".ci/proxies" not in make(clone, "-n", "test").stdout


def test_quick_neither_lints_nor_asks_for_a_browser(clone: Path) -> None:
    stamp(clone, "test.stamp")
    commands = make(clone, "-n", "quick", "ARGS=-k foo").stdout
    assert "-m quick --failed-first -k foo" in commands
    assert not any(part in commands for part in (*LINTERS, "chromium"))


def test_lint_installs_what_checks_the_scripts_once(clone: Path) -> None:
    stamp(clone, "test.stamp")
    stamp(clone, "lint.stamp")
    commands = make(clone, "-n", "lint").stdout
    assert "typescript/bin/tsc" in commands
    assert "npm ci" not in commands


def test_exit_code_of_the_program_passes_through(clone: Path) -> None:
    python = clone / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 2\n")
    python.chmod(0o755)
    stamp(clone, "demo.stamp")
    result = make(clone, "demo")
    assert result.returncode == 2
    assert "Error 2" in result.stderr


def test_byte_code_is_kept_whatever_the_shell_says(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = clone / "told"
    python = clone / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\necho "[$PYTHONDONTWRITEBYTECODE]" > {told}\n')
    python.chmod(0o755)
    stamp(clone, "demo.stamp")
    monkeypatch.setitem(ENVIRONMENT, "PYTHONDONTWRITEBYTECODE", "1")
    make(clone, "demo")
    assert told.read_text() == "[]\n"


def test_one_sentence_when_there_is_no_such_python(clone: Path) -> None:
    result = make(clone, "demo", "PYTHON=/nowhere/python")
    assert result.returncode == 2
    assert result.stderr.startswith(
        "No Python 3.10, 3.11 or 3.12 was found as /nowhere/python: "
        "install one, or name one with PYTHON=...\n"
    )
