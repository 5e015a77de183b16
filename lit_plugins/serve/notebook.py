"""The page inside a notebook, over the models and texts that are at hand there."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Mapping
from html import escape
from typing import Any

from lit_plugins.serve import server
from lit_plugins.serve.arguments import Datasets, Models
from lit_plugins.serve.factory import Serving, served_app
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.shutdown import Running

NOTEBOOKS = ("http://localhost:*", "http://127.0.0.1:*")
"""Where a notebook of this machine has its pages: they may show ours, and no others."""

_GRACE_S = 1.0

_shown: dict[tuple[Any, ...], Shown] = {}


def show(
    models: Models = None,
    datasets: Datasets = None,
    *,
    height: int = 900,
    port: int = 0,
    **options: Any,
) -> Shown:
    """Shows the page below a notebook's cell, from a server in a thread of the notebook's own.

    It can be reached from this machine only, and so can the notebook's page that shows it. The
    same arguments once more show the same server's page again.

    Args:
        models: one or several, or a mapping by name: `TextClassifier`s, pairs of model and
            tokenizer, folders or names on the hub. None for the embedded ones.
        datasets: a list of texts, a DataFrame, a file or a name on the hub, or a mapping of these
            by name. None for the embedded reviews.
        height: of the page, in pixels.
        port: the server's; 0 for any free one.
        options: attributes of `Serving`: layout, infill_model, data_dir, warm_start.

    Raises:
        UserError: one sentence that says what is wrong and what to do.
    """
    key = (_identity(models), _identity(datasets), port, *sorted(map(str, options.items())))
    there = _shown.get(key)
    if there is None or there.stopped:
        given = {"texts": datasets} if _are_texts(datasets) else datasets
        # No token: its cookie would not be sent from inside a frame of a notebook's page.
        access = Access(frame_ancestors=NOTEBOOKS)
        serving = Serving(log=None, say=print, **options)
        app = served_app(models, given, access, serving)
        there = _shown[key] = Shown(app, access, port, kept=(models, datasets))
    there.resize(height)
    return there


class Shown:
    """A page that is served until `stop` is called or the notebook ends.

    Attributes:
        address: what to open it by, outside of the notebook, too.
        height: of the page in the notebook, in pixels.
    """

    def __init__(self, app: Any, access: Access, port: int, kept: Any):
        """Serves an app from now on.

        Args:
            app: any WSGI app.
            access: who may come in.
            port: 0 for any free one.
            kept: what the app was made of; as long as it lives no other can be taken for it.
        """
        self._kept = kept
        self._running = Running(_GRACE_S)
        bound = server.bind("127.0.0.1", port, access)
        server.start(self._running, app, bound, access)
        self.address = access.address(*bound.getsockname()[:2])
        self.height = 0
        self._thread = threading.Thread(target=self._running.run, name="page", daemon=True)
        self._thread.start()
        atexit.register(self.stop)

    def resize(self, height: int) -> None:
        """Sets the page's height in the notebook, in pixels."""
        self.height = height

    @property
    def stopped(self) -> bool:
        """Whether nothing is served any more."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Ends the server; its port is free afterwards."""
        self._running.stop()
        self._thread.join()
        self._kept = None
        atexit.unregister(self.stop)

    def __repr__(self) -> str:
        return f"{self.address} (stopped)" if self.stopped else self.address

    def _repr_html_(self) -> str:
        """What a notebook shows of it."""
        if self.stopped:
            return escape(repr(self))
        return (
            f'<iframe src="{escape(self.address)}" title="lit-plugins" width="100%" '
            f'height="{self.height:d}" style="border: 0"></iframe>'
        )


def _are_texts(datasets: Any) -> bool:
    """Whether it is one dataset of texts, rather than several by their sources."""
    several = isinstance(datasets, (list, tuple)) and len(datasets) > 0
    return several and all(isinstance(each, str) for each in datasets)


def _identity(given: Any) -> Any:
    """What tells arguments apart: names and texts by what they say, objects by which they are."""
    if isinstance(given, Mapping):
        return tuple((name, _identity(each)) for name, each in given.items())
    if isinstance(given, (list, tuple)):
        return tuple(map(_identity, given))
    return given if given is None or isinstance(given, str) else id(given)
