"""Whatever is sent, the answer is one that a page can read, and nothing of the server shows."""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import lit_plugins
from lit_plugins.embedded import EMBEDDED_FILLER
from lit_plugins.serve import create_app
from lit_plugins.serve.wsgi import WsgiApp
from tests.raw import request, send
from tests.serving import serve_in_thread
from tests.soak.conftest import LONG
from tests.soak.hostile import OTHER_PATHS, PAGE_SCRIPT, ROUTES, Names, Request, requests
from tests.soak.hostile_bytes import answers_to, streams
from tests.soak.measure import HAS_PROC, footprint

DRAWN = 400 if LONG else 40
"""Each is sent to every route, and asks for every component: some 35 requests each."""

DRAWN_STREAMS = 2000 if LONG else 120

MODEL, DATASET = "model", "texts"
TEXTS = {
    "text": ["a wonderful film that never feels dull .", "not good, not bad", "word"],
    "label": ["positive", "negative", "positive"],
}
STATUSES = {200, 302, 304, 307, 400, 403, 404, 405, 411, 413, 414, 415, 421, 431, 501}
SECURITY_HEADERS = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-resource-policy",
}
# Where this package, its dependencies and Python stand, and what a traceback looks like.
OF_THE_SERVER = tuple(
    each.encode()
    for each in (
        *("Traceback", "site-packages", "dist-packages", '.py", line', "lit_nlp"),
        *(str(Path(lit_plugins.__file__).parent), sys.prefix + "/", str(Path.home()) + "/"),
    )
)
SETTINGS = settings(
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],  # a request is short enough as it is drawn
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def app(classifier, tmp_path_factory) -> WsgiApp:
    return create_app(
        {MODEL: classifier("bert").with_labels(("negative", "positive"))},
        {DATASET: pd.DataFrame(TEXTS)},
        infill_model=EMBEDDED_FILLER,
        data_dir=tmp_path_factory.mktemp("data"),
        log=None,
    )


@pytest.fixture(scope="module")
def names(app) -> Names:
    info = asked(app, "/get_info")
    examples = asked(app, "/get_dataset", f"dataset_name={DATASET}")
    return Names(
        models=list(info["models"]),
        dataset=DATASET,
        ids=[each["id"] for each in examples],
        fields=list(info["datasets"][DATASET]["spec"]),
        components={
            kind: {name: list(each["configSpec"]) for name, each in info[plural].items()}
            for kind, plural in (
                ("interpreter", "interpreters"),
                ("generator", "generators"),
                ("metrics", "metrics"),
            )
        },
    )


@pytest.fixture(scope="module")
def address(app) -> str:
    return serve_in_thread(app)


@pytest.fixture
def as_before(app, names) -> Iterator[None]:
    """The server answers as before, and keeps no thread or descriptor for what it was sent."""
    expected = prediction(app, names)
    before = footprint("self") if HAS_PROC else None
    yield
    assert prediction(app, names) == expected
    if before is not None:
        # Python's own collection may still hold a socket of a client; a leak has many more.
        after = settled(before.descriptors)
        assert after.descriptors <= before.descriptors + 2
        assert after.threads <= before.threads + 2


@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("as_before")
def test_each_route_answers_whatever_it_is_asked(app, names):
    statuses: Counter[int] = Counter()

    @settings(SETTINGS, max_examples=DRAWN)
    @given(requests(names))
    def all_are_answered(drawn: list[Request]) -> None:
        for each in drawn:
            status, headers, body = answer(app, each)
            try:
                check(each.method, status, headers, body)
            except (AssertionError, ValueError) as error:
                pytest.fail(f"{each!r:.2000}\n{error}")
            statuses[status] += 1

    all_are_answered()
    print(f"\n{statuses.total():,} requests, by status: {dict(sorted(statuses.items()))}")
    assert statuses.total() > DRAWN * len(ROUTES)
    assert {200, 400, 403, 404, 405} <= statuses.keys()


@pytest.mark.parametrize("path", OTHER_PATHS, ids=lambda path: ascii(path[:40]))
def test_no_path_leads_to_a_file_of_the_server(app, path):
    status, headers, body = answer(app, Request("GET", path, "", b"", {}))
    check("GET", status, headers, body)
    assert b"root:" not in body
    assert b"import " not in body or path in ("/main.js", PAGE_SCRIPT)


@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("as_before")
def test_each_stream_of_bytes_is_answered_or_ended(address, names):
    statuses: Counter[int] = Counter()

    @settings(SETTINGS, max_examples=DRAWN_STREAMS)
    @given(streams(names))
    def all_are_ended(stream: bytes) -> None:
        for status, _, body in answers_to(address, stream):
            assert status in STATUSES, (status, body[:200])
            assert not any(each in body for each in OF_THE_SERVER), body[:400]
            statuses[status] += 1

    all_are_ended()
    print(f"\n{DRAWN_STREAMS:,} streams, answers by status: {dict(sorted(statuses.items()))}")
    assert {200, 400, 404, 405} <= statuses.keys()
    assert send(address, good_request(address)).status == 200


def check(method: str, status: int, headers: dict[str, str], body: bytes) -> None:
    """An answer is one of those that may be, strict JSON unless it is a file, and says little."""
    assert status in STATUSES, (status, body[:400])
    assert headers.keys() >= SECURITY_HEADERS
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    if headers.get("content-type") != "application/json":
        assert status in (200, 302, 304, 307), body[:400]
        return
    assert not any(each in body for each in OF_THE_SERVER), body[:400]
    if method == "HEAD":
        assert not body
        return
    said = strict(body)
    if status != 200:
        assert said.keys() == {"error", "id"}
        assert said["error"].count("\n") == 0
        assert len(said["error"]) < 1000
        assert said["id"]


def strict(body: bytes) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no JSON")

    return json.loads(body.decode(), parse_constant=refuse)


def answer(app: WsgiApp, asked: Request) -> tuple[int, dict[str, str], bytes]:
    said: list[Any] = []
    parts = app(asked.environ(), lambda status, headers, *_: said.append((status, headers)))
    body = b"".join(parts)
    (status, headers) = said[-1]
    return int(status[:3]), {name.lower(): value for name, value in headers}, body


def asked(app: WsgiApp, path: str, query: str = "", body: Any = None) -> Any:
    headers = {"CONTENT_TYPE": "application/json"}
    given = Request("POST", path, query, json.dumps(body or {}).encode(), headers)
    status, _, answered = answer(app, given)
    assert status == 200, answered
    return strict(answered)


def prediction(app: WsgiApp, names: Names) -> Any:
    query = f"model={MODEL}&dataset_name={DATASET}&requested_types=MulticlassPreds"
    return asked(app, "/get_preds", query, {"inputs": list(names.ids)})


def good_request(address: str) -> bytes:
    host = address.split("/")[2]
    headers = {"Host": host, "Content-Type": "application/json", "Connection": "close"}
    return request("POST", "/get_info", headers, b"{}")


def settled(descriptors: int) -> Any:
    """What this process takes up when the server has closed what its clients have closed."""
    for _ in range(100):
        now = footprint("self")
        if now.descriptors <= descriptors:
            break
        time.sleep(0.1)
    return now
