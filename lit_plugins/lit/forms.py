"""Converts options to LIT's config specs and to the page's forms, and reads them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lit_nlp.api import types as lit_types

from lit_plugins.options import Option, check_options


def config_fields(
    options: Sequence[Option], models: Sequence[str] = ()
) -> dict[str, lit_types.LitType]:
    """One field of LIT's config spec for each option.

    LIT's types carry neither help nor bounds; `described` returns those. No field is required,
    because the page sends only the class to explain until a user applies the form.

    Args:
        options: the options of one component.
        models: the names to choose from for options that take another model.
    """
    return {option.name: _field(option.form(), models) for option in options}


def described(component: Any) -> list[dict[str, Any]]:
    """Describes the form of one component of LIT for the page: `Option.form` of each option.

    Args:
        component: an interpreter, generator or metric. Its attribute `options` lists its options;
            a component without that attribute has none.
    """
    options = getattr(component, "options", ())
    return [option.form() for option in options if isinstance(option, Option)]


def filled_in(options: Sequence[Option], config: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values of all options; the config's other entries are left out.

    Raises:
        UserError: a value is refused.
    """
    names = {option.name for option in options}
    return check_options(options, {name: config[name] for name in config if name in names})


def _field(form: Mapping[str, Any], models: Sequence[str]) -> lit_types.LitType:
    control, default = form["control"], form["default"]
    if control == "models":
        return lit_types.CategoryLabel(vocab=list(models), required=False)
    if control == "menu":
        # LIT preselects a menu's first entry, whatever its default is.
        vocab = sorted(form["choices"], key=lambda choice: choice != default)
        # The page's form of a metric sends the default, which for LIT would be "".
        return lit_types.CategoryLabel(vocab=vocab, default=default or "", required=False)
    if control == "checkbox":
        return lit_types.BooleanLitType(default=default, required=False)
    return lit_types.TextSegment(default=str(default), required=False)
