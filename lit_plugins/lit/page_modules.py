"""Modules of the page that other packages bring along."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from lit_nlp.api.layout import LitCanonicalLayout

from lit_plugins.errors import UserError
from lit_plugins.lit.layouts import with_module

GROUP = "lit_plugins.modules"
"""The entry points that each name a `PageModule`."""

_TAG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


@dataclass(frozen=True)
class PageModule:
    """One JavaScript file that defines one module of the page.

    Attributes:
        tag: the name of the custom element that the file defines, such as "word-lengths-module".
        script: the file.
        tab: the tab of the page's lower half that it stands in, last; one that is not there is
            added.
        layouts: the names of the layouts that have it.
    """

    tag: str
    script: Path
    tab: str
    layouts: tuple[str, ...] = ("debug",)

    def __post_init__(self) -> None:
        if not _TAG.fullmatch(self.tag):
            raise UserError(
                f"The tag {self.tag!r} is no name for a custom element; use lower-case words "
                "joined by hyphens, such as word-lengths-module."
            )
        if not self.script.is_file():
            raise UserError(f"There is no script {str(self.script)!r} for the module {self.tag}.")


def registered_modules() -> tuple[list[PageModule], list[str]]:
    """The modules of all installed packages, and a sentence on each that is left out."""
    modules: dict[str, PageModule] = {}
    problems = []
    for entry in entry_points(group=GROUP):
        try:
            module = _loaded(entry)
            if module.tag in modules:
                raise UserError(f"There is a module {module.tag} already.")
        except Exception as error:  # anything that a package of somebody else's raises
            problems.append(f"The page module {entry.name!r} ({entry.value}) is left out: {error}")
        else:
            modules[module.tag] = module
    return list(modules.values()), problems


def with_modules(
    layouts: Mapping[str, LitCanonicalLayout], modules: Sequence[PageModule]
) -> dict[str, LitCanonicalLayout]:
    """The layouts with each module in its tab.

    Raises:
        UserError: a module names a layout that is none of these.
    """
    placed = dict(layouts)
    for module in modules:
        for name in module.layouts:
            if name not in placed:
                raise UserError(
                    f"The module {module.tag} names the layout {name!r}; choose from "
                    f"{', '.join(placed)}."
                )
            placed[name] = with_module(placed[name], module.tab, module.tag)
    return placed


def _loaded(entry: EntryPoint) -> PageModule:
    module = entry.load()
    if not isinstance(module, PageModule):
        raise UserError(f"It is of type {type(module).__name__}; make it a PageModule.")
    return module
