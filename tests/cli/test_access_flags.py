"""Who may open the page, as flags say it."""

from __future__ import annotations

import argparse

import pytest

from lit_plugins.cli.access_flags import access_of, add_access_flags
from lit_plugins.errors import UserError
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.tokens import TOKEN_VARIABLE

TOKEN = "kVb8_Q0fKp2xXw5uTz7mLr4sYc1nHd9e"
COMMAND = "serve"


def access(*flags: str, **environment: str) -> Access:
    parser = argparse.ArgumentParser()
    add_access_flags(parser)
    return access_of(parser.parse_args(flags), environment)


def test_without_flags_this_machine_alone():
    assert access() == Access()


def test_hosts_without_a_token_get_a_new_one():
    first, second = (access("--allowed-host", "lab.example") for _ in range(2))
    assert first.allowed_hosts == ("lab.example",)
    assert first.token != second.token
    assert first.token is not None
    assert len(first.token) == 43


def test_the_token_of_the_environment_is_needed_on_this_machine_too():
    assert access(**{TOKEN_VARIABLE: TOKEN}) == Access(token=TOKEN)


def test_the_token_of_a_file(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    flags = ["--allowed-host", "lab.example", "--allowed-host", "192.0.2.7", "--tls"]
    given = access(*flags, "--token-file", str(file), "--frame-ancestor", "self")
    assert given == Access(
        token=TOKEN,
        allowed_hosts=("lab.example", "192.0.2.7"),
        frame_ancestors=("'self'",),
        tls=True,
    )


def test_there_is_no_flag_for_the_token_itself(refused):
    assert "--token" in refused("--token", TOKEN)


def test_what_is_malformed_is_refused():
    for flags in (["--allowed-host", "*"], ["--frame-ancestor", "*"], ["--token-file", "missing"]):
        with pytest.raises(UserError):
            access(*flags)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_an_address_that_others_reach_is_refused_before_anything_is_loaded(refused, host):
    sentence = refused("--host", host)
    assert f"Other machines can reach {host}; name the hosts" in sentence
    assert "--allowed-host" in sentence
