"""Admission of visitors: by the token once, from then on by a cookie."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote

from lit_plugins.serve.guard import welcome
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.addresses import parameter, without
from lit_plugins.serve.guard.attempts import Failures
from lit_plugins.serve.guard.denied import Denied
from lit_plugins.serve.guard.hosts import parsed_host
from lit_plugins.serve.guard.origins import from_elsewhere, is_navigation, may_lack_cookie
from lit_plugins.serve.guard.passes import LIFETIME_S, RENEWED_AFTER_S, Holder, Passes
from lit_plugins.serve.guard.request_limits import bound_body
from lit_plugins.serve.guard.tokens import same_token
from lit_plugins.serve.guard.welcome import answer_html
from lit_plugins.serve.queue import VISITOR
from lit_plugins.serve.responses import answer
from lit_plugins.serve.wsgi import WsgiApp

Environ = dict[str, Any]
Answering = Callable[..., Any]
Header = tuple[str, str]

_THIS_MACHINE = "this machine"  # the visitor of a server without a token
_TOKEN = "token"
_AGAIN = "lit-plugins-again"  # marks addresses that the page has reloaded itself to
_FORM = "application/x-www-form-urlencoded"
_LONGEST_FORM = 4096


class Entrance:
    """Identifies visitors, and admits those who have the token."""

    def __init__(
        self,
        access: Access,
        clock: Callable[[], float],
        wall_clock: Callable[[], float] = time.time,
    ):
        """Admits nobody yet but visitors with a cookie from a server with the same token.

        Args:
            access: who may open the page.
            clock: returns the time in seconds, which never runs backwards.
            wall_clock: returns the seconds since 1970.
        """
        self._access = access
        self._passes = Passes(access.token, wall_clock)
        self._failures = Failures(clock)

    def visitor(self, environ: Environ) -> str:
        """Identifies who sent a request: by the cookie, otherwise by the address.

        Without a token all requests come from this machine, and are one visitor's: whoever could
        have a cookie for the asking would be as many visitors as they like.

        Raises:
            Denied: 401 without a cookie or a right token; 429 after many wrong tokens from the
                same address.
        """
        if self._access.token is None:
            return _THIS_MACHINE
        token = _bearer(environ)
        if token is not None:
            if self._is_right(token):
                return _address(environ)
            raise self._wrong(environ)
        holder = self._by_cookie(environ)
        if holder is not None:
            return holder.visitor
        raise _unauthorized(
            "A token is needed: it is part of the address that the server printed at its start; "
            "scripts send it as Authorization: Bearer TOKEN."
        )

    def knows(self, environ: Environ) -> bool:
        """Tells whether `visitor` would succeed, without counting a wrong token.

        Args:
            environ: a request, of which only the scheme and the headers are read.
        """
        if self._access.token is None:
            return True
        token = _bearer(environ)
        return self._by_cookie(environ) is not None if token is None else self._is_right(token)

    def renewing(self, environ: Environ, start_response: Answering) -> Answering:
        """Returns a `start_response` that renews the visitor's cookie if it is some time old."""
        holder = None if self._access.token is None else self._by_cookie(environ)
        if holder is None or holder.age_s < RENEWED_AFTER_S:
            return start_response
        cookie = self._cookie(environ, holder.visitor)

        def started(status: str, headers: list[Header], exc_info: Any = None) -> Any:
            return start_response(status, [*headers, cookie], exc_info)

        return started

    def page(self, app: WsgiApp, environ: Environ, start_response: Answering) -> Iterable[bytes]:
        """Answers a request for the page itself, which may carry the token.

        Args:
            app: shows the page to admitted visitors.
            environ: a request by GET or HEAD, or by POST of the form that asks for the token.
            start_response: as in PEP 3333.

        Raises:
            Denied: 401 or 429, unless the request is a browser's navigation, which gets a page.
        """
        if self._access.token is None:
            environ[VISITOR] = _THIS_MACHINE
            return app(environ, start_response)
        if environ["REQUEST_METHOD"] == "POST":
            return self._take_form(environ, start_response)
        token = parameter(environ, _TOKEN)
        if token is not None:
            return self._take_address(token, environ, start_response)
        try:
            environ[VISITOR] = self.visitor(environ)
        except Denied as denied:
            return self._ask(denied, environ, start_response)
        if parameter(environ, _AGAIN) is not None:
            target = without(environ, _AGAIN)
            return answer(environ, start_response, 303, b"", "text/plain", [("Location", target)])
        return app(environ, self.renewing(environ, start_response))

    def _take_address(
        self, token: str, environ: Environ, start_response: Answering
    ) -> Iterable[bytes]:
        headers: list[Header] = []
        if self._is_right(token):
            headers.append(self._cookie(environ))
        elif self._by_cookie(environ) is None:
            return self._ask(self._wrong(environ), environ, start_response)
        # For an admitted visitor a wrong, old token only disappears from the address.
        html = welcome.come_again(without(environ, _TOKEN, _AGAIN))
        return answer_html(environ, start_response, 200, html, headers)

    def _take_form(self, environ: Environ, start_response: Answering) -> Iterable[bytes]:
        # Because of Referrer-Policy: no-referrer, browsers send "null" as the form's origin.
        if environ.get("HTTP_ORIGIN") == "null":
            del environ["HTTP_ORIGIN"]
        sentence = from_elsewhere(environ, self._access.tls)
        if sentence is not None:
            raise Denied(403, sentence)
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != _FORM:
            raise Denied(415, "The page takes nothing but the form that asks for its token.")
        bound_body(environ, _LONGEST_FORM)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        token = parse_qs(body.decode("latin-1"), max_num_fields=None).get(_TOKEN, [""])[0]
        if not self._is_right(token.strip()):
            return self._ask(self._wrong(environ), environ, start_response)
        # The form's own page began this navigation, so browsers send the cookie on a redirect.
        target = without(environ, _TOKEN, _AGAIN)
        headers = [("Location", target), self._cookie(environ)]
        return answer(environ, start_response, 303, b"", "text/plain", headers)

    def _ask(self, denied: Denied, environ: Environ, start_response: Answering) -> Iterable[bytes]:
        by_form = environ["REQUEST_METHOD"] == "POST"
        if not (by_form or is_navigation(environ)):
            raise denied
        here = without(environ, _TOKEN, _AGAIN)
        again = None
        if (
            not by_form
            and may_lack_cookie(environ)
            and parameter(environ, _AGAIN) is None
            and parameter(environ, _TOKEN) is None
        ):
            again = without(environ, adding=f"{_AGAIN}=1")
        html = welcome.ask_for_token(denied.sentence, here, again)
        return answer_html(environ, start_response, denied.status, html, denied.headers)

    def _is_right(self, token: str) -> bool:
        return self._access.token is not None and same_token(token, self._access.token)

    def _wrong(self, environ: Environ) -> Denied:
        wait_s = self._failures.count(_address(environ))
        if wait_s:
            return Denied(
                429,
                f"Many wrong tokens came from your address; try again in {wait_s} s.",
                ("Retry-After", str(wait_s)),
            )
        return _unauthorized(
            "The token is wrong: the right one is part of the address that the server printed when "
            "it last started."
        )

    def _by_cookie(self, environ: Environ) -> Holder | None:
        values = _cookies(environ, _cookie_name(environ))
        return next(filter(None, map(self._passes.holder, values)), None)

    def _cookie(self, environ: Environ, visitor: str | None = None) -> Header:
        """Makes the header that gives a cookie to a visitor, to a new one unless one is named."""
        path = quote(environ.get("SCRIPT_NAME", ""), encoding="latin-1") or "/"
        cookie = (
            f"{_cookie_name(environ)}={self._passes.new(visitor)}; Path={path}; "
            f"Max-Age={LIFETIME_S}; HttpOnly; SameSite=Strict"
        )
        if self._access.tls or environ["wsgi.url_scheme"] == "https":
            cookie += "; Secure"
        return "Set-Cookie", cookie


def _unauthorized(sentence: str) -> Denied:
    return Denied(401, sentence, ("WWW-Authenticate", 'Bearer realm="lit-plugins"'))


def _address(environ: Environ) -> str:
    return str(environ.get("REMOTE_ADDR", ""))


def _bearer(environ: Environ) -> str | None:
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _cookie_name(environ: Environ) -> str:
    """Names the cookie by the port, since browsers send a host's cookies to all of its ports."""
    host = parsed_host(environ.get("HTTP_HOST", ""))
    port = host[1] if host else None
    if port is None:
        port = 443 if environ["wsgi.url_scheme"] == "https" else 80
    return f"lit-plugins-{port}"


def _cookies(environ: Environ, name: str) -> Iterator[str]:
    for cookie in environ.get("HTTP_COOKIE", "").split(";"):
        key, _, value = cookie.strip().partition("=")
        if key == name:
            yield value
