"""The command line, thin: `lit-plugins serve`."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tqdm import tqdm

from lit_plugins.embedded import EMBEDDED_MODELS
from lit_plugins.errors import UserError

if TYPE_CHECKING:
    from lit_plugins.classifier import TextClassifier
    from lit_plugins.data import TextTable
    from lit_plugins.lit.app import App
    from lit_plugins.serve.page import WsgiApp


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns the exit code: 0, or 2 for a mistake that the user can mend."""
    options = _parser().parse_args(arguments)
    try:
        _serve(options)
    except UserError as error:
        print(f"lit-plugins: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # One sentence, where argparse prints the whole usage first.
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="lit-plugins", description="Debug text classifiers in the browser.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve", help="open models and datasets in LIT", description="Open models and datasets."
    )
    add = serve.add_argument
    add(
        "--model",
        action="append",
        metavar="[NAME=]MODEL",
        help="a folder, a name on the hub or an embedded model; may be given again to compare "
        "(default: both embedded models)",
    )
    add(
        "--dataset",
        action="append",
        metavar="[NAME=]DATASET",
        help="a CSV, TSV, JSON lines or Parquet file, a dataset on the hub, sst2, or reviews; may "
        "be given again (default: reviews, the embedded one)",
    )
    add("--split", help="the split of a dataset on the hub (default: validation, test or train)")
    add("--config", help="the configuration of a dataset on the hub that has several")
    add("--text-column", help="the column of texts (default: found by its name)")
    add("--label-column", help="the column of gold labels, or none (default: found by its name)")
    add("--labels", help="the names of the models' classes, by index, separated by commas")
    add("--max-examples", type=int, metavar="N", help="open at most N examples of each dataset")
    add("--max-length", type=int, metavar="N", help="read at most N tokens of a text")
    add("--revision", help="the branch, tag or commit of models on the hub")
    add("--device", default="auto", help="auto, cpu, cuda, … (default: %(default)s)")
    add("--dtype", default="float32", help="float32, bfloat16 or float16 (default: %(default)s)")
    add("--layout", default="debug", help="how the page opens: debug, simple or three_panel")
    add("--host", default="127.0.0.1", help="the address to serve on (default: this machine only)")
    add("--port", type=int, help="the port, 0 for any free one (default: 5380 or the next free)")
    add("--warm-start", action="store_true", help="predict everything before the page opens")
    add("--data-dir", type=Path, help="a folder where the page may save and load datapoints")
    add("--no-browser", action="store_true", help="do not open the page")
    return parser


def _serve(options: argparse.Namespace) -> None:
    # Imported here, as LIT's rooms are below: a mistyped flag need not wait for them.
    from lit_plugins.serve import server

    with server.bind(options.host, options.port) as bound:  # before minutes of loading
        app = _app(options)

        def announce(address: str) -> None:
            print(f"lit-plugins serves {address} (Ctrl-C stops it)", flush=True)
            if not options.no_browser:
                server.open_browser(address)

        server.serve(app, bound, announce=announce)


def _app(options: argparse.Namespace) -> WsgiApp:
    from lit_plugins.lit.app import CLIENT_ROOT, build_app
    from lit_plugins.lit.layouts import LAYOUTS
    from lit_plugins.serve.page import with_own_assets

    if options.layout not in LAYOUTS:
        raise UserError(f"There is no layout {options.layout!r}; choose from {', '.join(LAYOUTS)}.")
    data_dir = _folder(options.data_dir) if options.data_dir is not None else None
    classifiers = _load_models(options)
    tables = _load_tables(options, next(iter(classifiers.values())).labels)
    for sentence in _cut_texts(classifiers, tables):
        _say(sentence)
    app = build_app(classifiers, tables, layout=options.layout, data_dir=data_dir)
    if options.warm_start:
        _warm(app)
    # LIT's page would open with the first model only; side by side shows something at once.
    opening = f"models={','.join(list(classifiers)[:2])}" if len(classifiers) > 1 else ""
    return with_own_assets(app, CLIENT_ROOT, opening)


def _load_models(options: argparse.Namespace) -> dict[str, TextClassifier]:
    from lit_plugins.classifier import TextClassifier

    labels = options.labels.split(",") if options.labels is not None else None
    sources = _named(options.model or EMBEDDED_MODELS, "model")
    return {
        name: TextClassifier.from_pretrained(
            source,
            revision=options.revision,
            device=options.device,
            dtype=options.dtype,
            max_length=options.max_length,
            labels=labels,
        )
        for name, source in tqdm(sources.items(), desc="Loading models", unit="model")
    }


def _load_tables(options: argparse.Namespace, labels: Sequence[str]) -> dict[str, TextTable]:
    from lit_plugins.data import load_table

    own = {
        "split": options.split,
        "config": options.config,
        "text_column": options.text_column,
        "label_column": options.label_column,
    }
    tables = {}
    for name, source in _named(options.dataset or ["reviews"], "dataset").items():
        _say(f"Loading dataset {name}.")  # an unreachable hub is tried for half a minute
        table = load_table(
            source,
            label_names=labels,
            max_examples=options.max_examples,
            # What is said of the user's own data does not hold for the embedded reviews.
            **({} if source == "reviews" else own),
        )
        _say(f"Dataset {name}: {len(table.texts):,} texts.")
        for sentence in table.report.sentences():
            _say(f"Dataset {name}: {sentence}")
        tables[name] = table
    return tables


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


def _named(sources: Sequence[str], what: str) -> dict[str, str]:
    """Sources by the names that the page shows them under."""
    named: dict[str, str] = {}
    for source in sources:
        given, _, rest = source.rpartition("=")
        # LIT's page puts names into addresses unescaped, so only plain characters may stand.
        name = re.sub(r"[^\w.-]+", "-", given or Path(rest).name or rest).strip("-") or what
        if name in named and named[name] == rest:
            raise UserError(f"The {what} {rest!r} is given twice; give it once.")
        number = 2
        unique = name
        while unique in named:
            unique = f"{name}-{number}"
            number += 1
        named[unique] = rest
    return named


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"The data folder {str(path)!r} cannot be made ({error.strerror}); name another."
        ) from error
    return path


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
