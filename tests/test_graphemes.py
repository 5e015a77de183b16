import regex

from lit_plugins.graphemes import graphemes
from tests.random_texts import random_texts

INDIA, FRANCE = "\U0001f1ee\U0001f1f3", "\U0001f1eb\U0001f1f7"


def test_two_regional_indicators_are_a_flag():
    assert graphemes(f"a{INDIA}{FRANCE}b") == ["a", INDIA, FRANCE, "b"]
    assert graphemes(f"{INDIA}\u0301{FRANCE[0]} {FRANCE}") == [
        *(f"{INDIA}\u0301", FRANCE[0], " ", FRANCE)
    ]


def test_graphemes_are_those_of_regex():
    for text in random_texts(7, 300):
        assert graphemes(text) == regex.findall(r"\X", text)


def test_a_long_run_of_regional_indicators_is_split_from_its_start():
    assert graphemes(INDIA * 100_000) == [INDIA] * 100_000
