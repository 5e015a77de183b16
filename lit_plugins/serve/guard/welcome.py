"""The small pages of those who are not in yet: they need no script, and no file of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from lit_plugins.serve.responses import Headers, answer

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 36em; margin: 4em auto; padding: 0 1em; }}
input {{ font: inherit; width: 20em; max-width: 100%; }}
button {{ font: inherit; }}
</style>
{more}</head>
<body>
<h1>{title}</h1>
"""
_TAIL = "</body>\n</html>\n"
_FORM = """<form method="post" action="{action}">
<p><label>Token <input name="token" type="password" autocomplete="off" required autofocus></label>
<button>Open the page</button></p>
</form>
<p>In that address it follows <code>?token=</code>. Whoever started the server can tell you.</p>
"""


def come_again(location: str) -> bytes:
    """Goes to another address of the same page at once.

    No redirect: of a navigation that another site began, the browser would keep the cookie back to
    the end. From here on it is the page's own.
    """
    html = (
        _page("One moment", _refresh(location))
        + f'<p><a href="{escape(location)}">Go on to the page</a></p>\n'
        + _TAIL
    )
    return html.encode()


def ask_for_token(sentence: str, action: str, again: str | None) -> bytes:
    """Asks for the token.

    Args:
        sentence: why.
        action: the address to go to with it, without it.
        again: the address to try first, for the browser may have kept the cookie back.
    """
    html = (
        _page("A token is needed", "" if again is None else _refresh(again))
        + f"<p>{escape(sentence)}</p>\n"
        + _FORM.format(action=escape(action))
        + _TAIL
    )
    return html.encode()


def refusal(sentence: str) -> bytes:
    """Says why there is no page."""
    return f"{_page('This page cannot be shown')}<p>{escape(sentence)}</p>\n{_TAIL}".encode()


def answer_html(
    environ: dict[str, Any],
    start_response: Callable[..., Any],
    status: int,
    html: bytes,
    headers: Headers = (),
) -> Iterable[bytes]:
    """One of these pages as an answer."""
    return answer(environ, start_response, status, html, "text/html; charset=utf-8", headers)


def _page(title: str, more: str = "") -> str:
    return _HEAD.format(title=title, more=more)


def _refresh(location: str) -> str:
    return f'<meta http-equiv="refresh" content="0; url={escape(location)}">\n'
