"""`check_page_module`: the contract of the page's modules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lit_plugins.testing.claims import claim, claim_declared

if TYPE_CHECKING:
    from lit_plugins.lit.page_modules import PageModule


def check_page_module(module: PageModule) -> None:
    """Checks a page module without a browser: its layouts exist, and its script defines it.

    Args:
        module: the module; it need not be registered.

    Raises:
        AssertionError: the module violates the contract; one sentence says how.
    """
    from lit_plugins.lit.page_modules import check_declaration  # LIT takes long to load

    claim_declared(check_declaration, module)
    claim(module.tab.strip(), f"The tab of {module.tag} has no name.")
    try:
        script = module.script.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise AssertionError(
            f"The script of {module.tag} is not UTF-8; save it as UTF-8."
        ) from error
    tag = re.escape(module.tag)
    claim(
        re.search(rf"\bdefine\(\s*(['\"`]){tag}\1", script),
        f"The script of {module.tag} does not define it; end it with "
        f"define('{module.tag}', …), imported from 'lit-plugins'.",
    )
    claim(
        not re.search(r"\b(?:import|fetch)\b[^;\n]*['\"`]https?://", script),
        f"The script of {module.tag} loads from another address, which the page's policy forbids.",
    )
