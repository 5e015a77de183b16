"""That nobody but the page itself, or a script, calls the API (CSRF)."""

from __future__ import annotations

import pytest

from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.origins import is_own
from tests.serve.guard.guarding import BROWSER, JSON, TOKEN, Site


@pytest.fixture(scope="module")
def site():
    return Site(Access())


def test_the_page_itself_may_call(site):
    own = {"Origin": f"http://{site.host}", "Sec-Fetch-Site": "same-origin"}
    assert site.call(own).status == 200


def test_the_page_may_call_when_tls_ends_before_the_server(site):
    assert site.call({"Origin": f"https://{site.host}"}).status == 200


def test_a_script_without_an_origin_may_call(site):
    assert site.call().status == 200


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "http://127.0.0.1:{port}/",
        "http://evil@127.0.0.1:{port}",
        "ftp://127.0.0.1:{port}",
        "127.0.0.1:{port}",
        "http://127.0.0.1:{port}, https://evil.example",
        "HTTP://127.0.0.1:{port}",
    ],
)
def test_another_origin_is_refused(site, origin):
    before = len(site.seen)
    answer = site.call({"Origin": origin.format(port=site.port)})
    assert answer.status == 403
    assert answer.error.endswith(
        "is not this page's own; if it is, let the proxy in front hand on the Host header as it "
        "came."
    )
    assert len(site.seen) == before


def test_two_origins_are_refused(site):
    # Of two headers of a name the server makes one.
    own = f"http://{site.host}"
    assert site.call({"Origin": own, "origin": "https://evil.example"}).status == 403
    assert site.call({"Origin": own, "origin": own}).status == 403


@pytest.mark.parametrize("fetched", ["cross-site", "same-site", "none", "same-origin, cross-site"])
def test_a_browser_that_tells_of_another_site_is_refused(site, fetched):
    answer = site.call({"Origin": f"http://{site.host}", "Sec-Fetch-Site": fetched})
    assert answer.status == 403
    assert "Sec-Fetch-Site" in answer.error


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b'{"inputs": []}'),
        ("application/x-www-form-urlencoded", b"inputs=1"),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("application/jsonp", b"{}"),
        ("application/json-seq", b"{}"),
        ("text/plain; application/json", b"{}"),
        ("", b"{}"),
    ],
)
def test_what_a_form_of_another_page_can_send_is_refused(site, kind, body):
    before = len(site.seen)
    answer = site.ask("POST", "/get_preds", {"Content-Type": kind}, body)
    assert answer.status == 415
    assert "application/json" in answer.error
    assert len(site.seen) == before


def test_json_with_a_character_set_is_json(site):
    assert site.call({"Content-Type": "Application/JSON; charset=utf-8"}).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"])
def test_the_api_is_asked_by_post_only(site, method):
    answer = site.ask(method, "/get_preds", JSON)
    assert answer.status == 405
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/", "/main.js", "/nothing"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_files_of_the_page_are_only_read(site, path, method):
    answer = site.ask(method, path, JSON, b"{}")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_preflight_of_another_page_learns_nothing(site):
    for path in ("/get_preds", "/"):
        answer = site.ask(
            "OPTIONS",
            path,
            {
                "Origin": "https://evil.example",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type",
            },
        )
        assert answer.status in (403, 405)
        assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("fetched", ["cross-site", "same-site"])
@pytest.mark.parametrize("mode", ["no-cors", "cors"])
def test_another_page_may_not_use_files_of_this_one(site, fetched, mode):
    answer = site.ask("GET", "/main.js", {"Sec-Fetch-Site": fetched, "Sec-Fetch-Mode": mode})
    assert answer.status == 403


def test_a_link_of_another_page_leads_here(site):
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", **BROWSER}
    assert site.ask("GET", "/?layout=compare", elsewhere).status == 200


def test_a_link_to_the_api_leads_nowhere(site):
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", **BROWSER}
    assert site.ask("GET", "/get_info", elsewhere).status == 403


def test_a_valid_cookie_does_not_make_another_page_the_own_one():
    site = Site(Access(token=TOKEN))
    cookie = site.cookie()
    assert site.call(cookie).status == 200
    for foreign in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert site.call({**cookie, **foreign}).status == 403
    sent = {**cookie, "Content-Type": "text/plain"}
    assert site.ask("POST", "/get_preds", sent, b"{}").status == 415


def test_behind_tls_the_origin_is_https():
    site = Site(Access(token=TOKEN, allowed_hosts=("lab.example",), tls=True))
    sent = {"Host": "lab.example", "Authorization": f"Bearer {TOKEN}"}
    assert site.call({**sent, "Origin": "https://lab.example"}).status == 200
    assert site.call({**sent, "Origin": "http://lab.example"}).status == 403


def test_the_own_origin():
    assert is_own("http://lab.example:81", "Lab.Example:81", tls=False)
    assert not is_own("http://lab.example:81", "lab.example:81", tls=True)
    assert not is_own("http://lab.example", "lab.example:81", tls=False)


@pytest.mark.parametrize("name", ["lab.example", "lab.example.", "192.0.2.7", "[2001:db8::80]"])
def test_the_own_origin_with_a_port_that_browsers_leave_out(name):
    assert is_own(f"https://{name}", f"{name}:443", tls=True)
    assert is_own(f"http://{name}", f"{name}:80", tls=False)
    for origin, host in [
        (f"http://{name}", f"{name}:443"),
        (f"https://{name}", f"{name}:80"),
        (f"https://{name}:443", f"{name}:443"),
        (f"https://{name}", f"{name}:4430"),
        (f"https://{name}", f"{name}:443:443"),
    ]:
        assert not is_own(origin, host, tls=False)
