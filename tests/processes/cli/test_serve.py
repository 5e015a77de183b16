import signal
import subprocess
import sys
import urllib.request

SERVE = [sys.executable, "-m", "lit_plugins.cli", "serve", "--no-browser", "--port", "0"]


def test_serving_a_file_with_bad_rows_from_start_to_ctrl_c(tmp_path):
    file = tmp_path / "my reviews.csv"
    file.write_text(
        "review,stars\nfine,positive\n,negative\nfine,positive\nawful,negative\na,b,c\n"
    )
    command = [*SERVE, "--model", "mine=sentiment-bow", "--dataset", str(file), "--warm-start"]
    process = subprocess.Popen(
        [*command, "--label-column", "stars", "--data-dir", str(tmp_path / "saved")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        address = line.split()[2]
        request = urllib.request.Request(
            address + "get_info", b"{}", {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            info = answer.read().decode()
        assert '"mine"' in info
        assert '"my-reviews.csv"' in info
        process.send_signal(signal.SIGINT)
        _, printed = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in printed
    assert "1 row has an empty text and was left out: line 3." in printed
    assert "1 row repeats an earlier text and label and was left out: line 4." in printed
    assert "1 row is malformed and was left out: 1 with 3 fields instead of 2 (line 6)." in printed
    assert "my-reviews.csv: 2 texts." in printed
