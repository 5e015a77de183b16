"""By which names of the host a page may be opened (DNS rebinding)."""

from __future__ import annotations

import pytest

from lit_plugins.errors import UserError
from lit_plugins.serve import server
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.hosts import checked_host, is_loopback, parsed_host
from tests.raw import request, send
from tests.serve.guard.guarding import BROWSER, JSON, TOKEN, Site


@pytest.fixture(scope="module")
def here():
    """Without a token, on this machine alone."""
    return Site(Access())


@pytest.fixture(scope="module")
def shared():
    """With a token, opened by two names."""
    return Site(Access(token=TOKEN, allowed_hosts=("lab.example", "192.0.2.7")))


LOOPBACK_HOSTS = ["localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.8.9.10", "[::1]"]
FOREIGN_HOSTS = [
    "attacker.com",
    "10.attacker.com",
    "localhost.attacker.com",
    "127.0.0.1.nip.io",
    "0.0.0.0",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "0127.0.0.1",
    "sub.localhost",
    "[::2]",
    "[::]",
    "lab.example",
]
MALFORMED_HOSTS = [
    "localhost@evil.example",
    "evil.example@localhost",
    "localhost, evil.example",
    "localhost/evil",
    "localhost:5380:80",
    "localhost:",
    "localhost:99999",
    "local host",
    "[::1",
    "::1",
    "[::1%lo]",
    "http://localhost",
    "localhost..",
    ".localhost",
    "*",
    "l\xf6calhost",
    "",
]


@pytest.mark.parametrize("host", LOOPBACK_HOSTS)
@pytest.mark.parametrize("port", ["", ":80", ":5380"])
def test_the_machines_own_names_are_served_whatever_the_port(here, host, port):
    assert here.ask("GET", "/", {"Host": host + port}).status == 200


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
@pytest.mark.parametrize("port", ["", ":5380"])
def test_another_name_that_resolves_to_this_machine_is_refused(here, host, port):
    answer = here.call({"Host": host + port})
    assert answer.status == 403
    assert "--allowed-host" in answer.error


@pytest.mark.parametrize("host", MALFORMED_HOSTS)
def test_a_malformed_host_is_refused(here, host):
    answer = here.call({"Host": host})
    assert answer.status == 400
    assert answer.error == "The request needs a Host header that names one host."


def test_no_host_is_refused(here):
    for version in ("1.0", "1.1"):
        answer = send(here.address, request("POST", "/get_preds", JSON, b"{}", version=version))
        assert answer.status == 400
        assert "Host header" in answer.error


def test_two_hosts_are_refused(here):
    for first, second in [("localhost", "evil.example"), ("localhost", "localhost")]:
        head = f"GET / HTTP/1.1\r\nHost: {first}\r\nHost: {second}\r\n\r\n"
        assert send(here.address, head.encode()).status == 400


def test_an_address_with_another_host_than_the_header_is_refused(here):
    assert here.ask("GET", f"http://{here.host}/").status == 200
    for target in (
        "http://evil.example/",
        f"https://evil.example:{here.port}/?{here.host}",
        f"http://{here.host}@evil.example/",
        "http://localhost/",
    ):
        assert here.ask("GET", target).status == 403, target
    for target in ("ftp://localhost/", "evil.example:80", "localhost"):
        assert here.ask("GET", target).status == 400, target


def test_a_path_that_looks_like_a_host_is_a_path(here):
    assert here.ask("GET", "//evil.example/").status == 200
    assert here.seen[-1]["PATH_INFO"] == "/evil.example/"


def test_allowed_names_are_exact(shared):
    cookie = shared.cookie()
    for host in ("lab.example", "LAB.example:443", "lab.example.", "192.0.2.7:5380", "localhost"):
        assert shared.ask("GET", "/main.js", {"Host": host} | bearer()).status == 200, host
    for host in ("www.lab.example", "lab.example.evil", "xlab.example", "192.0.2.70", "ab.example"):
        answer = shared.ask("GET", "/main.js", {"Host": host} | bearer() | cookie)
        assert answer.status == 403, host


