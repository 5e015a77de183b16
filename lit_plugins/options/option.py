"""`Option`, the base class: an option's check, error words, flag and form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from lit_plugins.errors import UserError

CLASSIFIER = "classifier"
LANGUAGE_MODEL = "language model"
"""Kinds of models that an option's value may name; see `Option.loads`."""

Control = Literal["number", "text", "checkbox", "menu", "models"]
"""The control that a form shows for an option; "models" is a menu of the page's models."""


@dataclass(frozen=True)
class Option(ABC):
    """One option of a method.

    Attributes:
        name: the option's name in Python and in forms.
        default: the value if the caller sets none; None if the caller must set one.
        help: one sentence for people.
        control: the control that a form shows for it.
        loads: the kind of model that a text as the value names. The model must be loaded before
            `check`. "" if a text is the value itself.
    """

    name: str
    default: Any
    help: str

    control: ClassVar[Control]
    loads: ClassVar[str] = ""

    @abstractmethod
    def read(self, value: Any) -> Any:
        """Converts a value to the option's type.

        Raises:
            TypeError, ValueError, OverflowError: the value has another type or is out of bounds.
        """

    @property
    @abstractmethod
    def wanted(self) -> str:
        """A description of the allowed values, which completes a sentence after "give"."""

    @property
    @abstractmethod
    def metavar(self) -> str | None:
        """The placeholder of the value in the command line's help; None for a flag without one."""

    @property
    def shown_default(self) -> str:
        """The default in words; "" if there is none."""
        return "" if self.default is None else str(self.default)

    def check(self, value: Any) -> Any:
        """Converts a value to the option's type and checks it.

        Forms and flags send texts, so that a number may come as '50' or 50.0.

        Raises:
            UserError: the value has another type or is out of bounds.
        """
        try:
            return self.read(value)
        except (TypeError, ValueError, OverflowError):
            said = "missing" if value is None else _quoted(value)
            raise UserError(f"The option {self.name} is {said}; give {self.wanted}.") from None

    def needed(self, values: Mapping[str, Any]) -> bool:
        """Whether the option has an effect beside these values of the other options."""
        return True

    def form(self) -> dict[str, Any]:
        """The data that a form needs to show the option, ready for JSON."""
        return {
            "name": self.name,
            "control": self.control,
            "default": self.default,
            "help": self.help,
            "wanted": self.wanted,
        }


def loading(options: Iterable[Option], kind: str) -> tuple[str, ...]:
    """Names of the options whose value is a model.

    Args:
        options: declared options.
        kind: the kind of model: `CLASSIFIER` or `LANGUAGE_MODEL`.
    """
    return tuple(option.name for option in options if option.loads == kind)


def _quoted(value: Any) -> str:
    try:
        return f"{value!r:.60}"
    except ValueError:  # Python refuses to write integers of thousands of digits
        return "a number of too many digits"
