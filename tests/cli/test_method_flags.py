import argparse

import pytest

from lit_plugins.cli.method_flags import add_option_flags, find_method, read_option_flags
from lit_plugins.cli.parser import Parser
from lit_plugins.errors import UserError
from lit_plugins.options import (
    CLASSIFIER,
    LANGUAGE_MODEL,
    Boolean,
    Choice,
    Integer,
    LanguageModel,
    Number,
    OtherModel,
    Text,
)

OPTIONS = (
    Integer("steps", 16, "How many, at most 100 %.", low=2, high=64),
    Number("some_share", 0.5, "How much.", low=0),
    Choice("way", "left", "Which.", choices=("left", "right")),
    Text("start", "", "From where."),
    Boolean("all_words", True, "Whether."),
    OtherModel("other", None, "Which model else."),
)


class Loaded:
    encode = logits = None

    def __init__(self, source):
        self.source = source


class Words:
    propose = None

    def __init__(self, source):
        self.source = source


def read(*arguments, options=OPTIONS):
    parser = Parser(prog="x", allow_abbrev=False)
    add_option_flags(parser, options)
    loaders = {CLASSIFIER: Loaded, LANGUAGE_MODEL: Words}
    return read_option_flags(parser.parse_args(arguments), options, loaders)


def test_defaults_and_a_loaded_model():
    values = read("--other", "./older")
    assert values.pop("other").source == "./older"
    assert values == {
        "steps": 16,
        "some_share": 0.5,
        "way": "left",
        "start": "",
        "all_words": True,
    }


def test_a_language_model_is_loaded_by_its_default_too():
    options = (LanguageModel("infill_model", "auto", "Which words."),)
    assert read(options=options)["infill_model"].source == "auto"
    assert read("--infill-model", "./mine", options=options)["infill_model"].source == "./mine"


def test_values_come_in_the_options_own_types():
    plain = OPTIONS[:-1]
    values = read(
        *("--steps", "1e1", "--some-share", "2", "--way", "right"),
        *("--start", "a b", "--no-all-words"),
        options=plain,
    )
    assert values == {
        "steps": 10,
        "some_share": 2.0,
        "way": "right",
        "start": "a b",
        "all_words": False,
    }
    assert read("--all-words", options=plain)["all_words"] is True


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--steps", "65"), "The option steps is '65'; give a whole number from 2 to 64."),
        (("--steps", "few"), "The option steps is 'few'; give a whole number from 2 to 64."),
        (("--some-share=-1",), "The option some_share is '-1'; give a number of at least 0."),
        (("--way", "up"), "The option way is 'up'; give one of left, right."),
        ((), "The option other is missing; give --other a model."),
    ],
)
def test_a_refusal_is_the_options_own_and_comes_before_a_model_is_loaded(arguments, sentence):
    with pytest.raises(UserError) as refusal:
        read(*arguments)
    assert str(refusal.value) == sentence


def test_the_help_says_the_default(capsys):
    parser = argparse.ArgumentParser(prog="x")
    add_option_flags(parser, OPTIONS)
    parser.print_help()
    printed = " ".join(capsys.readouterr().out.split())
    assert "--steps N How many, at most 100 %. (default: 16)" in printed
    assert "--way left|right Which. (default: left)" in printed
    assert "--all-words, --no-all-words Whether. (default: yes)" in printed
    assert "--start TEXT From where. --all-words" in printed
    assert printed.endswith("--other MODEL Which model else.")


METHODS = {"first": 1, "second": 2}


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["a text", "--seed", "3"], 1),
        (["-o", "x.csv", "--method", "second", "--help"], 2),
        (["--method=second"], 2),
        (["--", "--method", "second"], 1),
    ],
)
def test_the_method_is_found_among_other_arguments(arguments, found):
    assert find_method(arguments, METHODS, "first", "explain") == found


def test_a_method_that_is_none(capsys):
    with pytest.raises(UserError, match="'magic' is not known; choose from first, second."):
        find_method(["--method", "magic"], METHODS, "first", "explain")
    with pytest.raises(SystemExit):
        find_method(["--method"], METHODS, "first", "counterfactuals")
    assert "lit-plugins counterfactuals: argument --method" in capsys.readouterr().err


def test_a_language_model_is_loaded_only_where_it_is_needed():
    filler = LanguageModel("filler", "auto", "Which words.", only_with=("way", "right"))
    options = (OPTIONS[2], filler)
    assert read(options=options) == {"way": "left", "filler": "auto"}
    assert read("--filler", "./mine", options=options)["filler"] == "./mine"
    assert (
        read("--way", "right", "--filler", "./mine", options=options)["filler"].source == "./mine"
    )