def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


def test_a_browser_is_told_in_a_page_with_the_name_escaped(shared):
    answer = shared.ask("GET", "/", {"Host": "evil.example", **BROWSER})
    assert answer.status == 403
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert b"&#x27;evil.example&#x27;" in answer.body


@pytest.mark.parametrize("remote", ["192.0.2.9", "::ffff:192.0.2.9", "fe80::1", "", "localhost.x"])
def test_without_a_token_nobody_from_elsewhere_is_served(remote):
    answer = Site(Access(), remote=remote).call()
    assert answer.status == 403
    assert answer.error.startswith("The server has no token")


@pytest.mark.parametrize("remote", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_without_a_token_whoever_is_on_the_machine_is_served(remote):
    assert Site(Access(), remote=remote).call().status == 200


def test_with_a_token_whoever_is_elsewhere_is_served():
    site = Site(Access(token=TOKEN, allowed_hosts=("lab.example",)), remote="192.0.2.9")
    assert site.call(bearer()).status == 200
    assert site.call().status == 401


@pytest.mark.parametrize(
    "host",
    ["*", "*.example", "lab.example:80", "http://lab.example", "", "a b", "m\xfcller.example"],
)
def test_an_allowed_host_that_is_no_exact_name_is_refused(host):
    with pytest.raises(UserError, match="is not one exact name or address"):
        Access(token=TOKEN, allowed_hosts=(host,))


def test_allowed_hosts_are_kept_as_they_are_compared():
    assert checked_host("Lab.Example.") == "lab.example"
    assert checked_host("2001:DB8:0::1") == checked_host("[2001:db8::1]") == "2001:db8::1"


def test_hosts_without_a_token_are_refused():
    with pytest.raises(UserError, match="'lab.example' needs a token"):
        Access(allowed_hosts=("lab.example",))


def test_an_address_that_others_reach_needs_named_hosts():
    for access in (Access(), Access(token=TOKEN)):
        for address in ("0.0.0.0", "::", "192.0.2.7", "fe80::1"):
            with pytest.raises(UserError, match=f"Other machines can reach {address}"):
                access.check_address(address)
        for address in ("127.0.0.1", "::1", "127.0.1.1"):
            access.check_address(address)
    Access(token=TOKEN, allowed_hosts=("lab.example",)).check_address("0.0.0.0")


def test_named_hosts_and_a_token_open_an_address_to_others():
    access = Access(token=TOKEN, allowed_hosts=("lab.example",))
    with server.bind("0.0.0.0", 0, access) as bound:
        assert bound.getsockname()[0] == "0.0.0.0"


def test_a_host_header_in_its_parts():
    assert parsed_host("Lab.Example.:80") == ("lab.example", 80)
    assert parsed_host("[2001:DB8:0::1]") == ("2001:db8::1", None)
    assert is_loopback("::ffff:127.0.0.1")
    assert not is_loopback("::ffff:192.0.2.1")


@pytest.mark.parametrize(
    ("access", "host", "address"),
    [
        (Access(), "127.0.0.1", "http://127.0.0.1:5380/"),
        (Access(), "::1", "http://[::1]:5380/"),
        (Access(token=TOKEN), "127.0.0.1", f"http://127.0.0.1:5380/?token={TOKEN}"),
        (
            Access(token=TOKEN, allowed_hosts=("lab.example",)),
            "0.0.0.0",
            f"http://lab.example:5380/?token={TOKEN}",
        ),
        (
            Access(token=TOKEN, allowed_hosts=("lab.example",), tls=True),
            "127.0.0.1",
            f"https://lab.example/?token={TOKEN}",
        ),
    ],
)
def test_the_address_to_open_the_page_by(access, host, address):
    assert access.address(host, 5380) == address
