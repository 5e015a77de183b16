import signal
import subprocess
import sys
import time

from tests.cli.test_counterfactuals import COMMAND, lines

RUN = [sys.executable, "-m", "lit_plugins.cli", COMMAND]


def test_ctrl_c_keeps_what_is_done(tmp_path):
    file = tmp_path / "x.jsonl"
    command = [*RUN, "--dataset", "reviews", "--method", "hotflip", "-o", str(file)]
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
    *_, stopped, counted = printed.splitlines()
    assert stopped.endswith(f" of 548 texts, written to {str(file)!r}.")
    done = int(stopped.partition("looked at ")[2].partition(" of ")[0])
    assert max(line["index"] for line in lines(file)) < done < 548
    assert f" of {done} text" in counted
