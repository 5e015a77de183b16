"""No name and no text of a file reaches the terminal with characters that control it."""

import csv
import json
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
import regex

from lit_plugins.cli import main
from lit_plugins.embedded import model_path

HOSTILE = "\x1b]0;taken\x07\x9b2J\x7f\u202e\u2028\r"
CONTROLS = regex.compile(r"[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069--[\n\t\r]]", regex.V1)


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A model whose folder and whose classes have hostile names."""
    folder = tmp_path / f"model{HOSTILE}"
    shutil.copytree(model_path("sentiment-bow"), folder)
    config = json.loads((folder / "config.json").read_text())
    labels = [f"{label}{HOSTILE}" for label in config["id2label"].values()]
    config["id2label"] = dict(enumerate(labels))
    config["label2id"] = {label: index for index, label in enumerate(labels)}
    (folder / "config.json").write_text(json.dumps(config))
    return str(folder)


@pytest.fixture
def dataset(tmp_path: Path) -> str:
    """A file whose name, columns, labels and texts are hostile, with a row that cannot be read."""
    path = tmp_path / f"data{HOSTILE}.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_ALL)
        rows.writerow(["text", "label", f"kind{HOSTILE}s"])
        for text, label in [("A good film.", "positive"), ("A bad film.", "negative")]:
            rows.writerow([f"{HOSTILE}{text}", f"{label}{HOSTILE}", f"film{HOSTILE}"])
        rows.writerow([f"one{HOSTILE}"])
    return str(path)


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with suppress(SystemExit):
        main([*arguments])
    printed = "".join(capsys.readouterr())
    assert CONTROLS.findall(printed) == []
    return printed


@pytest.mark.parametrize(
    "command",
    [
        ("explain",),
        ("counterfactuals",),
        ("evaluate", "--by", f"kind{HOSTILE}s"),
        ("evaluate", "--metrics", "by_text"),
    ],
    ids=" ".join,
)
def test_what_a_command_shows(model, dataset, command, capsys):
    assert "film" in shown(capsys, *command, "--model", model, "--dataset", dataset)


@pytest.mark.parametrize("command", ["explain", "counterfactuals", "evaluate", "serve"])
@pytest.mark.parametrize(
    "flag",
    ["--model", "--dataset", "--text-column", "--labels", "--method", "--target", "--device"],
)
def test_what_a_command_says_of_a_wrong_value(model, dataset, command, flag, capsys):
    given = {"--model": model, "--dataset": dataset, flag: f"wrong{HOSTILE}"}
    flags = [word for pair in given.items() for word in pair]
    assert shown(capsys, command, *flags)
