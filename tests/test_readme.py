"""What the README shows works as it stands there."""

import re
import shlex
from pathlib import Path

import matplotlib
import pytest

from lit_plugins.cli.commands import build_parser

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


COMMANDS = {"serve", "explain", "counterfactuals", "evaluate"}


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands():
    for line in "".join(blocks("sh")).splitlines():
        _, found, rest = line.partition("lit-plugins ")
        words = shlex.split(rest.partition(" < ")[0])
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
