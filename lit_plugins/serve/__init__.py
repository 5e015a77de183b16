"""All that knows HTTP and browsers: the page's assets, the server, and what shows it elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lit_plugins.serve.factory import create_app
    from lit_plugins.serve.notebook import show

__all__ = ["create_app", "show"]


def __getattr__(name: str) -> Any:
    # At first use: they load LIT, which binding an address or a mistyped flag need not wait for.
    if name == "create_app":
        from lit_plugins.serve.factory import create_app

        return create_app
    if name == "show":
        from lit_plugins.serve.notebook import show

        return show
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
