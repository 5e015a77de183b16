"""Responses for errors: one sentence as JSON; the details go to the log only."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from lit_plugins.errors import TooLarge, UserError
from lit_plugins.runtime.cancellation import Stopped
from lit_plugins.serve.places import Refused
from lit_plugins.serve.responses import REQUEST, new_request_id, refuse
from lit_plugins.serve.wsgi import WsgiApp

LOG = logging.getLogger("lit_plugins.serve")


def answering_failures(app: WsgiApp) -> WsgiApp:
    """Gives each request an id, and turns the exceptions that `app` raises into responses."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = environ[REQUEST] = new_request_id()
        try:
            return app(environ, start_response)
        except Refused as refused:
            headers = [("Retry-After", str(refused.retry_after_s))]
            return refuse(environ, start_response, refused.status, refused.sentence, headers)
        except Stopped:
            # Nobody reads this response; 499 is the usual code in servers' access logs.
            return refuse(environ, start_response, 499, "The client has gone.")
        except TooLarge as error:
            return refuse(environ, start_response, 413, str(error))
        except UserError as error:
            return refuse(environ, start_response, 400, str(error))
        except BaseException as error:
            # KeyboardInterrupt and SystemExit end the server in the main thread; in others, only
            # a model can have raised them.
            if not isinstance(error, Exception) and _in_main_thread():
                raise
            LOG.error("A request failed.", exc_info=error, extra={"request": request})
            sentence = f"The server could not answer; its log says why, under {request}."
            return refuse(environ, start_response, 500, sentence)

    return serve


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
