import subprocess
import sys

from tests.cli.test_explain import BOW, lines
from tests.interrupting import interrupted

EXPLAIN = [sys.executable, "-m", "lit_plugins.cli", "explain"]


def test_ctrl_c_keeps_what_is_done(tmp_path):
    file = tmp_path / "x.jsonl"
    command = [*EXPLAIN, "--dataset", "reviews", *BOW, "-o", str(file)]
    printed = interrupted(command, file)
    done = len(lines(file))
    assert 0 < done < 548
    assert printed.endswith(f"Stopped: explained {done} of 548 texts, written to {str(file)!r}.\n")


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    command = [*EXPLAIN, *["good film"] * 40, *BOW]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "good film\n"
    process.stdout.close()
    printed = process.stderr.read()
    assert process.wait(timeout=60) == 0
    assert "Traceback" not in printed
    assert "Exception" not in printed
