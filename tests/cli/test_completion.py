"""What a shell is told when its user presses Tab."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from lit_plugins.cli import main
from lit_plugins.cli.completion import SHELLS


def completed(line: str, tmp_path) -> set[str]:
    """The words that may stand at the end of a line, as argcomplete hands them to a shell."""
    answer = tmp_path / "answer"
    environment = {
        **os.environ,
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
    }
    program = "import sys; from lit_plugins.cli import main; sys.exit(main())"
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    return {word.strip() for word in answer.read_text().split("\n")}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("lit-plugins ", {"serve", "explain", "counterfactuals", "evaluate", "completion"}),
        ("lit-plugins exp", {"explain"}),
        ("lit-plugins explain --to", {"--tolerance", "--top"}),
        ("lit-plugins explain --method integrated_gradients --max-s", {"--max-steps"}),
        ("lit-plugins explain --method ow", {"owen"}),
        ("lit-plugins counterfactuals --method lexical --rule neg", {"negation_added",
         "negation_removed"}),
        ("lit-plugins explain 'an open quotation --over", set()),
        ("lit-plugins serve --no-b", {"--no-browser"}),
        ("lit-plugins serve --layout comp", {"compare"}),
        ("lit-plugins evaluate --metrics cal", {"calibration"}),
        ("lit-plugins explain --model sentiment-b", {"sentiment-bow"}),
    ],
)  # fmt: skip
def test_words_are_completed(line, words, tmp_path):
    assert completed(line, tmp_path) >= words
    assert all(word.startswith(line.rpartition(" ")[2]) for word in words)


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_its_script(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "lit-plugins" in script
    assert "_ARGCOMPLETE" in script


def test_another_shell_is_refused_in_one_sentence(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["completion", "tcsh"])
    assert stop.value.code == 2
    assert "choose from" in capsys.readouterr().err


def test_bash_takes_the_script(tmp_path):
    answer = subprocess.run(
        ["bash", "-c", 'eval "$(lit-plugins completion bash)" && complete -p lit-plugins'],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"},
    )
    assert "_python_argcomplete" in answer.stdout
