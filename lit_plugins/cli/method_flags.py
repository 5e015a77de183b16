"""A method's options as flags, derived from what the method declares."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from lit_plugins.cli.parser import Parser
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS, Method
from lit_plugins.options import Option

DEFAULT_METHOD = "shapley"

_METAVARS = {"integer": "N", "number": "X", "text": "TEXT", "classifier": "MODEL"}


def find_method(arguments: Sequence[str]) -> Method:
    """The method that `--method` names among other arguments, or the default one.

    Raises:
        UserError: there is no such method.
    """
    finder = Parser(prog="lit-plugins explain", add_help=False, allow_abbrev=False)
    finder.add_argument("--method", default=DEFAULT_METHOD)
    name = finder.parse_known_args(arguments)[0].method
    if name not in METHODS:
        raise UserError(f"The method {name!r} is not known; choose from {', '.join(METHODS)}.")
    return METHODS[name]


def add_option_flags(parser: Any, options: Sequence[Option]) -> None:
    """One flag an option, `--some-name` for `some_name`; a boolean one has `--no-some-name` too.

    Args:
        parser: an argparse parser or group.
        options: what a method declares.
    """
    for option in options:
        flag = f"--{option.name.replace('_', '-')}"
        shared = {
            "dest": _place(option),
            "default": argparse.SUPPRESS,
            "help": _help(option).replace("%", "%%"),
        }
        if option.kind == "boolean":
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, **shared)
        else:
            metavar = "|".join(option.choices) or _METAVARS[option.kind]
            parser.add_argument(flag, metavar=metavar, **shared)


def read_option_flags(
    given: argparse.Namespace, options: Sequence[Option], load: Callable[[str], Any]
) -> dict[str, Any]:
    """Checked values of the options that were given.

    Args:
        given: the parsed arguments.
        options: what a method declares.
        load: makes a classifier of what was given for one; called when all else is right.

    Raises:
        UserError: a value is refused, or an option is missing that has no default.
    """
    values = {option: getattr(given, _place(option), option.default) for option in options}
    plain = [option for option in options if option.kind != "classifier"]
    checked = {option.name: option.check(values[option]) for option in plain}
    for option in options:
        if option.kind == "classifier":
            flag = f"--{option.name.replace('_', '-')}"
            if values[option] is None:
                raise UserError(f"The option {option.name} is missing; give {flag} a model.")
            checked[option.name] = option.check(load(values[option]))
    return checked


def _place(option: Option) -> str:
    return f"option {option.name}"  # no flag of the command's own can have a space


def _help(option: Option) -> str:
    if option.default is None or option.default == "":
        return option.help
    default = (
        {True: "yes", False: "no"}[option.default] if option.kind == "boolean" else (option.default)
    )
    return f"{option.help} (default: {default})"
