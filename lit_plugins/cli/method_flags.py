"""A method's options as flags, derived from what the method declares."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from lit_plugins.cli.completion import is_completing, offer
from lit_plugins.cli.parser import Parser
from lit_plugins.errors import UserError
from lit_plugins.options import Option

AnyMethod = TypeVar("AnyMethod")


def find_method(
    arguments: Sequence[str], methods: Mapping[str, AnyMethod], default: str, command: str
) -> AnyMethod:
    """The method that `--method` names among other arguments, or the default one.

    Args:
        arguments: what follows the command.
        methods: all there are, by name.
        default: the name of the one that is taken where none is named.
        command: for what is said of a wrong flag.

    Raises:
        UserError: there is no such method.
    """
    finder = Parser(prog=f"lit-plugins {command}", add_help=False, allow_abbrev=False)
    finder.add_argument("--method", default=default)
    name = finder.parse_known_args(arguments)[0].method
    if name not in methods:
        if is_completing():  # a name that is not yet typed to its end
            return methods[default]
        raise UserError(f"The method {name!r} is not known; choose from {', '.join(methods)}.")
    return methods[name]


def add_option_flags(parser: Any, options: Sequence[Option]) -> None:
    """One flag an option, `--some-name` for `some_name`.

    A flag that takes no value has a twin, `--no-some-name`.

    Args:
        parser: an argparse parser or group.
        options: what a method declares.
    """
    for option in options:
        shared: dict[str, Any] = {
            "dest": _place(option),
            "default": argparse.SUPPRESS,
            "help": _help(option).replace("%", "%%"),
        }
        if option.metavar is None:
            shared["action"] = argparse.BooleanOptionalAction
        else:
            shared["metavar"] = option.metavar
        action = parser.add_argument(_flag(option), **shared)
        offer(action, option.form().get("choices", ()))


def read_option_flags(
    given: argparse.Namespace,
    options: Sequence[Option],
    loaders: Mapping[str, Callable[[str], Any]],
) -> dict[str, Any]:
    """Checked values of the options that were given.

    Args:
        given: the parsed arguments.
        options: what a method declares.
        loaders: by what an option `loads`, the function that loads it from its name; called when
            all other options are right.

    Raises:
        UserError: a value is refused, or an option is missing that has no default.
    """
    values = {option: getattr(given, _place(option), option.default) for option in options}
    plain = [option for option in options if option.loads not in loaders]
    checked = {option.name: option.check(values[option]) for option in plain}
    for option in options:
        if option.loads in loaders:
            if values[option] is None:
                raise UserError(
                    f"The option {option.name} is missing; give {_flag(option)} a model."
                )
            checked[option.name] = option.check(loaders[option.loads](values[option]))
    return checked


def _flag(option: Option) -> str:
    return f"--{option.name.replace('_', '-')}"


def _place(option: Option) -> str:
    return f"option {option.name}"  # no flag of the command's own can have a space


def _help(option: Option) -> str:
    default = option.shown_default
    return f"{option.help} (default: {default})" if default else option.help
