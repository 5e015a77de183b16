"""The cookie that takes the token's place: whose it is, until when, and which are none."""

from __future__ import annotations

import re

import pytest

from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.passes import LIFETIME_S, RENEWED_AFTER_S, Passes
from tests.serve.guard.guarding import BROWSER, TOKEN, Site

OTHER = "Zq3vN8_mWy6cTr1bLk5hPd0sGf7jXa2e"
NOW = 1_800_000_000.0


class Clock:
    """A clock of the wall, which somebody may set."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def site(clock):
    return Site(Access(token=TOKEN), wall_clock=clock)


def value_of(cookie):
    return cookie["Cookie"].partition("=")[2]


def test_each_visitor_is_told_from_the_others(site):
    first, second = site.cookie(), site.cookie()
    assert first != second
    who = set()
    for cookie in (first, second, first):
        assert site.call(cookie).status == 200
        who.add(site.seen[-1]["lit_plugins.visitor"])
    assert len(who) == 2


def test_without_a_token_all_of_this_machine_are_one_visitor():
    site = Site(Access())
    assert not site.ask("GET", "/", BROWSER).cookies
    by_page = site.seen[-1]["lit_plugins.visitor"]
    site.call()
    by_script = site.seen[-1]["lit_plugins.visitor"]
    site.call(Site(Access(token=TOKEN)).cookie())
    assert by_page == by_script == site.seen[-1]["lit_plugins.visitor"]


# Until when.


def test_a_cookie_ends_after_some_days(site, clock):
    cookie = site.cookie()
    clock.now += LIFETIME_S - 1
    assert site.call(cookie).status == 200
    clock.now += 1
    answer = site.call(cookie)
    assert answer.status == 401
    assert "A token is needed" in answer.error
    assert site.ask("GET", "/", {**BROWSER, **cookie}).status == 401
    assert site.ask("GET", "/main.js", cookie).status == 401


def test_the_browser_is_told_how_long_a_cookie_lasts(site):
    (cookie,) = site.ask("GET", f"/?token={TOKEN}", BROWSER).cookies
    assert re.search(r"; Max-Age=(\d+)", cookie)[1] == str(LIFETIME_S) == str(7 * 24 * 3600)


@pytest.mark.parametrize("used", ["page", "call"])
def test_a_cookie_in_use_is_renewed_once_a_day_for_the_same_visitor(site, clock, used):
    def use(cookie):
        if used == "call":
            return site.call(cookie)
        return site.ask("GET", "/", {**BROWSER, **cookie})

    first = site.cookie()
    clock.now += RENEWED_AFTER_S - 1
    assert not use(first).cookies
    clock.now += 1
    answer = use(first)
    visitor = site.seen[-1]["lit_plugins.visitor"]
    (renewed,) = answer.cookies
    assert "; HttpOnly; SameSite=Strict" in renewed
    second = {"Cookie": renewed.partition(";")[0]}
    assert not use(second).cookies
    clock.now += LIFETIME_S - 1
    assert use(first).status == 401
    assert use(second).status == 200
    assert site.seen[-1]["lit_plugins.visitor"] == visitor


def test_a_renewed_cookie_is_for_the_prefix_and_for_https_as_the_first_one(clock):
    access = Access(token=TOKEN, allowed_hosts=("lab.example",), tls=True)
    site = Site(access, prefix="/tools/lit", wall_clock=clock)
    (first,) = site.ask("GET", f"/tools/lit/?token={TOKEN}", BROWSER).cookies
    clock.now += RENEWED_AFTER_S
    used = {**BROWSER, "Cookie": first.partition(";")[0]}
    (renewed,) = site.ask("GET", "/tools/lit/", used).cookies
    assert renewed != first
    assert renewed.partition(";")[2] == first.partition(";")[2]
    assert "Path=/tools/lit; " in renewed
    assert renewed.endswith("; Secure")


def test_a_script_with_the_token_gets_no_cookie(site, clock):
    clock.now += LIFETIME_S
    assert not site.call({"Authorization": f"Bearer {TOKEN}"}).cookies


def test_a_clock_that_was_set_back_by_a_little_ends_no_cookie(site, clock):
    cookie = site.cookie()
    clock.now -= 300
    assert site.call(cookie).status == 200


def test_a_cookie_from_the_far_future_is_none(site, clock):
    """Otherwise one that was given out while the clock was years ahead would last for years."""
    clock.now += 10 * 365 * 24 * 3600
    cookie = site.cookie()
    clock.now = NOW
    assert site.call(cookie).status == 401


# Which are none.


def test_a_forged_cookie_is_none(site):
    visitor, made, signature = value_of(site.cookie()).split(".")
    flipped = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    others = Passes(OTHER, lambda: NOW).new(visitor).rpartition(".")[2]
    later = str(int(made) + 1)
    for forged in (
        TOKEN,
        visitor,
        f"{visitor}.{made}",
        f"{visitor}.{made}.",
        f".{made}.{signature}",
        f"someone.{made}.{signature}",
        f"{visitor}.{later}.{signature}",
        f"{visitor}.0{made}.{signature}",
        f"{visitor}.-{made}.{signature}",
        f"{visitor}.{made}.{flipped}",
        f"{visitor}.{made}.{signature.upper()}",
        f"{visitor}.{made}.{signature}.",
        f"{visitor}.{made}.{others}",
        f"{visitor}.{'9' * 5000}.{signature}",
        f"{visitor}.{signature}",
        "\xff.\xff.\xff",
        "",
    ):
        cookie = {"Cookie": f"lit-plugins-{site.port}={forged}"}
        assert site.call(cookie).status == 401, forged


def test_a_cookie_of_another_server_or_of_an_earlier_token_is_none(site):
    other = Site(Access(token=OTHER), wall_clock=lambda: NOW)
    value = value_of(other.cookie(OTHER))
    assert other.call({"Cookie": f"lit-plugins-{other.port}={value}"}).status == 200
    assert site.call({"Cookie": f"lit-plugins-{site.port}={value}"}).status == 401


def test_cookies_of_other_servers_of_the_host_do_no_harm(site):
    name, _, value = site.cookie()["Cookie"].partition("=")
    beside = f"{name}=old.0.0; lit-plugins-1=x; {name}={value}; other"
    assert site.call({"Cookie": beside}).status == 200


def test_a_cookie_outlives_a_restart_with_the_same_token(site, clock):
    again = Site(Access(token=TOKEN), wall_clock=clock)
    value = value_of(site.cookie())
    assert again.call({"Cookie": f"lit-plugins-{again.port}={value}"}).status == 200
