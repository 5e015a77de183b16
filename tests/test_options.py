import json

import numpy as np
import pytest

from lit_plugins.errors import UserError
from lit_plugins.options import (
    Boolean,
    Choice,
    Integer,
    LanguageModel,
    Number,
    Option,
    OtherModel,
    Text,
    check_options,
)

COUNT = Integer("count", 50, "How many.", low=2, high=100)
SHARE = Number("share", 0.5, "How much.", low=0, high=1)
KIND = Choice("kind", "red", "Which.", choices=("red", "green"))
TITLE = Text("title", "", "What it is called.")
LOUD = Boolean("loud", False, "Whether it shouts.")
ALL = (COUNT, SHARE, KIND, TITLE, LOUD)


def refusal(option: Option, value: object) -> str:
    with pytest.raises(UserError) as caught:
        option.check(value)
    said = str(caught.value)
    assert said.startswith(f"The option {option.name} is ")
    assert said.endswith(".")
    return said


@pytest.mark.parametrize("value", [50, 50.0, "50", " 50 ", "50.0", "5e1", np.int64(50)])
def test_an_integer_comes_as_forms_and_command_lines_send_it(value):
    read = COUNT.check(value)
    assert read == 50
    assert type(read) is int


def test_a_large_integer_keeps_every_digit():
    seed = Integer("seed", 0, "", low=0)
    assert seed.check(str(2**63 + 1)) == 2**63 + 1


@pytest.mark.parametrize(
    "value", [1, 101, 2.5, "many", "", None, True, np.True_, float("nan"), float("inf"), [50]]
)
def test_a_wrong_integer_is_refused_with_its_bounds(value):
    assert refusal(COUNT, value).endswith("; give a whole number from 2 to 100.")


@pytest.mark.parametrize("value", [0.25, "0.25", "2.5e-1", np.float32(0.25)])
def test_a_number(value):
    assert SHARE.check(value) == 0.25
    assert type(SHARE.check(value)) is float


@pytest.mark.parametrize("value", [-0.1, 1.1, "half", None, True, "nan", "inf"])
def test_a_wrong_number_is_refused_with_its_bounds(value):
    assert refusal(SHARE, value).endswith("; give a number from 0 to 1.")


def test_one_bound_or_none_is_named_as_such():
    assert "of at least 2." in refusal(Integer("n", 2, "", low=2), 1)
    assert "of at most 2." in refusal(Integer("n", 2, "", high=2), 3)
    assert refusal(Number("n", 2, ""), "x").endswith("; give a number.")


def test_a_choice():
    assert KIND.check("green") == "green"
    for value in ("blue", "Red", None, 1, ["red"]):
        assert refusal(KIND, value).endswith("; give one of red, green.")


def test_a_text():
    assert TITLE.check("a b") == "a b"
    assert refusal(TITLE, 3).endswith("; give a text.")


def test_a_boolean():
    for value in (True, np.True_, 1, "true", "True", " yes ", "on", "1"):
        assert LOUD.check(value) is True
    for value in (False, np.False_, 0, "false", "NO", "off", "0"):
        assert LOUD.check(value) is False
    for value in (2, "maybe", None, ""):
        assert refusal(LOUD, value).endswith("; give true or false.")


class Encodes:
    def encode(self, texts):
        return []


class Classifies(Encodes):
    def logits(self, rows):
        return []


class Proposes:
    propose = None


def test_a_language_model_is_given_by_name_or_loaded():
    asked = LanguageModel("infill_model", "auto", "Which words.", longest=10)
    assert asked.check("./mine") == "./mine"
    model = Proposes()
    assert asked.check(model) is model
    wanted = "the name of a masked language model, or a MaskedLanguageModel"
    for value in (3, None, Classifies()):
        assert refusal(asked, value).endswith(f"; give {wanted}.")
    assert refusal(asked, "x" * 11) == (
        "The option infill_model is 11 characters long; give at most 10."
    )


def test_a_text_may_be_as_long_as_it_says():
    assert TITLE.check("x" * 10_000) == "x" * 10_000
    assert refusal(TITLE, "x" * 10_001) == (
        "The option title is 10,001 characters long; give at most 10,000."
    )


def test_a_classifier_is_known_by_what_it_can_do():
    asked = OtherModel("other", None, "Which model to compare with.")
    classifier = Classifies()
    assert asked.check(classifier) is classifier
    for value in ("bert", 3, Encodes()):
        assert refusal(asked, value).endswith("; give a classifier, such as a TextClassifier.")


@pytest.mark.parametrize(
    ("option", "wanted"),
    [
        (OtherModel("other", None, ""), "a classifier, such as a TextClassifier"),
        (Integer("count", None, "", low=2), "a whole number of at least 2"),
        (Text("title", None, ""), "a text"),
        (Choice("kind", None, "", choices=("red", "green")), "one of red, green"),
    ],
)
def test_an_option_without_a_default_must_be_given(option, wanted):
    for given in ({}, {option.name: None}):
        with pytest.raises(UserError) as caught:
            check_options((COUNT, option) if option.name != "count" else (option,), given)
        assert str(caught.value) == f"The option {option.name} is missing; give {wanted}."


def test_a_long_value_is_cut_in_the_sentence():
    assert len(refusal(COUNT, "x" * 1000)) < 150


def test_options_that_are_not_given_have_their_defaults_in_order():
    checked = check_options(ALL, {"kind": "green", "count": "7"})
    assert checked == {"count": 7, "share": 0.5, "kind": "green", "title": "", "loud": False}
    assert list(checked) == [option.name for option in ALL]
    json.dumps(checked)


def test_an_unknown_option_is_refused_with_those_that_are():
    with pytest.raises(UserError, match="'cout' is not known; choose from count, kind"):
        check_options((COUNT, KIND), {"cout": 3})
    with pytest.raises(UserError, match="'cout' is not known; there are none to give"):
        check_options((), {"cout": 3})


@pytest.mark.parametrize(
    ("option", "control", "default", "wanted", "rest"),
    [
        (
            Integer("x", 5, "Which.", low=2, high=100),
            "number",
            5,
            "a whole number from 2 to 100",
            {"low": 2, "high": 100, "step": 1},
        ),
        (
            Number("x", 0.5, "Which.", low=0),
            "number",
            0.5,
            "a number of at least 0",
            {"low": 0, "high": None, "step": None},
        ),
        (
            Choice("x", "red", "Which.", ("red", "green")),
            "menu",
            "red",
            "one of red, green",
            {"choices": ["red", "green"]},
        ),
        (Text("x", "", "Which."), "text", "", "a text", {"longest": 10_000}),
        (Boolean("x", True, "Which."), "checkbox", True, "true or false", {}),
        (
            OtherModel("x", None, "Which."),
            "models",
            None,
            "a classifier, such as a TextClassifier",
            {},
        ),
    ],
)
def test_a_form_is_plain_data(option, control, default, wanted, rest):
    form = option.form()
    common = {"control": control, "default": default, "wanted": wanted}
    assert form == {"name": "x", "help": "Which.", **common, **rest}
    assert json.loads(json.dumps(form)) == form
