"""A method's options, declared once: what may be given, its default, and how to say so."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lit_plugins.errors import UserError

Kind = Literal["integer", "number", "choice", "text", "boolean", "classifier", "filler"]

MAX_SEED = 2**63 - 1

MAX_TEXT = 10_000
"""Characters of an option that is a text, unless it says otherwise."""

RESERVED = frozenset(
    (
        *("classifier", "classifiers", "texts", "text", "table", "method", "methods", "metrics"),
        *("rules", "progress", "by", "sample", "model", "dataset", "help"),
        *("output_file", "overwrite", "split", "config", "text_column", "label_column", "labels"),
        *("max_examples", "max_length", "revision", "device", "dtype", "run"),
    )
)
"""Names that no option may have, as calls, commands and requests have them already."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")


@dataclass(frozen=True)
class Option:
    """One option of a method.

    Attributes:
        name: as it is written in Python and in forms.
        kind: what its values are.
        default: used when nothing is given; None where something must be.
        help: one sentence for people.
        low: the smallest integer or number allowed, or None.
        high: the largest, or None.
        choices: the values of a choice.
        longest: the most characters of a text or of a model's name.
    """

    name: str
    kind: Kind
    default: Any
    help: str
    low: float | None = None
    high: float | None = None
    choices: Collection[str] = ()
    longest: int = MAX_TEXT

    def check(self, value: Any) -> Any:
        """The value in the option's own type; '50' and 50.0 are 50, as forms send them.

        Raises:
            UserError: the value is of another kind or out of bounds.
        """
        try:
            read = _READERS[self.kind](value)
        except (TypeError, ValueError, OverflowError):
            raise self._refusal(value) from None
        if self.kind == "choice" and read not in self.choices:
            raise self._refusal(value)
        if (self.low is not None and read < self.low) or (
            self.high is not None and read > self.high
        ):
            raise self._refusal(value)
        if isinstance(read, str) and len(read) > self.longest:
            raise UserError(
                f"The option {self.name} is {len(read):,} characters long; give at most "
                f"{self.longest:,}."
            )
        return read

    def _refusal(self, value: Any) -> UserError:
        said = "missing" if value is None else _quoted(value)
        return UserError(f"The option {self.name} is {said}; give {self._wanted()}.")

    def _wanted(self) -> str:
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        if self.kind == "boolean":
            return "true or false"
        if self.kind == "text":
            return "a text"
        if self.kind == "classifier":
            return "a classifier, such as a TextClassifier"
        if self.kind == "filler":
            return "the name of a masked language model, or a MaskedLanguageModel"
        noun = "a whole number" if self.kind == "integer" else "a number"
        if self.low is not None and self.high is not None:
            return f"{noun} from {self.low} to {self.high}"
        if self.low is not None:
            return f"{noun} of at least {self.low}"
        return noun if self.high is None else f"{noun} of at most {self.high}"


def seed_option(help: str) -> Option:
    """Which of the random orders or draws that a method may make."""
    return Option("seed", "integer", 0, help, low=0, high=MAX_SEED)


def check_options(options: Sequence[Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values of all options, defaults where none is given, in the order of `options`.

    Raises:
        UserError: an option is not known, or its value is refused.
    """
    known = {option.name: option for option in options}
    for name in given:
        if name not in known:
            raise UserError(f"The option {name!r} is not known; {_known(list(known))}.")
    return {
        # A default of None is refused: there is none, and something must be given.
        name: option.check(given.get(name, option.default))
        for name, option in known.items()
    }


def check_declared(options: Sequence[Option], taken: Collection[str] = ()) -> None:
    """Refuses options that no call, flag or form can offer.

    Args:
        options: those that a record declares.
        taken: names of the options that stand beside them.

    Raises:
        UserError: a name stands twice or is taken, an option has no help, or its own default is
            not allowed.
    """
    names = {*taken, *RESERVED}
    for option in options:
        if not _NAME.fullmatch(option.name) or option.name in names:
            raise UserError(
                f"An option cannot be called {option.name!r}; choose another name, of lower-case "
                "letters, digits and underscores."
            )
        names.add(option.name)
        if not option.help.strip():
            raise UserError(f"The option {option.name} has no help; write a sentence.")
        if option.default is not None:
            option.check(option.default)


def _quoted(value: Any) -> str:
    try:
        return f"{value!r:.60}"
    except ValueError:  # Python writes no integer of thousands of digits
        return "a number of too many digits"


def _known(names: list[str]) -> str:
    return f"choose from {', '.join(names)}" if names else "there are none to give here"


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


def _boolean(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _TRUE + _FALSE:
        raise ValueError(value)
    return word in _TRUE


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _classifier(value: Any) -> Any:
    # By what it can do: this room is below the classifier's.
    if not (hasattr(value, "encode") and hasattr(value, "logits")):
        raise TypeError(value)
    return value


def _filler(value: Any) -> Any:
    if not (isinstance(value, str) or hasattr(value, "propose")):
        raise TypeError(value)
    return value


def _is_boolean(value: Any) -> bool:
    return type(value).__name__ in ("bool", "bool_")


_READERS: dict[str, Callable[[Any], Any]] = {
    "integer": _integer,
    "number": _number,
    "choice": _text,
    "text": _text,
    "boolean": _boolean,
    "classifier": _classifier,
    "filler": _filler,
}
