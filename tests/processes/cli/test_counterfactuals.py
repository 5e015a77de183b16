import sys

from tests.cli.test_counterfactuals import COMMAND, lines
from tests.interrupting import interrupted

RUN = [sys.executable, "-m", "lit_plugins.cli", COMMAND]


def test_ctrl_c_keeps_what_is_done(tmp_path):
    file = tmp_path / "x.jsonl"
    command = [*RUN, "--dataset", "reviews", "--method", "hotflip", "-o", str(file)]
    printed = interrupted(command, file)
    *_, stopped, counted = printed.splitlines()
    assert stopped.endswith(f" of 548 texts, written to {str(file)!r}.")
    done = int(stopped.partition("looked at ")[2].partition(" of ")[0])
    assert max(line["index"] for line in lines(file)) < done < 548
    assert f" of {done} text" in counted
