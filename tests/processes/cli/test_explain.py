import signal
import subprocess
import sys
import time

from tests.cli.test_explain import BOW, lines

EXPLAIN = [sys.executable, "-m", "lit_plugins.cli", "explain"]


def test_ctrl_c_keeps_what_is_done(tmp_path):
    file = tmp_path / "x.jsonl"
    command = [*EXPLAIN, "--dataset", "reviews", *BOW, "-o", str(file)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        while process.poll() is None and not (file.exists() and file.stat().st_size):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, printed = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in printed
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
