"""HTTP and browsers: the server, the page's files, and the page inside a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lit_plugins.serve.factory import create_app
    from lit_plugins.serve.notebook import show

__all__ = ["create_app", "show"]


def __getattr__(name: str) -> Any:
    # Imported on first use: both load LIT, and neither binding an address nor reporting a mistyped
    # flag should wait for that.
    if name == "create_app":
        from lit_plugins.serve.factory import create_app

        return create_app
    if name == "show":
        from lit_plugins.serve.notebook import show

        return show
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
