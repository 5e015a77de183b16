"""What gunicorn serves in the tests: the app, and beside it work that lasts as long as it is to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from lit_plugins.runtime import cancellation
from lit_plugins.serve import create_app
from lit_plugins.serve.responses import answer
from lit_plugins.serve.wsgi import WsgiApp
from tests.serving import queued

FOLDER = "LIT_PLUGINS_TEST_FOLDER"
"""Names the folder by whose files work and tests tell each other how far they are."""


def create(**options: Any) -> WsgiApp:
    """The app for a small model; `/slow` ends when there is a file "release" in the folder."""
    folder = Path(os.environ[FOLDER])
    app = create_app(["sentiment-bow"], {"texts": ["so good", "not bad"]}, **options)

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        (folder / "begun").touch()
        try:
            while not (folder / "release").exists():
                cancellation.check()
                time.sleep(0.01)
        except cancellation.Stopped:
            (folder / "stopped").touch()
            raise
        return answer(environ, start_response, 200, b"done", "text/plain")

    slowly = queued(slow)

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        chosen = slowly if environ["PATH_INFO"] == "/slow" else app
        return chosen(environ, start_response)

    return serve
