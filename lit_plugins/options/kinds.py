"""The kinds of options, one class each."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lit_plugins.errors import UserError
from lit_plugins.options.option import CLASSIFIER, LANGUAGE_MODEL, Control, Option

MAX_SEED = 2**63 - 1
"""Largest seed of random draws."""

MAX_TEXT = 10_000
"""Default limit of a text option, in characters."""

_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")


@dataclass(frozen=True)
class Number(Option):
    """A finite number.

    Attributes:
        low: the smallest allowed number; None for no limit.
        high: the largest allowed number; None for no limit.
    """

    low: float | None = None
    high: float | None = None

    control: ClassVar[Control] = "number"
    metavar: ClassVar[str] = "X"
    noun: ClassVar[str] = "a number"
    step: ClassVar[int | None] = None

    def read(self, value: Any) -> float:
        return self._within(_number(value))

    @property
    def wanted(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.noun} from {self.low} to {self.high}"
        if self.low is not None:
            return f"{self.noun} of at least {self.low}"
        return self.noun if self.high is None else f"{self.noun} of at most {self.high}"

    def form(self) -> dict[str, Any]:
        """Adds `low`, `high` and `step`, the distance of values or None, to `Option.form`."""
        return {**super().form(), "low": self.low, "high": self.high, "step": self.step}

    def _within(self, number: Any) -> Any:
        if (self.low is not None and number < self.low) or (
            self.high is not None and number > self.high
        ):
            raise ValueError(number)
        return number


@dataclass(frozen=True)
class Integer(Number):
    """A whole number."""

    metavar: ClassVar[str] = "N"
    noun: ClassVar[str] = "a whole number"
    step: ClassVar[int | None] = 1

    def read(self, value: Any) -> int:
        return self._within(_integer(value))


@dataclass(frozen=True)
class Choice(Option):
    """One of several texts.

    Attributes:
        choices: the texts.
    """

    choices: Collection[str]

    control: ClassVar[Control] = "menu"

    def read(self, value: Any) -> str:
        if _text(value) not in self.choices:
            raise ValueError(value)
        return str(value)

    @property
    def wanted(self) -> str:
        return f"one of {', '.join(self.choices)}"

    @property
    def metavar(self) -> str:
        return "|".join(self.choices)

    def form(self) -> dict[str, Any]:
        """Adds `choices` to `Option.form`."""
        return {**super().form(), "choices": list(self.choices)}


@dataclass(frozen=True)
class Text(Option):
    """Any text.

    Attributes:
        longest: largest number of characters.
    """

    longest: int = MAX_TEXT

    control: ClassVar[Control] = "text"
    wanted: ClassVar[str] = "a text"
    metavar: ClassVar[str] = "TEXT"

    def read(self, value: Any) -> Any:
        return _text(value)

    def check(self, value: Any) -> Any:
        """The text itself.

        Raises:
            UserError: the value is not a text, or too long.
        """
        read = super().check(value)
        if isinstance(read, str) and len(read) > self.longest:
            raise UserError(
                f"The option {self.name} is {len(read):,} characters long; give at most "
                f"{self.longest:,}."
            )
        return read

    def form(self) -> dict[str, Any]:
        """Adds `longest`, the largest number of characters, to `Option.form`."""
        return {**super().form(), "longest": self.longest}


@dataclass(frozen=True)
class Boolean(Option):
    """True or false. Words such as 'yes' and 'off' are allowed, too."""

    control: ClassVar[Control] = "checkbox"
    wanted: ClassVar[str] = "true or false"
    metavar: ClassVar[None] = None

    def read(self, value: Any) -> bool:
        word = str(value).strip().lower()
        if word not in _TRUE + _FALSE:
            raise ValueError(value)
        return word in _TRUE

    @property
    def shown_default(self) -> str:
        return "yes" if self.default else "no"


@dataclass(frozen=True)
class OtherModel(Option):
    """A second classifier, to compare with the one that is explained."""

    control: ClassVar[Control] = "models"
    loads: ClassVar[str] = CLASSIFIER
    wanted: ClassVar[str] = "a classifier, such as a TextClassifier"
    metavar: ClassVar[str] = "MODEL"

    def read(self, value: Any) -> Any:
        # Checks methods, not the type: this package may not import the classifiers'.
        if not (hasattr(value, "encode") and hasattr(value, "logits")):
            raise TypeError(value)
        return value


@dataclass(frozen=True)
class LanguageModel(Text):
    """A masked language model, or its name.

    Attributes:
        only_with: the name and the value of the option with which alone the model is needed; () if
            it always is.
    """

    only_with: tuple[str, str] | tuple[()] = ()

    loads: ClassVar[str] = LANGUAGE_MODEL
    wanted: ClassVar[str] = "the name of a masked language model, or a MaskedLanguageModel"
    metavar: ClassVar[str] = "MODEL"

    def read(self, value: Any) -> Any:
        return value if hasattr(value, "propose") else _text(value)

    def needed(self, values: Mapping[str, Any]) -> bool:
        return not self.only_with or values.get(self.only_with[0]) == self.only_with[1]


def seed_option(help: str) -> Integer:
    """The option `seed` of methods that draw at random.

    Args:
        help: one sentence on what is drawn.
    """
    return Integer("seed", 0, help, low=0, high=MAX_SEED)


def _integer(value: Any) -> int:
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass  # "50.0" and "1e3" are whole numbers too
    elif hasattr(value, "__index__") and not _is_boolean(value):
        return int(value)
    number = _number(value)
    if not number.is_integer():
        raise ValueError(value)
    return int(number)


def _number(value: Any) -> float:
    number = float(value)
    if _is_boolean(value) or not math.isfinite(number):
        raise ValueError(value)
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _is_boolean(value: Any) -> bool:
    return type(value).__name__ in ("bool", "bool_")
