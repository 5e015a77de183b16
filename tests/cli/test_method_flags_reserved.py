from __future__ import annotations

import argparse
from dataclasses import replace

import pytest

from lit_plugins.cli import counterfactuals, evaluate, explain
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS
from lit_plugins.explain.registry import check_declaration
from lit_plugins.options import Integer
from lit_plugins.options.checking import RESERVED


@pytest.mark.parametrize("command", [explain, counterfactuals, evaluate])
def test_no_plug_in_can_have_an_option_with_the_name_of_a_commands_own_flag(command):
    parser = argparse.ArgumentParser()
    command.add_flags(parser, [])
    own = {action.dest for action in parser._actions if not action.dest.startswith("option ")}
    assert own - RESERVED <= {"target", "top", "method"}


@pytest.mark.parametrize("name", ["target", "top", "model", "pieces"])
def test_an_explanation_method_with_such_an_option_is_refused(name):
    method = replace(METHODS["occlusion"], options=(Integer(name, 1, "A number."),))
    with pytest.raises(UserError, match=f"An option cannot be called '{name}'"):
        check_declaration(method)
