import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_explain import BOW, lines
from tests.interrupting import interrupted

EXPLAIN = [sys.executable, "-m", "lit_plugins.cli", "explain"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_keeps_what_is_done(tmp_path, number):
    file = tmp_path / "x.jsonl"
    command = [*EXPLAIN, "--dataset", "reviews", *BOW, "-o", str(file)]
    printed = interrupted(command, file, number)
    done = len(lines(file))
    assert 0 < done < 548
    assert printed.endswith(f"Stopped: explained {done} of 548 texts, written to {str(file)!r}.\n")


def handles_signals(process):
    """Whether a process has a handler for SIGTERM, for which Python has none."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return caught >> signal.SIGTERM - 1 & 1


@pytest.mark.skipif(not Path("/proc").exists(), reason="asks Linux what a process handles")
@pytest.mark.parametrize("delay_s", [0.0, 0.5, 1.0])
def test_ctrl_c_while_libraries_are_imported_has_no_traceback(delay_s):
    process = subprocess.Popen([*EXPLAIN, "good"], stderr=subprocess.PIPE, text=True)
    while not handles_signals(process):
        time.sleep(0.001)
    time.sleep(delay_s)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    _, printed = process.communicate(timeout=60)
    assert process.returncode == 130
    assert printed.splitlines()[-1] == "Stopped."
    assert "Traceback" not in printed


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    command = [*EXPLAIN, *["good film"] * 40, *BOW]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "good film\n"
    process.stdout.close()
    printed = process.stderr.read()
    assert process.wait(timeout=60) == 0
    assert "Traceback" not in printed
    assert "Exception" not in printed
