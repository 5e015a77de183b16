"""Options of the engine as the forms that LIT draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lit_nlp.api import types as lit_types

from lit_plugins.options import Option, check_options


def form(options: Sequence[Option], models: Sequence[str] = ()) -> dict[str, lit_types.LitType]:
    """One form field an option.

    None is required: until a user applies the form, the page sends the class to explain only.

    Args:
        options: the method's.
        models: the names to choose from where an option is a classifier.
    """
    return {option.name: _field(option, models) for option in options}


def filled_in(options: Sequence[Option], config: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values of all options; what else the page sends is not theirs.

    Raises:
        UserError: a value is refused.
    """
    names = {option.name for option in options}
    return check_options(options, {name: config[name] for name in config if name in names})


def _field(option: Option, models: Sequence[str]) -> lit_types.LitType:
    if option.kind == "classifier":
        return lit_types.CategoryLabel(vocab=list(models), required=False)
    if option.kind == "choice":
        # The page ignores a dropdown's default and takes the first entry.
        rest = [choice for choice in option.choices if choice != option.default]
        return lit_types.CategoryLabel(vocab=[option.default, *rest], required=False)
    if option.kind == "boolean":
        return lit_types.BooleanLitType(default=option.default, required=False)
    # A number field of LIT's is a slider, which is no good from 32 to 20,000: text is checked here.
    return lit_types.TextSegment(default=str(option.default), required=False)
