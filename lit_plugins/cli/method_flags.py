"""Derives flags from the options that a method or metric declares."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from lit_plugins.cli.completion import is_completing, offer
from lit_plugins.cli.parser import Parser
from lit_plugins.errors import UserError
from lit_plugins.options import Option
from lit_plugins.plugins import record_named

AnyMethod = TypeVar("AnyMethod")


def find_method(
    arguments: Sequence[str], methods: Mapping[str, AnyMethod], default: str, command: str
) -> AnyMethod:
    """Finds the method that `--method` names among other arguments, or the default method.

    Args:
        arguments: the words after the command.
        methods: all methods by name.
        default: the name of the default method.
        command: the name of the command, for messages about a wrong flag.

    Raises:
        UserError: there is no method of that name.
    """
    finder = Parser(prog=f"lit-plugins {command}", add_help=False, allow_abbrev=False)
    finder.add_argument("--method", default=default)
    name = finder.parse_known_args(arguments)[0].method
    if name not in methods and is_completing():  # the name may not be complete yet
        return methods[default]
    return record_named(methods, name, "method")


def add_option_flags(parser: Any, options: Sequence[Option]) -> None:
    """Adds one flag for each option: `--some-name` for `some_name`.

    A flag without a value has a counterpart `--no-some-name`.

    Args:
        parser: an argparse parser or group.
        options: the options that a method or metric declares.
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
    arguments: argparse.Namespace,
    options: Sequence[Option],
    loaders: Mapping[str, Callable[[str], Any]],
) -> dict[str, Any]:
    """Reads and checks the values of options.

    Args:
        arguments: the parsed arguments.
        options: the options that a method or metric declares.
        loaders: for each value of `Option.loads`, a function that loads a model from its name. It
            is called after all other options have been checked, and only if they need the model.

    Returns:
        The value of each option by its name; its default if there is no flag.

    Raises:
        UserError: a value is refused, or an option without a default is missing.
    """
    values = {option: getattr(arguments, _place(option), option.default) for option in options}
    plain = [option for option in options if option.loads not in loaders]
    checked = {option.name: option.check(values[option]) for option in plain}
    for option in options:
        if option.loads in loaders:
            if values[option] is None:
                raise UserError(
                    f"The option {option.name} is missing; give {_flag(option)} a model."
                )
            needed = option.needed(checked)
            value = loaders[option.loads](values[option]) if needed else values[option]
            checked[option.name] = option.check(value)
    return checked


def _flag(option: Option) -> str:
    return f"--{option.name.replace('_', '-')}"


def _place(option: Option) -> str:
    return f"option {option.name}"  # the space avoids clashes with the command's own flags


def _help(option: Option) -> str:
    default = option.shown_default
    return f"{option.help} (default: {default})" if default else option.help
