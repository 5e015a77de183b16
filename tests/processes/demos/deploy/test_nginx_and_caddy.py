"""What demos/deploy says of proxies, a request for each sentence, by the real nginx and Caddy."""

from __future__ import annotations

import contextlib
import re
import time

import pytest

from lit_plugins.serve.api import MOST_BYTES
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.passes import LIFETIME_S
from lit_plugins.serve.guard.request_limits import LONGEST_ADDRESS
from lit_plugins.serve.queue import DEADLINE_S
from tests.processes.demos.deploy.proxying import FILES, NAMES, WAIT_S, Backend, Proxy
from tests.raw import request

TOKEN = "kVb8_Q0fKp2xXw5uTz7mLr4sYc1nHd9e"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
JSON = {"Content-Type": "application/json"}
BROWSER = {"Accept": "text/html", "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}
HOST = NAMES[0]
# Where each file serves below a path: host name and path, as it is and removed by the proxy.
BELOW = {
    "nginx": ((HOST, "/tools/lit"), (HOST, "/other/lit")),
    "caddy": (("tools.example.org", "/tools/lit"), ("other.example.org", "/tools/lit")),
}


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def backends():
    access = Access(token=TOKEN, allowed_hosts=NAMES, tls=True)
    return Backend(access), Backend(access, "/tools/lit"), Backend(access)


@pytest.fixture(scope="module")
def proxy(kind, backends, tmp_path_factory):
    ports = tuple(backend.port for backend in backends)
    started = Proxy(kind, tmp_path_factory.mktemp(kind), ports)
    yield started
    started.end()


@pytest.fixture(scope="module")
def open_backend():
    return Backend(Access())


@pytest.fixture(scope="module")
def open_proxy(kind, open_backend, tmp_path_factory):
    """In front of a server without a token."""
    started = Proxy(kind, tmp_path_factory.mktemp(f"open-{kind}"), (open_backend.port,) * 3)
    yield started
    started.end()


def cookie_of(proxy, name=HOST, path=""):
    (cookie,) = proxy.ask("GET", f"{path}/?token={TOKEN}", BROWSER, name=name).cookies
    return cookie


# "A browser that opens that address gets a cookie, and the token disappears from its address bar."


def test_a_browser_that_opens_the_address_gets_a_cookie(proxy):
    answer = proxy.ask("GET", f"/?layout=compare&token={TOKEN}", BROWSER)
    assert answer.status == 200
    assert b"url=./?layout=compare" in answer.body
    (cookie,) = answer.cookies
    value, *attributes = cookie.split("; ")
    age = f"Max-Age={LIFETIME_S}"
    assert attributes == ["Path=/", age, "HttpOnly", "SameSite=Strict", "Secure"]
    own = {"Cookie": value, "Origin": f"https://{HOST}", "Sec-Fetch-Site": "same-origin"}
    assert proxy.ask("POST", "/get_preds", {**JSON, **own}, b"{}").body == b"/get_preds 2"


def test_a_page_of_another_site_is_refused(proxy):
    used = {**JSON, "Cookie": cookie_of(proxy).partition(";")[0]}
    for foreign in ("https://evil.example", f"http://{HOST}", f"https://{HOST}.evil", "null"):
        answer = proxy.ask("POST", "/get_preds", {**used, "Origin": foreign}, b"{}")
        assert answer.status == 403


def test_a_stranger_is_refused(proxy):
    assert proxy.ask("POST", "/get_preds", JSON, b"{}").status == 401
    assert proxy.ask("GET", "/", BROWSER).status == 401


# "Both proxies answer the named host only, and hand that name on."

OTHER_HOSTS = [
    "localhost",
    "LOCALHOST:443",
    "127.0.0.1",
    "[::1]",
    "evil.example",
    f"www.{HOST}",
    f"{HOST}.evil.example",
    f"{HOST}@evil.example",
    f"evil.example@{HOST}",
]


@pytest.mark.parametrize("host", OTHER_HOSTS)
def test_other_hosts_never_reach_the_server(proxy, backends, host):
    before = [len(backend.seen) for backend in backends]
    answer = proxy.ask("POST", "/get_preds", {**JSON, **BEARER, "Host": host}, b"{}")
    assert answer.status in (200, 400, 421)
    assert answer.body == b"" or answer.status != 200  # Caddy answers other names with nothing
    assert [len(backend.seen) for backend in backends] == before


@pytest.mark.parametrize("host", [HOST, HOST.upper(), f"{HOST}:443"])
def test_the_named_host_reaches_it(proxy, host):
    assert proxy.ask("POST", "/get_preds", {**JSON, **BEARER, "Host": host}, b"{}").status == 200


@pytest.mark.parametrize(
    "head",
    [
        "Host: localhost\r\nHost: lit.example.org",
        "Host: lit.example.org\r\nHost: localhost",
        "Host: lit.example.org, localhost",
        "Host : localhost\r\nHost: lit.example.org",
    ],
)
def test_two_hosts_are_refused(proxy, backends, head):
    before = len(backends[0].seen)
    sent = f"GET /main.js HTTP/1.1\r\n{head}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode()
    assert proxy.send(sent).status in (400, 421)
    assert len(backends[0].seen) == before


def test_of_a_full_address_and_a_header_the_server_sees_the_named_host(proxy, backends):
    for target, host in [(f"https://{HOST}", "localhost"), ("https://localhost", HOST)]:
        before = len(backends[0].seen)
        sent = {"Host": host, **BEARER}
        answer = proxy.send(request("GET", f"{target}/main.js", sent))
        if len(backends[0].seen) > before:
            assert backends[0].seen[-1]["HTTP_HOST"] == HOST
        else:
            assert answer.status in (400, 403, 421) or answer.body == b""


# "Nothing comes through the files" to a server without a token.


@pytest.mark.parametrize("host", [HOST, *OTHER_HOSTS])
@pytest.mark.parametrize("path", ["/", "/get_preds", "/tools/lit/", "/other/lit/main.js"])
def test_without_a_token_nothing_comes_through(open_proxy, open_backend, host, path):
    call = {**JSON, "Host": host} if path == "/get_preds" else {"Host": host}
    method, body = ("POST", b"{}") if path == "/get_preds" else ("GET", b"")
    answer = open_proxy.ask(method, path, call, body)
    assert answer.status in (200, 400, 403, 421)
    assert answer.body == b"" or answer.status != 200
    assert open_backend.seen == []


def test_without_a_token_no_full_address_comes_through(open_proxy, open_backend):
    for target in (f"https://{HOST}", "https://localhost", "http://127.0.0.1"):
        for host in (HOST, "localhost", f"127.0.0.1:{open_backend.port}"):
            open_proxy.send(request("POST", f"{target}/get_preds", {"Host": host, **JSON}, b"{}"))
    for version in ("1.0", "1.1"):
        sent = {"Host": HOST, **JSON, "Connection": "close", "X-Forwarded-For": "127.0.0.1"}
        open_proxy.send(request("POST", "/get_preds", sent, b"{}", version=version))
    assert open_backend.seen == []


# "Headers about the client tell that there is a proxy; nothing else in them counts."


def test_what_a_client_says_of_itself_does_not_count(proxy, backends):
    said = {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Host": "localhost",
        "X-Forwarded-Prefix": "/evil",
        "X-Script-Name": "/evil",
        "X-Original-URL": "/get_preds",
        "X-Real-IP": "127.0.0.1",
        "Forwarded": "for=127.0.0.1;host=localhost;proto=http",
    }
    assert proxy.ask("POST", "/get_preds", {**JSON, **said}, b"{}").status == 401
    (cookie,) = proxy.ask("GET", f"/?token={TOKEN}", {**BROWSER, **said}).cookies
    assert "; Path=/; " in cookie
    assert proxy.ask("GET", "/main.js", {**BEARER, **said}).status == 200
    seen = backends[0].seen[-1]
    assert (seen["HTTP_HOST"], seen["SCRIPT_NAME"], seen["PATH_INFO"]) == (HOST, "", "/main.js")


# "Below a path."


@pytest.mark.parametrize("way", [0, 1], ids=["passed on", "removed"])
def test_below_a_path(kind, proxy, backends, way):
    name, path = BELOW[kind][way]
    answer = proxy.ask("POST", f"{path}/get_preds", {**JSON, **BEARER}, b"{}", name=name)
    assert answer.body == b"/get_preds 2"
    assert proxy.ask("GET", f"{path}/healthz", name=name).body == b"ok"
    # The path alone leads to its slash, with the query.
    for query in ("", "?layout=compare&models=a,b"):
        answer = proxy.ask("GET", path + query, BROWSER, name=name)
        assert answer.status in (301, 302, 307, 308)
        assert answer.headers["location"] in (f"{path}/{query}", f"{path}/{query or '?'}")
    # Nothing lies beside it.
    for beside in (f"{path}2/get_preds", f"{path}ter/get_preds"):
        before = [len(backend.seen) for backend in backends[1:]]
        proxy.ask("POST", beside, {**JSON, **BEARER}, b"{}", name=name)
        assert [len(backend.seen) for backend in backends[1:]] == before


@pytest.mark.parametrize("way", [0, 1], ids=["passed on", "removed"])
def test_below_a_path_browsers_send_the_cookie_there_only(kind, proxy, way):
    name, path = BELOW[kind][way]
    cookie = cookie_of(proxy, name, path)
    assert re.search(r"; Path=([^;]*)", cookie)[1].rstrip("/") == path
    used = {**JSON, "Cookie": cookie.partition(";")[0], "Origin": f"https://{name}"}
    assert proxy.ask("POST", f"{path}/get_preds", used, b"{}", name=name).status == 200


# "Large bodies, long addresses and long computations pass."


def test_bodies_up_to_the_servers_own_limit_pass(proxy, backends):
    body = b" " * (MOST_BYTES - 2) + b"{}"
    answer = proxy.ask("POST", "/get_preds", {**JSON, **BEARER}, body)
    assert answer.body == b"/get_preds %d" % MOST_BYTES
    before = len(backends[0].seen)
    with contextlib.suppress(OSError):  # Caddy hangs up, since the server does
        assert proxy.ask("POST", "/get_preds", {**JSON, **BEARER}, body + b" ").status == 413
    assert len(backends[0].seen) == before


def test_long_addresses_pass(proxy):
    long = "x" * (LONGEST_ADDRESS - 1000)
    assert proxy.ask("GET", f"/main.js?{long}", BEARER).status == 200


def test_a_long_computation_is_awaited_longer_than_the_server_allows(kind):
    waits = re.search(r"proxy_read_timeout (\d+)s;", (FILES / "nginx.conf").read_text())
    assert int(waits[1]) > DEADLINE_S
    assert "timeout" not in (FILES / "Caddyfile").read_text()  # Caddy waits by itself


def test_work_for_a_client_that_has_gone_is_stopped(proxy, backends):
    before = backends[0].stopped, len(backends[0].seen)
    with proxy.connect() as client:
        client.sendall(request("POST", "/slow", {"Host": HOST, **JSON, **BEARER}, b"{}"))
        until(lambda: len(backends[0].seen) > before[1])
    until(lambda: backends[0].stopped > before[0])


def until(condition):
    ends = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


# "Neither proxy logs the token."


@pytest.mark.parametrize(
    "query",
    [
        f"token={TOKEN}",
        f"layout=compare&token={TOKEN}&models=a",
        "%74oken=" + TOKEN,
        "token=" + "".join(f"%{ord(each):02x}" for each in TOKEN),
        f"token={TOKEN}&x=%zz",
        f"token={TOKEN};x",
    ],
)
def test_no_log_has_the_token(proxy, query):
    proxy.ask("GET", f"/?{query}", BROWSER)
    proxy.ask("GET", f"/?{query}", {**BROWSER, "Host": "evil.example"})
    assert_unlogged(proxy)


def test_no_log_has_the_token_where_the_server_is_down(kind, tmp_path):
    down = Proxy(kind, tmp_path, (1, 1, 1))  # nobody listens there
    try:
        for query in (f"token={TOKEN}", f"a=b&%74oken={TOKEN}", f"token={TOKEN}&x=%zz"):
            assert down.ask("GET", f"/?{query}", {**BROWSER, **BEARER}).status == 502
        assert_unlogged(down)
    finally:
        down.end()


def assert_unlogged(proxy):
    logged = proxy.log
    assert TOKEN not in logged
    assert "".join(f"%{ord(each):02x}" for each in TOKEN) not in logged.lower()
