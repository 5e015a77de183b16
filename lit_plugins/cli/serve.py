"""`lit-plugins serve`: models and datasets in LIT, in the browser."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from lit_plugins.cli.loading import (
    add_loading_flags,
    add_models_flag,
    load_classifier,
    load_texts,
    named,
    say,
)
from lit_plugins.embedded import EMBEDDED_FILLER, EMBEDDED_MODELS
from lit_plugins.errors import UserError

if TYPE_CHECKING:
    from lit_plugins.classifier import TextClassifier
    from lit_plugins.data import TextTable
    from lit_plugins.lit.app import App
    from lit_plugins.serve.wsgi import WsgiApp


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of `lit-plugins serve`."""
    add = parser.add_argument
    add_models_flag(parser)
    add(
        "--dataset",
        action="append",
        metavar="[NAME=]DATASET",
        help="a CSV, TSV, JSON lines or Parquet file, a dataset on the hub, sst2, or reviews; may "
        "be given again (default: reviews, the embedded one)",
    )
    add_loading_flags(parser)
    add(
        "--layout",
        default="debug",
        help="how the page opens: debug, compare, counterfactuals, attention, simple or "
        "three_panel",
    )
    add("--host", default="127.0.0.1", help="the address to serve on (default: this machine only)")
    add("--port", type=int, help="the port, 0 for any free one (default: 5380 or the next free)")
    add(
        "--infill-model",
        metavar="MODEL",
        help="the masked language model that proposes words for counterfactuals: a folder, a name "
        "on the hub or an embedded model, loaded at first use (default: the embedded one for "
        "embedded models; for others distilroberta-base, where the hub is in reach)",
    )
    add("--warm-start", action="store_true", help="predict everything before the page opens")
    add("--data-dir", type=Path, help="a folder where the page may save and load datapoints")
    add("--no-browser", action="store_true", help="do not open the page")


def run(options: argparse.Namespace) -> int:
    """Serves until Ctrl-C."""
    # Imported here, as LIT's rooms are below: a mistyped flag need not wait for them.
    from lit_plugins.serve import server

    try:
        with server.bind(options.host, options.port) as bound:  # before minutes of loading
            app = _app(options)

            def announce(address: str) -> None:
                print(f"lit-plugins serves {address} (Ctrl-C stops it)", flush=True)
                if not options.no_browser:
                    server.open_browser(address)

            server.serve(app, bound, announce=announce)
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def _app(options: argparse.Namespace) -> WsgiApp:
    from lit_plugins.lit.app import CLIENT_ROOT, build_app
    from lit_plugins.lit.layouts import LAYOUTS
    from lit_plugins.lit.modules import registered_modules
    from lit_plugins.serve.api import api
    from lit_plugins.serve.clients import gone
    from lit_plugins.serve.failures import answering_failures
    from lit_plugins.serve.page import with_own_assets
    from lit_plugins.serve.queue import ModelQueue, fair

    if options.layout not in LAYOUTS:
        raise UserError(f"There is no layout {options.layout!r}; choose from {', '.join(LAYOUTS)}.")
    data_dir = _folder(options.data_dir) if options.data_dir is not None else None
    classifiers = _load_models(options)
    tables = _load_tables(options, next(iter(classifiers.values())).labels)
    modules, problems = registered_modules()
    for sentence in (*_cut_texts(classifiers, tables), *problems):
        say(sentence)
    app = build_app(
        classifiers,
        tables,
        layout=options.layout,
        data_dir=data_dir,
        filler=options.infill_model or _default_filler(options),
        modules=modules,
    )
    if options.warm_start:
        _warm(app)
    # LIT's page would open with the first model only; side by side shows something at once.
    opening = f"models={','.join(list(classifiers)[:2])}" if len(classifiers) > 1 else ""
    scripts = {module.tag: module.script for module in modules}
    page = with_own_assets(api(app), CLIENT_ROOT, opening, scripts)
    return answering_failures(fair(page, ModelQueue(), gone))


def _default_filler(options: argparse.Namespace) -> str:
    """Nothing is fetched for a demo of what is embedded."""
    sources = named(options.model or EMBEDDED_MODELS, "model").values()
    return EMBEDDED_FILLER if set(sources) <= set(EMBEDDED_MODELS) else "auto"


def _load_models(options: argparse.Namespace) -> dict[str, TextClassifier]:
    sources = named(options.model or EMBEDDED_MODELS, "model")
    return {
        name: load_classifier(options, source)
        for name, source in tqdm(sources.items(), desc="Loading models", unit="model")
    }


def _load_tables(options: argparse.Namespace, labels: Sequence[str]) -> dict[str, TextTable]:
    sources = named(options.dataset or ["reviews"], "dataset")
    return {name: load_texts(options, source, labels, name) for name, source in sources.items()}


def _cut_texts(
    classifiers: Mapping[str, TextClassifier], tables: Mapping[str, TextTable]
) -> Iterator[str]:
    for model_name, classifier in classifiers.items():
        for table_name, table in tables.items():
            cut = sum(text.truncated for text in classifier.encode(table.texts))
            if cut:
                yield (
                    f"Dataset {table_name}: {cut:,} of {len(table.texts):,} texts are longer than "
                    f"the {classifier.max_length} tokens that {model_name} reads; "
                    "it does not see their ends."
                )


def _warm(app: App) -> None:
    bars: dict[tuple[str, str], tqdm] = {}

    def progress(model: str, dataset: str, done: int, total: int) -> None:
        bar = bars.get((model, dataset))
        if bar is None:
            bar = bars[model, dataset] = tqdm(
                total=total, desc=f"Predicting {dataset} with {model}", unit="text"
            )
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    app.warm(progress)


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"The data folder {str(path)!r} cannot be made ({error.strerror}); name another."
        ) from error
    return path
