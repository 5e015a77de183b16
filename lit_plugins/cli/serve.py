"""`lit-plugins serve`: opens models and datasets in LIT, in the browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lit_plugins.cli import stopping
from lit_plugins.cli.access_flags import access_of, add_access_flags
from lit_plugins.cli.completion import offer
from lit_plugins.cli.loading_flags import (
    add_loading_flags,
    add_models_flag,
    load_classifier,
    load_texts,
    with_numbers,
)
from lit_plugins.data.wording import counted
from lit_plugins.embedded import EMBEDDED_MODELS
from lit_plugins.naming import named
from lit_plugins.serve.log import LOGS
from lit_plugins.terminal import progress_bar, put, say

if TYPE_CHECKING:
    from lit_plugins.data import TextTable
    from lit_plugins.models.classifier import TextClassifier
    from lit_plugins.serve.guard.access import Access
    from lit_plugins.serve.wsgi import WsgiApp


LAYOUT_NAMES = ("debug", "compare", "counterfactuals", "attention", "simple", "three_panel")
"""Names of the layouts, repeated here because `lit_plugins.lit.layouts` loads LIT."""


def add_flags(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> None:
    """Adds the flags of `lit-plugins serve`.

    Args:
        parser: the parser to add them to.
        arguments: the words after the command; not used.
    """
    add = parser.add_argument
    add_models_flag(parser)
    add(
        "--dataset",
        action="append",
        metavar="[NAME=]DATASET",
        help="a CSV, TSV, JSON lines or Parquet file, a dataset on the hub, sst2, or reviews; may "
        "be repeated (default: reviews, the embedded dataset)",
    )
    add_loading_flags(parser)
    layout = add(
        "--layout",
        default="debug",
        help=f"the layout of the page at first: {', '.join(LAYOUT_NAMES)} (default: %(default)s)",
    )
    offer(layout, LAYOUT_NAMES)
    add("--host", default="127.0.0.1", help="the address to serve on (default: this machine only)")
    add("--port", type=int, help="the port, 0 for any free one (default: 5380 or the next free)")
    add_access_flags(parser)
    add(
        "--infill-model",
        metavar="MODEL",
        help="the masked language model that proposes words for counterfactuals and writes missing "
        "words for explanations: a folder, a name on the hub or an embedded model, loaded at first "
        "use (default: the embedded one for embedded models; for others distilroberta-base, if the "
        "hub can be reached)",
    )
    add("--warm-start", action="store_true", help="predict everything before the page opens")
    add("--data-dir", type=Path, help="a folder where the page may save and load datapoints")
    add(
        "--path-prefix",
        default="",
        metavar="PATH",
        help="the path under which a reverse proxy publishes the page, such as /tools/lit",
    )
    add(
        "--log",
        default="errors",
        choices=LOGS,
        help="log only errors, or all requests too, as lines of JSON without texts and tokens "
        "(default: %(default)s)",
    )
    add(
        "--log-messages",
        action="store_true",
        help="also log the messages of errors, which may quote texts",
    )
    add("--no-browser", action="store_true", help="do not open the page")


def run(options: argparse.Namespace) -> int:
    """Serves until Ctrl-C, SIGTERM or SIGHUP, and returns 0."""
    # Imported here, like LIT's modules below, so that a mistyped flag is reported quickly.
    from lit_plugins.serve import server
    from lit_plugins.serve.prefix import checked_prefix

    access = access_of(options)
    prefix = checked_prefix(options.path_prefix)
    served = False
    try:
        # A busy port is reported before loading takes minutes.
        with server.bind(options.host, options.port, access) as bound:
            app = _app(options, access)

            def announce(address: str) -> None:
                nonlocal served
                served = True
                put(f"lit-plugins serves {address} (Ctrl-C stops it)", sys.stdout)
                # The address with the token would be visible in the list of processes.
                if not options.no_browser and access.token is None:
                    server.open_browser(address)

            server.serve(
                app, bound, announce=announce, access=access, prefix=prefix, waits=_say_what_waits
            )
    except KeyboardInterrupt:
        if not served:
            raise
    stopping.ending()
    say("Stopped.")
    return 0


def _say_what_waits(requests: int) -> None:
    from lit_plugins.serve.shutdown import GRACE_S

    say(
        f"Waiting at most {GRACE_S:.0f} s for {counted(requests, 'request')} in progress; "
        "Ctrl-C again ends them."
    )


def _app(options: argparse.Namespace, access: Access) -> WsgiApp:
    from lit_plugins.models.shared_labels import share_labels
    from lit_plugins.serve.factory import Serving, made_folder, served_app

    serving = Serving(  # checks the flags before loading takes minutes
        layout=options.layout,
        infill_model=options.infill_model,
        data_dir=options.data_dir,
        warm_start=options.warm_start,
        path_prefix=options.path_prefix,
        log=options.log,
        log_messages=options.log_messages,
        say=say,
    )
    if options.data_dir is not None:
        made_folder(options.data_dir)
    shared = share_labels(_load_models(options))
    tables = _load_tables(options, shared.label_names)
    # Their numbers may overflow. Of other models, the app leaves out such texts as it finds them.
    half = [model for model in shared.classifiers.values() if model.half_precise]
    tables = {name: with_numbers(table, half, name) for name, table in tables.items()}
    return served_app(shared.classifiers, tables, access, serving)


def _load_models(options: argparse.Namespace) -> dict[str, TextClassifier]:
    sources = named(options.model or EMBEDDED_MODELS, "model")
    models = {}
    with progress_bar("Loading models", len(sources), "model", hidden=None) as bar:
        for name, source in sources.items():
            models[name] = load_classifier(options, source)
            bar.update()
    return models


def _load_tables(options: argparse.Namespace, labels: Collection[str]) -> dict[str, TextTable]:
    sources = named(options.dataset or ["reviews"], "dataset")
    return {name: load_texts(options, source, labels, name) for name, source in sources.items()}
