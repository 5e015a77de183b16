"""What others' errors say is quoted in one sentence of ours."""

import pytest

from lit_plugins.errors import UserError, first_sentence


@pytest.mark.parametrize(
    ("message", "quoted"),
    [
        ("It failed.", "It failed"),
        ("It failed. Try again. Or not.", "It failed"),
        ("  two\n  lines\n", "two lines"),
        ("config.json is 3.5 kB", "config.json is 3.5 kB"),
        ("", "ValueError"),
        ("Bad thing! And\nmore", "Bad thing"),
        ("It failed:", "It failed"),
        ("long " * 40, "long " * 23 + "long…"),
    ],
)
def test_the_first_sentence_of_an_error(message, quoted):
    assert first_sentence(ValueError(message)) == quoted
    assert len(first_sentence(ValueError(message))) <= 120


def test_a_users_mistake_is_a_value_error():
    assert issubclass(UserError, ValueError)
