"""What its client no longer waits for, from the socket to the model."""

import json
import logging
import socket
import threading
import time
import urllib.parse
import urllib.request

import pytest

from lit_plugins import explain
from lit_plugins.data import LoadReport, TextTable
from lit_plugins.explain import METHODS
from lit_plugins.lit.build import build_app
from lit_plugins.runtime import cancellation
from lit_plugins.serve.api import api
from tests.serving import queued, serve_in_thread

TEXT = "a wonderful, moving film that never feels dull, and one that nobody should miss tonight"


@pytest.fixture
def app(classifier):
    model = classifier("bert").with_labels(("negative", "positive"))
    table = TextTable(
        name="texts",
        texts=(TEXT,),
        labels=("positive",),
        label_names=("negative", "positive"),
        columns={},
        kinds={},
        rows=(2,),
        report=LoadReport(source="texts", read=1, kept=1),
        description="One text.",
    )
    return build_app({"bert": model}, {"texts": table})


@pytest.fixture
def address(app):
    return serve_in_thread(queued(api(app)))


def post(address, path, body):
    request = urllib.request.Request(
        address + path,
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def give_up(address, path, body, begun):
    """Asks, and goes away when the answer has begun to be computed."""
    content = json.dumps(body).encode()
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port)) as client:
        head = f"POST /{path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(content)}\r\n\r\n"
        client.sendall(head.encode() + content)
        assert begun.wait(60)


@pytest.mark.parametrize("method", ["shapley", "integrated_gradients", "lime"])
def test_the_model_stops_and_the_next_who_asks_is_answered(
    app, address, monkeypatch, caplog, method
):
    model = app.models["bert"].classifier
    monkeypatch.setattr(model, "batch_tokens", 64)
    (example,) = post(address, "get_dataset?dataset_name=texts", {})
    title = urllib.parse.quote(METHODS[method].title)
    path = f"get_interpretations?dataset_name=texts&model=bert&interpreter={title}"
    body = {"inputs": [example["id"]], "config": None}
    run = model.network.run
    batches: list[bool] = []
    begun, gone = threading.Event(), threading.Event()

    def counted(*arguments, **options):
        batches.append(True)
        if len(batches) == 3 and begun_may_be:
            begun.set()
            # This batch takes until the server has seen that the client is no longer there.
            while not gone.is_set():
                try:
                    cancellation.check()
                except cancellation.Stopped:
                    gone.set()
                time.sleep(0.01)
        return run(*arguments, **options)

    monkeypatch.setattr(model.network, "run", counted)
    begun_may_be = False
    (expected,) = explain(model, [TEXT], method, int(model.predict([TEXT]).logits.argmax()))
    whole = len(batches) - 1  # but for the prediction
    batches.clear()
    begun_may_be = True

    give_up(address, path, body, begun)
    assert gone.wait(60)

    # Nothing is left locked or half done, and the first has run no batch since.
    (answer,) = post(address, path, body)
    assert answer[""]["salience"] == expected.scores.tolist()
    assert len(batches) == 3 + whole
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


def test_a_generator_stops_at_the_next_batch(app, address, monkeypatch, caplog):
    model = app.models["bert"].classifier
    monkeypatch.setattr(model, "batch_tokens", 64)
    (example,) = post(address, "get_dataset?dataset_name=texts", {})
    path = "get_generated?dataset_name=texts&model=bert&generator="
    body = {"inputs": [example["id"]], "config": {"run": "mine"}}
    run = model.network.run
    batches: list[bool] = []
    begun, gone = threading.Event(), threading.Event()

    def counted(*arguments, **options):
        batches.append(True)
        if len(batches) == 3:
            begun.set()
            while not gone.is_set():
                try:
                    cancellation.check()
                except cancellation.Stopped:
                    gone.set()
                time.sleep(0.01)
        return run(*arguments, **options)

    monkeypatch.setattr(model.network, "run", counted)
    give_up(address, path + "Ablation", body, begun)
    assert gone.wait(60)
    ((scrambled,),) = post(address, path + "Scrambler", {"inputs": [example["id"]]})
    assert scrambled["data"]["sentence"] != TEXT
    assert len(batches) == 3
    assert post(address, "get_progress?run=mine", {}) == {"done": 0, "total": 1, "notes": []}
    assert not [record for record in caplog.records if record.levelno > logging.INFO]
