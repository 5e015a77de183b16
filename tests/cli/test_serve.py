import functools
import signal
import subprocess
import sys
import urllib.request
from types import SimpleNamespace

import pytest

from lit_plugins.cli import main
from lit_plugins.serve import server

COMMAND = "serve"
SERVE = [sys.executable, "-m", "lit_plugins.cli", "serve", "--no-browser", "--port", "0"]


@pytest.fixture
def refused(refused):
    """Runs the command, which must fail, and gives the one sentence that it printed."""
    return functools.partial(refused, "--port", "0")


def test_a_wrong_flag(refused):
    assert "--modell" in refused("--modell", "x")


def test_a_number_that_is_none(refused):
    assert "'many'" in refused("--max-examples", "many")


def test_no_such_model(refused):
    assert "'./nowhere'" in refused("--model", "./nowhere")


def test_a_model_given_twice(refused):
    assert "given twice" in refused("--model", "sentiment-bow", "--model", "sentiment-bow")


def test_no_such_layout(refused):
    sentence = refused("--layout", "wide")
    assert "'wide'" in sentence
    assert "debug" in sentence


def test_no_such_file(refused, tmp_path):
    missing = str(tmp_path / "missing.csv")
    assert missing in refused("--model", "sentiment-bow", "--dataset", missing)


def test_no_such_column(refused, tmp_path):
    file = tmp_path / "texts.csv"
    file.write_text("sentence,label\nfine,positive\n")
    sentence = refused("--model", "sentiment-bow", "--dataset", str(file), "--text-column", "body")
    assert "'body'" in sentence
    assert "sentence" in sentence


def test_a_data_folder_that_is_a_file(refused, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    # Before the model, of which loading may take minutes.
    assert str(file) in refused("--data-dir", str(file), "--model", "./nowhere")


def test_a_busy_port(capsys):
    with server.bind("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    assert f"Port {port} is in use" in capsys.readouterr().err


def test_labels_that_do_not_fit(refused):
    assert "3 labels" in refused("--model", "sentiment-bow", "--labels", "bad,so-so,good")


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
    assert "1 row is malformed and was left out: line 6." in printed
    assert "my-reviews.csv: 2 texts." in printed


def test_the_infill_model_goes_to_the_app(monkeypatch, checkpoint):
    given = []

    def build_app(*_, filler, **__):
        given.append(filler)
        return SimpleNamespace(routes=())

    monkeypatch.setattr("lit_plugins.serve.factory.build_app", build_app)
    monkeypatch.setattr("lit_plugins.serve.factory.write_log", lambda **_: None)
    monkeypatch.setattr(server, "serve", lambda *_, **__: None)
    embedded, own = ["--model", "sentiment-bow"], ["--model", str(checkpoint("bert"))]
    for flags in (embedded, own, [*embedded, "--infill-model", "some/model"]):
        assert main(["serve", "--port", "0", "--label-column", "none", *flags]) == 0
    assert given == ["review-filler", "auto", "some/model"]
