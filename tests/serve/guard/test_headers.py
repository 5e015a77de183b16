"""What every answer tells the browser to keep out."""

from __future__ import annotations

import pytest

from lit_plugins.errors import UserError
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.headers import secured, security_headers
from tests.raw import send
from tests.serve.guard.guarding import BROWSER, TOKEN, Site

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}


@pytest.fixture(scope="module")
def site():
    return Site(Access(token=TOKEN))


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (each.split() for each in policy.split(";"))}


@pytest.mark.parametrize(
    ("status", "method", "target"),
    [
        (200, "GET", "/"),
        (200, "HEAD", "/main.js"),
        (304, "GET", "/unchanged"),
        (405, "GET", "/get_preds"),
        (405, "DELETE", "/"),
        (415, "POST", "/get_preds"),
        (500, "GET", "/boom"),
    ],
)
def test_every_answer_has_the_headers(site, status, method, target):
    answer = site.ask(method, target, {"Authorization": f"Bearer {TOKEN}"})
    assert answer.status == status
    assert ALWAYS.items() <= answer.headers.items()
    assert answer.headers["server"] == "lit-plugins"
    policy = directives(answer.headers["content-security-policy"])
    assert policy == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (400, b"GARBAGE\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nX: <script>\r\n Y\n: z\r\n\r\n"),
        (400, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
        (401, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n"),
        (
            413,
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n"
            b"Authorization: Bearer " + TOKEN.encode() + b"\r\n\r\n",
        ),
        (431, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 200_000 + b"\r\n\r\n"),
        (501, b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
    ],
    ids=lambda value: value if isinstance(value, int) else "",
)
def test_what_no_app_ever_sees_is_refused_the_same_way(site, status, request_):
    answer = send(site.address, request_)
    assert answer.status == status
    assert ALWAYS.items() <= answer.headers.items()
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["server"] == "lit-plugins"
    assert "<" not in answer.error


def test_an_error_tells_nothing_of_how_it_came_about(site):
    answer = site.ask("GET", "/boom", {"Authorization": f"Bearer {TOKEN}"})
    assert answer.status == 500
    assert "ZeroDivisionError" not in answer.error
    assert "secret" not in answer.error


def test_answers_of_the_api_and_of_the_guard_are_not_kept(site):
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    for answer in (
        site.call(bearer),
        site.call(),
        site.ask("GET", "/", BROWSER),
        site.ask("GET", f"/?token={TOKEN}", BROWSER),
        site.ask("GET", "/", {"Host": "evil.example", **BROWSER}),
    ):
        assert answer.headers["cache-control"] == "no-store", answer.status
    # What the app says itself stands.
    assert site.ask("GET", "/main.js", bearer).headers["cache-control"] == "no-cache"


def test_named_pages_may_show_this_one_in_a_frame():
    access = Access(frame_ancestors=("self", "https://Notebooks.example/", "http://localhost:8888"))
    headers = Site(access).ask("GET", "/").headers
    policy = directives(headers["content-security-policy"])
    assert policy["frame-ancestors"] == [
        "'self'",
        "https://notebooks.example",
        "http://localhost:8888",
    ]
    assert "x-frame-options" not in headers


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example", "notebooks.example", "https://a.example/page", "https:", "none",
     "https://a.example; script-src *", "https://a.example https://b.example", "https://a\r\nX: y"],
)  # fmt: skip
def test_a_frame_ancestor_that_is_no_origin_is_refused(origin):
    with pytest.raises(UserError, match="is not an origin"):
        Access(frame_ancestors=(origin,))


def test_the_pages_inline_scripts_are_named():
    (policy,) = (
        value
        for name, value in security_headers(["'sha256-abc='"])
        if name.endswith("-Policy") and name.startswith("Content")
    )
    assert directives(policy)["script-src"] == ["'self'", "'sha256-abc='"]


def test_a_header_that_is_there_already_stands():
    answered = {}

    def app(environ, start_response):
        start_response("200 OK", [("referrer-policy", "origin")])
        return [b"body"]

    def start_response(status, headers, exc_info=None):
        answered.update(status=status, headers=headers)

    assert secured(app)({}, start_response) == [b"body"]
    names = [name.lower() for name, _ in answered["headers"]]
    assert len(names) == len(set(names))
    assert ("referrer-policy", "origin") in answered["headers"]
