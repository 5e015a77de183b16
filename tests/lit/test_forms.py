import json
from dataclasses import dataclass
from typing import ClassVar

import pytest
from lit_nlp.api import types as lit_types

from lit_plugins.cli.method_flags import add_option_flags, read_option_flags
from lit_plugins.cli.parser import Parser
from lit_plugins.errors import UserError
from lit_plugins.lit.forms import config_fields, described, filled_in
from lit_plugins.options import (
    Boolean,
    Choice,
    Integer,
    Option,
    OtherModel,
    Text,
    check_options,
)

OPTIONS = (
    Integer("count", 50, "How many.", low=2, high=100),
    Choice("color", "green", "Which.", ("red", "green")),
    Text("title", "", "What it is called."),
    Boolean("loud", True, "Whether it shouts."),
)


class Component:
    options = OPTIONS


def test_lit_gets_a_field_of_its_own_types_for_each_option():
    fields = config_fields(OPTIONS)
    assert {name: type(field) for name, field in fields.items()} == {
        "count": lit_types.TextSegment,
        "color": lit_types.CategoryLabel,
        "title": lit_types.TextSegment,
        "loud": lit_types.BooleanLitType,
    }
    assert fields["count"].default == "50"
    assert fields["color"].vocab == ["green", "red"]  # LIT begins with the first one
    assert fields["loud"].default is True
    assert not any(field.required for field in fields.values())


def test_the_defaults_of_the_fields_are_those_of_the_options():
    # The form of a metric sends them for whatever a user leaves as it is.
    sent = {name: field.default for name, field in config_fields(OPTIONS).items()}
    assert filled_in(OPTIONS, sent) == check_options(OPTIONS, {})


def test_another_model_is_chosen_from_those_there_are():
    (field,) = config_fields((OtherModel("other", None, "Which."),), ["a", "b"]).values()
    assert isinstance(field, lit_types.CategoryLabel)
    assert field.vocab == ["a", "b"]


def test_a_component_is_described_by_its_options_forms():
    assert described(Component()) == [option.form() for option in OPTIONS]
    assert described(object()) == []


def test_a_config_is_checked_and_the_rest_of_it_is_left_out():
    config = {"count": "7", "loud": False, "run": "x"}
    checked = {"count": 7, "color": "green", "title": "", "loud": False}
    assert filled_in(OPTIONS, config) == checked
    with pytest.raises(UserError, match="count is '1'; give a whole number from 2 to 100"):
        filled_in(OPTIONS, {"count": "1"})


@dataclass(frozen=True)
class Languages(Option):
    """A made-up kind: codes of languages, separated by commas."""

    control: ClassVar = "text"
    wanted: ClassVar[str] = "codes of languages, such as de,en"
    metavar: ClassVar[str] = "CODE,…"

    def read(self, value):
        codes = tuple(value.split(","))
        if not all(len(code) == 2 for code in codes):
            raise ValueError(value)
        return codes


def test_a_new_kind_of_option_is_one_class(capsys):
    option = Languages("spoken_here", "en", "Which ones.")
    sentence = "The option spoken_here is 'english'; give codes of languages, such as de,en."
    parser = Parser(prog="x")
    add_option_flags(parser, (option,))
    parsed = parser.parse_args(["--spoken-here", "de,fr"])
    assert read_option_flags(parsed, (option,), {}) == {"spoken_here": ("de", "fr")}
    with pytest.raises(UserError) as refused:
        read_option_flags(parser.parse_args(["--spoken-here", "english"]), (option,), {})
    assert str(refused.value) == sentence
    parser.print_help()
    shown = " ".join(capsys.readouterr().out.split())
    assert "--spoken-here CODE,… Which ones. (default: en)" in shown

    (field,) = config_fields((option,)).values()
    assert field.default == "en"
    component = Component()
    component.options = (option,)
    assert described(component) == json.loads(json.dumps([option.form()]))
    assert filled_in((option,), {"spoken_here": "de,fr"}) == {"spoken_here": ("de", "fr")}
    with pytest.raises(UserError) as refused:
        filled_in((option,), {"spoken_here": "english"})
    assert str(refused.value) == sentence
