"""Small pages for visitors who are not admitted yet, without scripts or files of the page."""

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
<p>The token follows <code>?token=</code> in that address. Whoever started the server knows it.</p>
"""


def come_again(location: str) -> bytes:
    """Makes a page that immediately goes on to another address of the same page.

    A redirect would not do: in a navigation that another site began, browsers withhold the cookie
    through all redirects. This page begins a navigation of its own.
    """
    html = (
        _page("One moment", _refresh(location))
        + f'<p><a href="{escape(location)}">Go on to the page</a></p>\n'
        + _TAIL
    )
    return html.encode()


def ask_for_token(sentence: str, action: str, again: str | None) -> bytes:
    """Makes the page that asks for the token.

    Args:
        sentence: the reason.
        action: the address that the form posts the token to; the address itself has no token.
        again: an address to try first, since the browser may have withheld the cookie; None to
            ask right away.
    """
    html = (
        _page("A token is needed", "" if again is None else _refresh(again))
        + f"<p>{escape(sentence)}</p>\n"
        + _FORM.format(action=escape(action))
        + _TAIL
    )
    return html.encode()


def refusal(sentence: str) -> bytes:
    """Makes a page that says why the visitor cannot see the page."""
    return f"{_page('This page cannot be shown')}<p>{escape(sentence)}</p>\n{_TAIL}".encode()


def answer_html(
    environ: dict[str, Any],
    start_response: Callable[..., Any],
    status: int,
    html: bytes,
    headers: Headers = (),
) -> Iterable[bytes]:
    """Sends one of these pages as a response."""
    return answer(environ, start_response, status, html, "text/html; charset=utf-8", headers)


def _page(title: str, more: str = "") -> str:
    return _HEAD.format(title=title, more=more)


def _refresh(location: str) -> str:
    return f'<meta http-equiv="refresh" content="0; url={escape(location)}">\n'
