"""Tokens: made, compared, and read from the environment or a file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lit_plugins.errors import UserError
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.tokens import (
    TOKEN_VARIABLE,
    given_token,
    new_token,
    same_token,
)
from tests.serve.guard.guarding import TOKEN

OTHER = "Zq3vN8_mWy6cTr1bLk5hPd0sGf7jXa2e"


def test_a_new_token_is_never_the_same():
    made = {new_token() for _ in range(100)}
    assert len(made) == 100
    for token in made:
        Access(token=token)


def test_a_token_is_not_shown():
    assert TOKEN not in repr(Access(token=TOKEN))


def test_tokens_are_compared():
    assert same_token(TOKEN, TOKEN)
    for other in (OTHER, "", TOKEN + "x", "\ud800", "\xff"):
        assert not same_token(other, TOKEN)


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        ("", "has 0 characters"),
        ("short", "has 5 characters"),
        ("x" * 513, "has 513 characters"),
        ("a" * 40, "at least 8 different characters"),
        ("correct horse battery staple, twice", "letters, digits or one of"),
        ("pässwörter-sind-keine-token-1234567", "letters, digits or one of"),
    ],
)
def test_a_token_that_could_be_guessed_or_not_be_sent_is_refused(token, problem):
    with pytest.raises(UserError, match=problem) as refused:
        Access(token=token)
    assert not token or token not in str(refused.value)


def test_the_token_of_the_environment():
    assert given_token(None, {}) is None
    assert given_token(None, {TOKEN_VARIABLE: TOKEN}) == TOKEN
    # Who sets it to nothing meant to have one.
    with pytest.raises(UserError, match=f"The token in {TOKEN_VARIABLE} has 0 characters"):
        given_token(None, {TOKEN_VARIABLE: ""})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    path.chmod(0o600)
    return path


def test_the_token_of_a_file_comes_first(file):
    assert given_token(file, {TOKEN_VARIABLE: OTHER}) == TOKEN


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_that_others_may_read_is_refused(file, mode):
    file.chmod(mode)
    with pytest.raises(UserError, match="may be read or written by others; run chmod 600"):
        given_token(file, {})


def test_a_file_that_another_user_has_given_is_read(file, monkeypatch):
    file.chmod(0o644)
    monkeypatch.setattr(os, "getuid", lambda: file.stat().st_uid + 1)
    assert given_token(file, {}) == TOKEN


def test_a_file_that_is_none_is_refused(tmp_path):
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(UserError, match="cannot be read"):
            given_token(path, {})
    with pytest.raises(UserError, match="characters"):
        given_token(Path(os.devnull), {})
