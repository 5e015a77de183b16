"""pyproject.toml, the lock, the conda environment, the Makefile and the imports agree."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import lit_plugins

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
LOCKS = {name: (ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")}
ENTRY = re.compile(r"^(\w[^\\\n]*?)((?: \\\n    --hash=sha256:[0-9a-f]{64})*)$", re.MULTILINE)
"""A requirement, and the hashes of its files."""
LOCK = [Requirement(found[1]) for found in ENTRY.finditer(LOCKS["requirements-dev.lock"])]
PYTHONS = ("3.10", "3.11", "3.12")
PLATFORMS = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
OURS = {"lit_plugins", "demos", "benchmarks", "tests"}
# Which code may import what an extra brings; all other code has the run time's dependencies only.
IMPORTERS = {
    "tests/": ("test", "train", "dev"),
    "lit_plugins/serve/icons/": ("dev",),
    "benchmarks/": ("bench", "test"),
}
OF_ANOTHER_PYTHON = {"benchmarks/shapiq_sides.py": {"shapiq"}}
"""What a script imports that is run by a Python of its own, which the user names."""


def declarations(extras: Iterable[str]) -> list[str]:
    return [*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]


def locked(python: str, platform: str, machine: str) -> dict[str, list[Requirement]]:
    """The lines of the lock that hold on one interpreter and platform, by package."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.4",
        "sys_platform": platform,
        "platform_system": platform.capitalize(),
        "platform_machine": machine,
        "os_name": "posix",
    }
    lines: dict[str, list[Requirement]] = {}
    for line in LOCK:
        if line.marker is None or line.marker.evaluate(environment):
            lines.setdefault(canonicalize_name(line.name), []).append(line)
    return lines


def holds(requirement: Requirement, python: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"python_version": python})


@pytest.mark.parametrize(("python", "platform"), [*product(PYTHONS, PLATFORMS)])
def test_lock_names_one_version_of_every_dependency(python: str, platform: tuple[str, str]) -> None:
    lines = locked(python, *platform)
    assert [name for name, found in lines.items() if len(found) != 1] == []
    for requirement in map(Requirement, declarations(EXTRAS)):
        if holds(requirement, python):
            (line,) = lines[canonicalize_name(requirement.name)]
            (pin,) = line.specifier
            assert pin.version in requirement.specifier, f"{line} is outside {requirement}"


def test_lock_is_of_exact_public_versions() -> None:
    for line in LOCK:
        assert re.fullmatch(r"==[0-9a-z.]+", str(line.specifier)), line
        assert not line.url, line
        assert not line.extras, line


@pytest.mark.parametrize("name", LOCKS)
def test_locks_are_of_versions_with_the_hashes_of_their_files_and_of_nothing_else(
    name: str,
) -> None:
    head, _, entries = LOCKS[name].partition("\n")
    assert head.startswith("# ")
    assert ENTRY.sub("", entries).strip() == ""
    for found in ENTRY.finditer(entries):
        assert found[2], f"{found[1]} has no hash"


def test_lock_of_the_run_time_is_a_part_of_the_whole_lock() -> None:
    run_time, whole = ({found[0] for found in ENTRY.finditer(text)} for text in LOCKS.values())
    assert {entry.partition(" ")[0] for entry in run_time} < {
        entry.partition(" ")[0] for entry in whole
    }
    named = {
        canonicalize_name(Requirement(found[1]).name)
        for found in ENTRY.finditer(LOCKS["requirements.lock"])
    }
    wanted = {canonicalize_name(Requirement(line).name) for line in declarations(["deploy"])}
    assert wanted <= named
    assert not named & {"pytest", "mypy", "ruff", "transformers-interpret"}


def test_locks_have_the_files_of_torch_for_processors_too() -> None:
    files = (ROOT / ".ci/torch-cpu.txt").read_text().splitlines()
    listed = [line.split() for line in files if not line.startswith("#")]
    for text in LOCKS.values():
        (torch,) = (found for found in ENTRY.finditer(text) if found[1].startswith("torch=="))
        version = torch[1].removeprefix("torch==")
        for digest, file in listed:
            assert file.startswith(f"torch-{version}+cpu-")
            assert digest in torch[2]


def test_locks_leave_cuda_to_torch() -> None:
    for text in LOCKS.values():
        assert not re.search(r"^(nvidia-|cuda-|triton)", text, re.MULTILINE)


def test_lock_of_what_checks_the_scripts_is_exact_and_names_no_place() -> None:
    declared = json.loads((ROOT / ".ci/package.json").read_text())["devDependencies"]
    text = (ROOT / ".ci/package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert packages.pop("")["devDependencies"] == declared
    for name, version in declared.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    for package in packages.values():
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package
    assert "://" not in text


def test_package_says_its_version() -> None:
    assert lit_plugins.__version__ == PROJECT["version"]


def test_python_versions_agree() -> None:
    supported = SpecifierSet(PROJECT["requires-python"])
    minors = [f"3.{minor}" for minor in range(8, 20)]
    assert [minor for minor in minors if f"{minor}.4" in supported] == list(PYTHONS)
    prefix = "Programming Language :: Python :: "
    named = [name for name in PROJECT["classifiers"] if name.startswith(prefix)]
    assert named == [f"{prefix}{minor}" for minor in PYTHONS]


def test_conda_environment_has_what_the_install_script_needs() -> None:
    text = (ROOT / "environment.yml").read_text()
    environment = yaml.safe_load(text)
    assert environment["name"] == PROJECT["name"]
    python, *others = environment["dependencies"]
    assert python.removeprefix("python=") in PYTHONS
    assert {"pip", "cxx-compiler"} == set(others)
    install = """sh -c '.ci/install "$CONDA_PREFIX" requirements.lock'"""
    assert install in text
    assert install in (ROOT / "README.md").read_text()


def test_install_script_checks_the_hashes_of_all_that_is_locked() -> None:
    text = (ROOT / ".ci/install").read_text()
    assert '--no-deps --require-hashes --requirement "$lock"' in text


def test_ci_runs_the_tests() -> None:
    assert re.search(r"^make test\b", (ROOT / ".ci/run").read_text(), re.MULTILINE)


def imports(path: Path) -> Iterator[str]:
    """The top-level names of the modules that a file imports, its own package's left out."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_every_import_is_declared() -> None:
    distributions = packages_distributions()
    missing = set()
    for path in (path for folder in OURS for path in (ROOT / folder).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        extras = next((extras for start, extras in IMPORTERS.items() if name.startswith(start)), ())
        declared = {canonicalize_name(Requirement(line).name) for line in declarations(extras)}
        elsewhere = OF_ANOTHER_PYTHON.get(name, set())
        for module in set(imports(path)) - sys.stdlib_module_names - OURS - elsewhere:
            owners = {canonicalize_name(owner) for owner in distributions.get(module, [module])}
            if not owners & declared:
                missing.add(f"{name}: {module}")
    assert missing == set()
