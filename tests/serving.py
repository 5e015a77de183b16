"""The server in a thread of the tests' own, so that they can see what an app does meanwhile."""

from __future__ import annotations

import logging
import threading
from unittest import mock

from werkzeug.test import Client

from lit_plugins.lit.app import App
from lit_plugins.serve import server
from lit_plugins.serve.api import api
from lit_plugins.serve.disconnects import gone
from lit_plugins.serve.failures import answering_failures
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.places import Places
from lit_plugins.serve.queue import ModelQueue, fair
from lit_plugins.serve.wsgi import WsgiApp


def client_of(app: App) -> Client:
    """Asks an app without a socket."""
    return Client(answering_failures(api(app)))


def queued(app: WsgiApp) -> WsgiApp:
    """What has its turns at the models and its failures as a server's apps have."""
    return answering_failures(fair(app, ModelQueue(), Places(), gone))


def serve_in_thread(app: WsgiApp, access: Access | None = None) -> str:
    """Serves an app until the tests end, and returns its address, with a slash at the end.

    Args:
        app: any WSGI app.
        access: as the app's guard has it, if it has one.
    """
    # As `write_log` does; it would warn of each busy moment, in whatever test that falls.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    announced = threading.Event()
    bound = server.bind("127.0.0.1", 0)
    how = {"announce": lambda address: announced.set(), "access": access or Access()}
    with mock.patch.object(server.signal, "signal"):  # which a thread may not set
        threading.Thread(target=server.serve, args=(app, bound), kwargs=how, daemon=True).start()
        assert announced.wait(30)
    return f"http://127.0.0.1:{bound.getsockname()[1]}/"
