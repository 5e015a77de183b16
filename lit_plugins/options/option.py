"""What an option is: how it is checked, said in words, written as a flag and shown in a form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from lit_plugins.errors import UserError

CLASSIFIER = "classifier"
LANGUAGE_MODEL = "language model"
"""What an option's value may name, to be loaded: see `Option.loads`."""

Control = Literal["number", "text", "checkbox", "menu", "models"]
"""How a form shows an option; `models` is a menu of the models that are open."""


@dataclass(frozen=True)
class Option(ABC):
    """One option of a method.

    Attributes:
        name: as it is written in Python and in forms.
        default: used when nothing is given; None where something must be.
        help: one sentence for people.
        control: how a form shows it.
        loads: what a value that is a text names, which must be loaded before `check`; "" where
            the text is the value itself.
    """

    name: str
    default: Any
    help: str

    control: ClassVar[Control]
    loads: ClassVar[str] = ""

    @abstractmethod
    def read(self, value: Any) -> Any:
        """The value in the option's own type.

        Raises:
            TypeError, ValueError, OverflowError: the value is of another kind or out of bounds.
        """

    @property
    @abstractmethod
    def wanted(self) -> str:
        """What may be given, in words that follow "give"."""

    @property
    @abstractmethod
    def metavar(self) -> str | None:
        """What stands for the value on the command line; None for a flag that takes no value."""

    @property
    def shown_default(self) -> str:
        """The default as people read it; "" where there is none."""
        return "" if self.default is None else str(self.default)

    def check(self, value: Any) -> Any:
        """The value in the option's own type; '50' and 50.0 are 50, as forms send them.

        Raises:
            UserError: the value is of another kind or out of bounds.
        """
        try:
            return self.read(value)
        except (TypeError, ValueError, OverflowError):
            said = "missing" if value is None else _quoted(value)
            raise UserError(f"The option {self.name} is {said}; give {self.wanted}.") from None

    def form(self) -> dict[str, Any]:
        """What a form needs to show the option, as plain data for JSON."""
        return {
            "name": self.name,
            "control": self.control,
            "default": self.default,
            "help": self.help,
            "wanted": self.wanted,
        }


def _quoted(value: Any) -> str:
    try:
        return f"{value!r:.60}"
    except ValueError:  # Python writes no integer of thousands of digits
        return "a number of too many digits"
