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
LOCK_TEXT = (ROOT / "requirements.lock").read_text()
LOCK = [
    Requirement(line.split("  #")[0]) for line in LOCK_TEXT.splitlines() if not line.startswith("#")
]
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


def test_lock_leaves_cuda_to_torch_and_names_no_place() -> None:
    assert not re.search(r"^(nvidia-|cuda-|triton)", LOCK_TEXT, re.MULTILINE)
    assert "//" not in LOCK_TEXT
    assert "--" not in LOCK_TEXT


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


def test_conda_environment_installs_the_lock_and_the_package() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["name"] == PROJECT["name"]
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-c requirements.lock", "-e ."]}
    assert [name for name in conda if name.startswith("python=")][0][7:] in PYTHONS


def test_install_script_installs_the_lock() -> None:
    assert "--constraint requirements.lock --editable" in (ROOT / ".ci/install").read_text()


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
