import json
import re
import urllib.request

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from lit_plugins.serve import server, show
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.notebook import NOTEBOOKS

TEXTS = ["a wonderful film", "The food was cold", "not good, not bad"]


@pytest.fixture
def model(classifier):
    return classifier("bert").with_labels(("negative", "positive"))


@pytest.fixture
def shows():
    """`show`, whose servers end with the test."""
    made = []

    def showing(*arguments, **options):
        made.append(show(*arguments, **options))
        return made[-1]

    yield showing
    for each in made:
        if not each.stopped:
            each.stop()


def info(shown):
    request = urllib.request.Request(
        f"{shown.address}get_info", b"{}", {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_texts_and_a_loaded_model_are_shown(shows, model):
    shown = shows(model, TEXTS, height=300)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", repr(shown))
    assert list(info(shown)["models"]) == [model.name.rpartition("/")[2]]
    assert info(shown)["datasets"]["texts"]["size"] == 3
    html = shown._repr_html_()
    assert f'src="{shown.address}"' in html
    assert 'height="300"' in html


def test_a_series_and_a_table_with_named_columns_are_shown(shows, model):
    frame = pd.DataFrame({"a": TEXTS, "b": TEXTS, "c": ["neg", "pos", "neg"]})
    shown = shows(model, frame, text_column="a", label_column="c")
    assert info(shown)["datasets"]["dataset"]["size"] == 3
    assert "label" in info(shown)["datasets"]["dataset"]["spec"]
    assert info(shows(model, frame["b"]))["datasets"]["texts"]["size"] == 3


def test_only_this_machines_notebooks_may_show_it(shows, model):
    with urllib.request.urlopen(shows(model, TEXTS).address, timeout=60) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer.headers
    assert policy.endswith("frame-ancestors http://localhost:* http://127.0.0.1:*")
    assert Access(frame_ancestors=NOTEBOOKS).frame_ancestors == NOTEBOOKS


def test_a_token_of_other_servers_does_not_count(shows, model, monkeypatch):
    monkeypatch.setenv("LIT_PLUGINS_TOKEN", "0123456789abcdefghijklmnopqrstuv")
    assert "token" not in shows(model, [*TEXTS, "more"]).address
    assert info(shows(model, [*TEXTS, "more"]))["models"]


def test_the_same_arguments_show_the_same_server(shows, model):
    frame = pd.DataFrame({"text": TEXTS})
    first = shows({"tiny": model}, frame)
    again = shows({"tiny": model}, frame, height=100)
    assert again is first
    assert 'height="100"' in again._repr_html_()
    other = shows({"tiny": model}, frame.copy())
    assert other is not first
    assert shows({"tiny": model}, frame, layout="compare") is not first
    assert len({first.address, other.address}) == 2


def test_what_was_stopped_is_served_anew(shows, model):
    first = shows(model, TEXTS)
    first.stop()
    assert first.stopped
    assert repr(first) == f"{first.address} (stopped)"
    assert "<iframe" not in first._repr_html_()
    port = int(first.address.split(":")[-1].strip("/"))
    with server.bind("127.0.0.1", port):  # free at once
        pass
    again = shows(model, TEXTS)
    assert again is not first
    assert "tiny" not in info(again)["models"]


def test_ipython_shows_the_page_below_a_cell(model, capsys):
    shell = InteractiveShell.instance()
    shell.user_ns.update(model=model, texts=TEXTS)
    ran = shell.run_cell("from lit_plugins.serve import show\nshow(model, texts)")
    try:
        data, _ = shell.display_formatter.format(ran.result)
        assert data["text/plain"] == ran.result.address
        assert data["text/html"].startswith("<iframe")
        assert ran.result.address in capsys.readouterr().out
    finally:
        ran.result.stop()
        InteractiveShell.clear_instance()
