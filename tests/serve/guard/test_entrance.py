"""The token, once; then the cookie; and what is no more than a guess."""

from __future__ import annotations

import re
from html import unescape

import pytest

from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.attempts import MOST_ADDRESSES, MOST_FAILURES, WINDOW_S, Failures
from lit_plugins.serve.guard.passes import LIFETIME_S
from tests.serve.guard.guarding import BROWSER, TOKEN, Site

OTHER = "Zq3vN8_mWy6cTr1bLk5hPd0sGf7jXa2e"


WRONG = TOKEN[:-1] + "x"


FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "null"}


TYPED = {**BROWSER, "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}


LINKED = {**BROWSER, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture(scope="module")
def site():
    return Site(Access(token=TOKEN))


def refresh(body: bytes) -> str | None:
    """Where a page goes by itself."""
    found = re.search(rb'http-equiv="refresh" content="0; url=([^"]*)"', body)
    return unescape(found[1].decode()) if found else None


# What is asked for without a token or a cookie.


def test_a_call_without_a_token_is_refused_as_json(site):
    answer = site.call()
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="lit-plugins"'
    assert "A token is needed" in answer.error


def test_a_file_of_the_page_without_a_token_is_refused(site):
    for path in ("/main.js", "/nothing", "/static/x", "/index.html"):
        assert site.ask("GET", path).status == 401
    assert site.ask("GET", "/boom").status == 401


def test_the_page_without_a_token_is_a_form_for_it(site):
    before = len(site.seen)
    answer = site.ask("GET", "/?layout=compare&models=a,b", TYPED)
    assert answer.status == 401
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert b'<form method="post" action="./?layout=compare&amp;models=a,b">' in answer.body
    assert b"<script" not in answer.body
    assert refresh(answer.body) is None
    assert len(site.seen) == before


def test_what_the_form_repeats_is_escaped(site):
    target = '/?layout="><script>alert(1)</script>&x=%FC'
    answer = site.ask("GET", target, TYPED)
    assert answer.status == 401
    assert b"<script>" not in answer.body
    assert b"./?layout=&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;x=%FC" in answer.body


def test_head_has_no_body(site):
    answer = site.ask("HEAD", "/", {**TYPED, "Connection": "close"})
    assert answer.status == 401
    assert answer.body == b""


# The token in the address.


def test_the_token_in_the_address_becomes_a_cookie(site):
    answer = site.ask("GET", f"/?layout=compare&token={TOKEN}&models=a,b", LINKED)
    assert answer.status == 200
    assert refresh(answer.body) == "./?layout=compare&models=a,b"
    (cookie,) = answer.cookies
    value, *attributes = cookie.split("; ")
    assert attributes == ["Path=/", f"Max-Age={LIFETIME_S}", "HttpOnly", "SameSite=Strict"]
    assert value.startswith(f"lit-plugins-{site.port}=")
    assert TOKEN not in cookie
    assert TOKEN.encode() not in answer.body
    assert site.ask("GET", "/", {**TYPED, "Cookie": value}).body.startswith(b"<!doctype html>")


def test_an_escaped_token_is_read(site):
    escaped = "".join(f"%{ord(each):02X}" for each in TOKEN)
    assert site.ask("GET", f"/?%74oken={escaped}", TYPED).cookies


def test_the_cookie_is_for_https_only_where_there_is_tls():
    hosts = ("lab.example",)
    for access, scheme in [
        (Access(token=TOKEN, allowed_hosts=hosts, tls=True), "http"),
        (Access(token=TOKEN, allowed_hosts=hosts), "https"),
    ]:
        site = Site(access, scheme=scheme)
        answer = site.ask("GET", f"/?token={TOKEN}", {"Host": "lab.example", **BROWSER})
        (cookie,) = answer.cookies
        assert cookie.endswith("; HttpOnly; SameSite=Strict; Secure")


def test_the_cookie_is_for_the_prefix_only():
    site = Site(Access(token=TOKEN), prefix="/tools/lit")
    answer = site.ask("GET", f"/tools/lit/?token={TOKEN}", BROWSER)
    assert "; Path=/tools/lit; " in answer.cookies[0]
    assert refresh(answer.body) == "./"
    # Without its last slash the page's folder is one further down.
    assert refresh(site.ask("GET", f"/tools/lit?token={TOKEN}", BROWSER).body) == "./lit/"


def test_a_wrong_token_in_the_address_shows_the_form_and_not_the_token(site):
    answer = site.ask("GET", f"/?token={WRONG}&layout=compare", TYPED)
    assert answer.status == 401
    assert b"The token is wrong" in answer.body
    assert b'action="./?layout=compare"' in answer.body
    assert WRONG.encode() not in answer.body
    assert not answer.cookies


def test_an_old_token_in_a_bookmark_goes_if_there_is_a_cookie(site):
    answer = site.ask("GET", f"/?token={WRONG}&layout=compare", {**TYPED, **site.cookie()})
    assert answer.status == 200
    assert refresh(answer.body) == "./?layout=compare"
    assert not answer.cookies


def test_the_token_opens_nothing_but_the_page(site):
    assert site.ask("GET", f"/main.js?token={TOKEN}").status == 401
    sent = {"Content-Type": "application/json"}
    assert site.ask("POST", f"/get_preds?token={TOKEN}", sent, b"{}").status == 401


def test_a_token_in_the_referer_is_none(site):
    referer = {"Referer": f"http://{site.host}/?token={TOKEN}"}
    assert site.ask("GET", "/main.js", referer).status == 401
    assert site.call(referer).status == 401


# Links from elsewhere, for which browsers keep a strict cookie back.


@pytest.mark.parametrize("headers", [LINKED, BROWSER], ids=["told", "not told"])
def test_the_page_comes_again_from_its_own_site_once(site, headers):
    answer = site.ask("GET", "/?layout=compare", headers)
    assert answer.status == 401
    again = refresh(answer.body)
    assert again == "./?layout=compare&lit-plugins-again=1"
    # Now it is the page's own navigation: with the cookie if there is one.
    itself = {**headers, "Sec-Fetch-Site": "same-origin"} if headers is LINKED else headers
    answer = site.ask("GET", again[1:], {**itself, **site.cookie()})
    assert answer.status == 303
    assert answer.headers["location"] == "./?layout=compare"
    answer = site.ask("GET", again[1:], itself)
    assert answer.status == 401
    assert refresh(answer.body) is None
    assert b'action="./?layout=compare"' in answer.body


# The form.


def test_the_form_lets_one_in(site):
    body = f"token={TOKEN}".encode()
    answer = site.ask("POST", "/?layout=compare&lit-plugins-again=1", {**BROWSER, **FORM}, body)
    assert answer.status == 303
    assert answer.headers["location"] == "./?layout=compare"
    cookie = answer.cookies[0].partition(";")[0]
    assert site.call({"Cookie": cookie}).status == 200


@pytest.mark.parametrize("body", [f"token={WRONG}", "", "token=", "x=1", "token=%00%ff", "&&=&"])
def test_the_form_with_a_wrong_token_asks_again(body):
    answer = Site(Access(token=TOKEN)).ask("POST", "/", {**BROWSER, **FORM}, body.encode())
    assert answer.status == 401
    assert b"The token is wrong" in answer.body
    assert not answer.cookies


def test_the_form_comes_from_the_page_only(site):
    body = f"token={TOKEN}".encode()
    for foreign in (
        {**FORM, "Origin": "https://evil.example"},
        {**FORM, "Sec-Fetch-Site": "cross-site"},
    ):
        answer = site.ask("POST", "/", foreign, body)
        assert answer.status == 403
        assert not answer.cookies
    assert site.ask("POST", "/", {"Content-Type": "text/plain"}, body).status == 415
    assert site.ask("POST", "/", FORM, b"token=" + b"x" * 5000).status == 413


# Scripts.


def test_a_script_sends_the_token_as_a_bearer(site):
    assert site.call({"Authorization": f"Bearer {TOKEN}"}).status == 200
    assert site.call({"Authorization": f"bearer  {TOKEN} "}).status == 200
    assert site.ask("GET", "/main.js", {"Authorization": f"Bearer {TOKEN}"}).status == 200


@pytest.mark.parametrize(
    "given",
    [
        f"Bearer {WRONG}",
        "Bearer ",
        "Bearer",
        f"Bearer {TOKEN}{TOKEN}",
        f"Bearer {TOKEN[:16]}",
        f"Bearer {TOKEN.lower()}",
        f"Bearer {TOKEN}, Bearer {WRONG}",
        "Bearer \xff\x80",
        f"Basic {TOKEN}",
        TOKEN,
        f"Token {TOKEN}",
    ],
)
def test_another_authorization_is_none(given):
    assert Site(Access(token=TOKEN)).call({"Authorization": given}).status == 401


def test_a_wrong_bearer_is_not_made_good_by_a_cookie(site):
    assert site.call({**site.cookie(), "Authorization": f"Bearer {WRONG}"}).status == 401


# Guesses.


def test_many_wrong_tokens_from_an_address_are_told_to_wait():
    now = [0.0]
    site = Site(Access(token=TOKEN), clock=lambda: now[0])
    cookie = site.cookie()
    for _ in range(MOST_FAILURES):
        assert site.call({"Authorization": f"Bearer {WRONG}"}).status == 401
    now[0] = 20.5
    answer = site.call({"Authorization": f"Bearer {WRONG}"})
    assert answer.status == 429
    assert answer.headers["retry-after"] == "40"
    assert "Many wrong tokens" in answer.error
    page = site.ask("GET", f"/?token={WRONG}", TYPED)
    assert page.status == 429
    assert page.headers["retry-after"] == "40"
    assert site.ask("POST", "/", {**BROWSER, **FORM}, b"token=x").status == 429
    # Whoever comes through the same proxy is not locked out, and who has no token is no guesser.
    assert site.call(cookie).status == 200
    assert site.call({"Authorization": f"Bearer {TOKEN}"}).status == 200
    assert site.ask("GET", f"/?token={TOKEN}", TYPED).status == 200
    assert site.call().status == 401
    now[0] = WINDOW_S
    assert site.call({"Authorization": f"Bearer {WRONG}"}).status == 401


def test_a_missing_and_a_wrong_token_differ_in_the_sentence_only(site):
    missing, wrong = site.call(), site.call({"Authorization": f"Bearer {WRONG}"})
    assert missing.status == wrong.status == 401
    ignored = ("date", "content-length")
    assert {k: v for k, v in missing.headers.items() if k not in ignored} == {
        k: v for k, v in wrong.headers.items() if k not in ignored
    }


def test_the_table_of_failures_is_bounded():
    failures = Failures(lambda: 0.0)
    for _ in range(MOST_FAILURES):
        assert failures.count("first") == 0
    assert failures.count("first") == WINDOW_S
    for number in range(MOST_ADDRESSES):
        assert failures.count(str(number)) == 0
    assert len(failures._failures) == MOST_ADDRESSES
    assert failures.count("first") == 0  # the longest ago is forgotten
