"""The address `/healthz`, which tells load balancers that the server answers, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lit_plugins.serve.responses import answer, refuse
from lit_plugins.serve.wsgi import WsgiApp

HEALTH = "/healthz"


def with_health(app: WsgiApp) -> WsgiApp:
    """Answers `/healthz` to everybody and under any host name; `app` answers all other paths."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != HEALTH:
            return app(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return refuse(
                environ,
                start_response,
                405,
                f"{HEALTH} answers GET and HEAD only.",
                [("Allow", "GET, HEAD")],
            )
        headers = [("Cache-Control", "no-store")]
        return answer(environ, start_response, 200, b"ok", "text/plain", headers)

    return serve
