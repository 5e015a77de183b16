"""Registers modules of the page, also those that other packages define."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lit_nlp.api.layout import LitCanonicalLayout

from lit_plugins.errors import UserError
from lit_plugins.lit.layouts import LAYOUTS, with_module
from lit_plugins.plugins import Registry

_TAG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


@dataclass(frozen=True)
class PageModule:
    """One JavaScript file that defines one module of the page.

    Attributes:
        tag: the name of the custom element that the file defines, such as "word-lengths-module".
        script: the file.
        tab: the tab in the page's lower half where the module stands last. A tab that does not
            exist yet is added.
        layouts: the names of the layouts that show the module.
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


def check_declaration(module: PageModule) -> None:
    """Refuses a module that names a layout that does not exist.

    Raises:
        UserError: the layout is unknown; the message lists the known ones.
    """
    for name in module.layouts:
        if name not in LAYOUTS:
            raise UserError(
                f"The module {module.tag} names the layout {name!r}; choose from "
                f"{', '.join(LAYOUTS)}."
            )


MODULES: Registry[PageModule] = Registry(
    "lit_plugins.modules",
    "page module",
    PageModule,
    tuple,
    unique=("tag",),
    check=check_declaration,
)


def with_modules(
    layouts: Mapping[str, LitCanonicalLayout], modules: Sequence[PageModule]
) -> dict[str, LitCanonicalLayout]:
    """The layouts with each module in its tab.

    Raises:
        UserError: a module names a layout that does not exist.
    """
    placed = dict(layouts)
    for module in modules:
        check_declaration(module)
        for name in module.layouts:
            placed[name] = with_module(placed[name], module.tab, module.tag)
    return placed
