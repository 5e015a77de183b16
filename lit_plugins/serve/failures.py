"""What goes wrong is answered as one sentence of JSON; how it came about is for the log only."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from lit_plugins.errors import TooLarge, UserError
from lit_plugins.runtime.cancellation import Stopped
from lit_plugins.serve.queue import Refused
from lit_plugins.serve.responses import REQUEST, new_request_id, refuse
from lit_plugins.serve.wsgi import WsgiApp

LOG = logging.getLogger("lit_plugins.serve")


def answering_failures(app: WsgiApp) -> WsgiApp:
    """Gives each request an id, and answers what the app raises."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = environ[REQUEST] = new_request_id()
        try:
            return app(environ, start_response)
        except Refused as refused:
            headers = [("Retry-After", str(refused.retry_after_s))]
            return refuse(environ, start_response, refused.status, refused.sentence, headers)
        except Stopped:
            # Nobody reads it; a server's access log would show the usual code.
            return refuse(environ, start_response, 499, "The client has gone.")
        except TooLarge as error:
            return refuse(environ, start_response, 413, str(error))
        except UserError as error:
            return refuse(environ, start_response, 400, str(error))
        except BaseException as error:
            # In the main thread it is how a server is told to end; elsewhere a model's doing.
            if not isinstance(error, Exception) and _in_main_thread():
                raise
            LOG.error("A request failed.", exc_info=error, extra={"request": request})
            sentence = f"The server could not answer; its log says why, under {request}."
            return refuse(environ, start_response, 500, sentence)

    return serve


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
