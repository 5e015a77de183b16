"""What the README shows works as it stands there."""

import argparse
import re
import shlex
import sys
from pathlib import Path

import matplotlib
import pytest

import lit_plugins
from lit_plugins.cli.commands import build_parser
from lit_plugins.counterfactual import METHODS as COUNTERFACTUAL_METHODS
from lit_plugins.counterfactual.rules import RULES
from lit_plugins.evaluate import METRICS
from lit_plugins.explain import METHODS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


COMMANDS = {"serve", "explain", "counterfactuals", "evaluate"}


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands():
    for line in "".join(blocks("sh")).splitlines():
        _, found, rest = line.partition("lit-plugins ")
        words = shlex.split(rest.partition(" < ")[0])
        if "keep_one" in words:
            continue  # a method of the plug-in in demos/plugin, whose own test installs it
        if words[:1] and words[0] in COMMANDS:
            yield words
        elif "make demo ARGS=" in line:
            yield ["serve", *shlex.split(shlex.split(line)[2].removeprefix("ARGS="))]


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_its_commands_are_understood(words):
    assert build_parser(words).parse_args(words).command == words[0]


def test_commands_were_found():
    assert {words[0] for words in commands()} == COMMANDS


def test_its_python_runs(capsys):
    matplotlib.use("Agg")
    names = {}
    for block in blocks("python"):
        exec(block, names)
    printed = capsys.readouterr().out
    assert names["record"]["text"] in printed
    assert str(names["found"]) in printed
    assert list(names["calibration"]["model"]) == list(names["models"])
    assert set(names["faithful"]["negation"]) == {False, True}
    assert len(names["ax"].patches) == 10
    matplotlib.pyplot.close("all")


def described(text: str) -> set[str]:
    """What stands in backquotes, flags without their values."""
    return set(re.findall(r"`([^`\n]+)`", text))


@pytest.mark.parametrize(
    ("heading", "records"),
    [
        ("Explanation methods", METHODS),
        ("Counterfactual methods", COUNTERFACTUAL_METHODS),
        ("Rules", RULES),
        ("Metrics", METRICS),
    ],
)
def test_everything_that_is_registered_is_described(heading, records):
    (section,) = re.findall(rf"^### {heading}\n(.*?)^##", README, re.MULTILINE | re.DOTALL)
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)$", section, re.MULTILINE))
    assert list(rows) == list(records)
    for name, row in rows.items():
        options = {option.name for option in getattr(records[name], "options", ())}
        assert described(row) >= options, name


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_flag_is_described(command):
    parser = build_parser([command])
    (subparsers,) = (
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    )
    flags = {
        flag
        for action in subparsers.choices[command]._actions
        for flag in action.option_strings
        if flag.startswith("--") and not flag.startswith("--no-") and flag != "--help"
    }
    words = described(README)
    options = {flag for flag in flags if flag.removeprefix("--").replace("-", "_") in words}
    assert flags - options - words == set()


def test_the_change_log_has_the_version():
    changes = (Path(__file__).parents[1] / "CHANGELOG.md").read_text("utf-8")
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    newest = re.search(r"^## (\S+)$", changes, re.MULTILINE)
    assert newest
    assert newest[1] == lit_plugins.__version__ == project["project"]["version"]
