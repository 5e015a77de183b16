"""The page inside a notebook, for the models and texts of that notebook."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Mapping
from html import escape
from typing import Any

from lit_plugins.data.sources import is_file_name
from lit_plugins.serve import server
from lit_plugins.serve.arguments import Columns, Datasets, Models
from lit_plugins.serve.factory import Serving, served_app
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.shutdown import Running

NOTEBOOKS = ("http://localhost:*", "http://127.0.0.1:*")
"""Origins of notebooks on this machine; only their pages may show this page in a frame."""

_GRACE_S = 1.0

_shown: dict[tuple[Any, ...], Shown] = {}


def show(
    models: Models = None,
    datasets: Datasets = None,
    *,
    height: int = 900,
    port: int = 0,
    text_column: str | None = None,
    label_column: str | None = None,
    **options: Any,
) -> Shown:
    """Shows the page below a notebook's cell, from a server in a thread of the notebook's process.

    Only this machine can reach the server, and only a notebook on this machine can show its page.
    Another call with the same arguments shows the same server's page again.

    Args:
        models: one or several, or a mapping from names: `TextClassifier`s, pairs of model and
            tokenizer, folders or names on the hub. None for the embedded models.
        datasets: texts in a list, an array or a Series; a DataFrame, a `datasets.Dataset`, a file
            or a name on the hub (OWNER/NAME); or a mapping from names to these. None for the
            embedded reviews.
        height: the page's height, in pixels.
        port: the server's port; 0 for any free one.
        text_column, label_column: as in `create_app`.
        options: attributes of `Serving`: layout, infill_model, data_dir, warm_start.

    Raises:
        UserError: one sentence that says what is wrong and what to do.
    """
    columns = Columns(text_column, label_column)
    key = (
        *(_identity(models), _identity(datasets), port, columns),
        *sorted(map(str, options.items())),
    )
    shown = _shown.get(key)
    if shown is None or shown.stopped:
        named_datasets = {"texts": datasets} if _are_texts(datasets) else datasets
        # No token: browsers would not send its cookie from a frame inside a notebook's page.
        access = Access(frame_ancestors=NOTEBOOKS)
        serving = Serving(log=None, say=print, **options)
        app = served_app(models, named_datasets, access, serving, columns)
        shown = _shown[key] = Shown(app, access, port, kept=(models, datasets))
    shown.resize(height)
    return shown


class Shown:
    """A page that is served until `stop` is called or the notebook ends.

    Attributes:
        address: the page's address, which also opens outside the notebook.
        height: the page's height in the notebook, in pixels.
    """

    def __init__(self, app: Any, access: Access, port: int, kept: Any):
        """Starts serving an app.

        Args:
            app: any WSGI app.
            access: who may open the page.
            port: the server's port; 0 for any free one.
            kept: the app's models and datasets. Keeping them alive keeps their ids, by which
                `show` tells them apart, from being reused.
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
        """Whether the server has ended."""
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
        """The page in a frame, as HTML for the notebook."""
        if self.stopped:
            return escape(repr(self))
        return (
            f'<iframe src="{escape(self.address)}" title="lit-plugins" width="100%" '
            f'height="{self.height:d}" style="border: 0"></iframe>'
        )


def _are_texts(datasets: Any) -> bool:
    """Tells whether `datasets` is a list of texts, which is one dataset, not several files."""
    several = isinstance(datasets, (list, tuple)) and len(datasets) > 0
    return (
        several
        and all(isinstance(dataset, str) for dataset in datasets)
        and not all(map(is_file_name, datasets))
    )


def _identity(argument: Any) -> Any:
    """Makes a key of an argument: strings count by their value, other objects by identity."""
    if isinstance(argument, Mapping):
        return tuple((name, _identity(value)) for name, value in argument.items())
    if isinstance(argument, (list, tuple)):
        return tuple(map(_identity, argument))
    return argument if argument is None or isinstance(argument, str) else id(argument)
