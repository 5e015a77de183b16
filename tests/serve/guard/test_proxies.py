"""Without a token a server answers its own machine, and so no proxy on it."""

from __future__ import annotations

import pytest

from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.proxies import is_proxied
from tests.raw import request, send
from tests.serve.guard.guarding import JSON, TOKEN, Site

SENT_BY_PROXIES = [
    "Forwarded",
    "Via",
    "Max-Forwards",
    "Proxy-Connection",
    "X-Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Port",
    "X-Forwarded-Server",
    "X-Forwarded-Prefix",
    "X-Forwarded-Uri",
    "X-Forwarded-User",
    "X-Forwarded-Client-Cert",
    "X-Real-IP",
    "X-Real-Port",
    "X-Original-Forwarded-For",
    "X-Original-Host",
    "X-Original-URL",
    "X-Originating-IP",
    "X-Remote-Addr",
    "X-ProxyUser-Ip",
    "X-Scheme",
    "X-Script-Name",
    "Front-End-Https",
    "Client-IP",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "True-Client-IP",
    "WL-Proxy-Client-IP",
    "X-Varnish",
    "X-Envoy-External-Address",
    "X-Envoy-Expected-Rq-Timeout-Ms",
    "CDN-Loop",
    "CF-Connecting-IP",
    "CF-Ray",
    "CF-Visitor",
    "CloudFront-Viewer-Address",
    "X-Amz-Cf-Id",
    "X-Amzn-Trace-Id",
    "Fastly-Client-IP",
    "Fastly-FF",
    "Akamai-Origin-Hop",
    "X-Cloud-Trace-Context",
    "X-AppEngine-User-IP",
    "X-Goog-IAP-JWT-Assertion",
    "X-Azure-ClientIP",
    "X-Azure-FDID",
    "X-ARR-LOG-ID",
    "X-AppGW-Trace-Id",
    "Disguised-Host",
    "Fly-Client-IP",
    "Fly-Region",
    "X-NF-Client-Connection-IP",
    "X-Vercel-Forwarded-For",
    "X-Auth-Request-User",
    "Remote-User",
    "Tailscale-User-Login",
]
SENT_BY_BROWSERS = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en",
    "Cache-Control": "no-cache",
    "Connection": "keep-alive",
    "DNT": "1",
    "Priority": "u=1, i",
    "Pragma": "no-cache",
    "Sec-CH-UA": '"Chromium";v="140"',
    "Sec-CH-UA-Platform": '"Linux"',
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "same-origin",
    "Sec-GPC": "1",
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0",
    "X-Requested-With": "XMLHttpRequest",
    "X-Request-Id": "a",
    "Traceparent": "00-0-0-00",
}


@pytest.fixture(scope="module")
def here():
    """Without a token, on this machine alone."""
    return Site(Access())


@pytest.mark.parametrize("name", SENT_BY_PROXIES)
@pytest.mark.parametrize("value", ["127.0.0.1", ""])
def test_what_only_proxies_send_gives_one_away(here, name, value):
    before = len(here.seen)
    answer = here.call({name: value})
    assert answer.status == 403
    assert answer.error == (
        "The server has no token, so it answers only its own machine, and no proxy on it; "
        "start it with a token in LIT_PLUGINS_TOKEN."
    )
    assert here.ask("GET", "/", {name.lower(): value}).status == 403
    assert len(here.seen) == before


def test_the_version_that_nginx_speaks_by_itself_gives_it_away(here):
    sent = {"Host": here.host, **JSON}
    assert send(here.address, request("POST", "/get_preds", sent, b"{}")).status == 200
    older = request("POST", "/get_preds", sent, b"{}", version="1.0")
    assert send(here.address, older).status == 403


def test_the_first_line_of_the_proxy_protocol_is_no_request(here):
    line = b"PROXY TCP4 192.0.2.9 127.0.0.1 50000 5380\r\n"
    asked = request("POST", "/get_preds", {"Host": here.host, **JSON}, b"{}")
    assert send(here.address, line + asked).status == 400
    binary = (
        b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x09\x7f\x00\x00\x01\xc3\x50\x15\x04"
    )
    assert send(here.address, binary + asked).status == 400


def test_what_browsers_and_scripts_send_does_not(here):
    sent = {**SENT_BY_BROWSERS, "Origin": f"http://{here.host}"}
    assert here.call(sent).status == 200
    assert not is_proxied({"HTTP_COOKIE": "x-forwarded-for=1", "SERVER_PROTOCOL": "HTTP/1.1"})


def test_with_a_token_proxies_may_come(here):
    site = Site(Access(token=TOKEN, allowed_hosts=("lab.example",)))
    given = {"Host": "lab.example", "Authorization": f"Bearer {TOKEN}"}
    for name in SENT_BY_PROXIES:
        assert site.call({**given, name: "192.0.2.9"}).status == 200
        assert site.call({"Host": "lab.example", name: "127.0.0.1"}).status == 401
