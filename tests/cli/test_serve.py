import functools
from types import SimpleNamespace

import pytest

from lit_plugins.cli import main
from lit_plugins.cli.serve import LAYOUT_NAMES
from lit_plugins.lit.layouts import LAYOUTS
from lit_plugins.serve import server

COMMAND = "serve"


@pytest.fixture
def refused(refused):
    """Runs the command, which must fail, and gives the one sentence that it printed."""
    return functools.partial(refused, "--port", "0")


def test_the_help_names_every_layout():
    assert list(LAYOUT_NAMES) == list(LAYOUTS)


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
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    assert f"Port {port} is in use" in capsys.readouterr().err


def test_labels_that_do_not_fit(refused):
    assert "3 labels" in refused("--model", "sentiment-bow", "--labels", "bad,so-so,good")


def test_a_labelled_file_has_gold_labels_in_either_order_of_models(
    monkeypatch, checkpoint, tmp_path
):
    opened = []

    def build_app(classifiers, tables, **_):
        opened.append((classifiers, tables["named.csv"]))
        return SimpleNamespace(routes=())

    monkeypatch.setattr("lit_plugins.serve.factory.build_app", build_app)
    monkeypatch.setattr("lit_plugins.serve.factory.write_log", lambda **_: None)
    monkeypatch.setattr(server, "serve", lambda *_, **__: None)
    source = tmp_path / "named.csv"
    source.write_text("text,label\na good film,positive\nawful food,negative\n")
    models = ["--model", "sentiment-bow"], ["--model", str(checkpoint("bert"))]
    for one, other in (models, models[::-1]):
        assert main(["serve", "--port", "0", *one, *other, "--dataset", str(source)]) == 0
        classifiers, table = opened.pop()
        assert table.labels == ("positive", "negative")
        assert {each.labels for each in classifiers.values()} == {("negative", "positive")}


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
