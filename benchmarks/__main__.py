"""Comparison of this package with others (`make bench`): tables of ratios, measured in one run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import (
    accuracy,
    first_load,
    flip_table,
    games,
    gradient_table,
    growth,
    page_load,
    pair_games,
    rates,
    shap_table,
    visitors,
    workloads,
)
from lit_plugins.embedded import EMBEDDED_MODELS
from lit_plugins.errors import UserError
from lit_plugins.models.quiet import quiet_transformers


def main() -> None:
    """Prints the tables."""
    parser = _parser()
    options = parser.parse_args()
    with TemporaryDirectory() as folder, quiet_transformers():
        try:
            for name in _wanted(options.only):
                for line in PARTS[name](options, Path(folder)):
                    print(line, flush=True)
                print(flush=True)
        except UserError as error:
            parser.error(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    add = parser.add_argument
    add(
        "--only",
        nargs="+",
        choices=[*PARTS, EXPLAIN],
        default=list(PARTS),
        help=f"tables to make; {EXPLAIN} stands for all except {', '.join(NO_EXPLANATION)}",
    )
    add("--dev", default="sst2", help="872 labelled sentences: a file or a dataset")
    add("--device", default="cpu", help="where explanations are computed: cpu, cuda or auto")
    add(
        "--shapes",
        nargs="+",
        default=list(workloads.SHAPES),
        help=f"models to explain: folders, names of embedded models, or {workloads.DISTILBERT}, "
        "which has random weights",
    )
    load = parser.add_argument_group("load, page and visitors")
    load.add_argument("--model", default="sentiment-small", help="the model that both sides load")
    load.add_argument("--train", help="at least 10,000 labelled sentences; skipped if not given")
    load.add_argument(
        "--rounds",
        type=int,
        default=3,
        help="runs of each side; the best counts, for page and visitors the median",
    )
    load.add_argument(
        "--visit", type=float, default=20, help="seconds for which visitors send requests"
    )
    explain = parser.add_argument_group("shap, gradients and rates")
    add = explain.add_argument
    add("--sentences", type=int, default=32, help="texts to explain")
    add("--chunk", type=int, default=8, help="texts that a side gets in one call")
    add(
        "--evaluations",
        type=int,
        nargs="+",
        default=[100, 200, 300, 500],
        help="numbers of evaluations at which to time shapley",
    )
    add(
        "--reference",
        type=int,
        default=8000,
        help="evaluations of KernelSHAP, which replaces exact values for texts of over 12 words",
    )
    add(
        "--errors-of-random",
        action="store_true",
        help="also measure errors on the model with random weights; takes an hour on 2 cores",
    )
    add("--steps", type=int, default=50, help="steps of the other packages' integrated gradients")
    add("--seconds", type=float, default=0.5, help="seconds of each run of the best kernel")
    exact = parser.add_argument_group("accuracy")
    exact.add_argument("--exact", type=int, default=50, help="texts with exact values")
    exact.add_argument("--words", type=int, default=12, help="words of each text")
    exact.add_argument(
        "--budgets", type=int, nargs="+", default=[100, 200, 500], help="numbers of evaluations"
    )
    known = parser.add_argument_group("games")
    known.add_argument(
        "--games",
        type=Path,
        default=os.environ.get("LIT_PLUGINS_GAMES"),
        help="folder of games that are known completely, as .npz files with coalitions and values; "
        "default: LIT_PLUGINS_GAMES, else small games of the embedded models",
    )
    known.add_argument(
        "--shapiq",
        metavar="PYTHON",
        default=os.environ.get("LIT_PLUGINS_SHAPIQ", sys.executable),
        help="Python that has shapiq, xgboost and lightgbm (shapiq 1.8 needs Python 3.12); "
        "default: LIT_PLUGINS_SHAPIQ, else this one",
    )
    known.add_argument(
        "--game-budgets",
        type=int,
        nargs="+",
        default=[71, 154, 336, 500, 731, 1590, 3461],
        help="numbers of evaluations",
    )
    known.add_argument("--seeds", type=int, default=2, help="runs of each estimator on each game")
    flips = parser.add_argument_group("flips")
    flips.add_argument("--flipped", type=int, default=200, help="sentences to flip")
    flips.add_argument(
        "--pairs", type=int, default=290, help="texts of the embedded contrast pairs to flip"
    )
    larger = parser.add_argument_group("growth")
    larger.add_argument(
        "--tokens",
        type=int,
        nargs="*",
        default=[8, 32, 128, 512],
        help="lengths of one text in tokens, explained by the first of the shapes",
    )
    larger.add_argument(
        "--texts",
        type=int,
        nargs="*",
        default=[1, 10, 100, 1000],
        help="numbers of texts, explained by the last of the shapes",
    )
    larger.add_argument("--methods", nargs="+", default=list(rates.METHODS), help="methods to run")
    return parser


EXPLAIN = "explain"
NO_EXPLANATION = ("load", "page", "visitors", "games", "flips")


def _wanted(names: Iterable[str]) -> Iterator[str]:
    chosen = set(names)
    return (
        name
        for name in PARTS
        if name in chosen or (EXPLAIN in chosen and name not in NO_EXPLANATION)
    )


def _load(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    yield "First load: from the page's first request to the table and the PCA projection.\n"
    for texts, size in ((options.dev, 872), (options.train, 10_000)):
        if texts is not None:
            yield from first_load.table(options.model, texts, [size], options.rounds)
            yield ""


def _page(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    yield "Page: one model, 548 reviews; median of alternating visits to servers already used.\n"
    yield from page_load.table(options.model, "reviews", options.rounds)


def _visitors(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    yield (
        f"Visitors: {visitors.CLIENTS} open the page at the same time, then send requests without "
        "a pause; LIT's own server answers one at a time.\n"
    )
    yield from visitors.table(options.model, "reviews", options.visit, options.rounds)


def _shap(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    sizes = shap_table.Sizes(
        budgets=tuple(options.evaluations),
        chunk=options.chunk,
        reference=options.reference,
        errors_of_random=options.errors_of_random,
    )
    return _of_each_shape(
        options,
        folder,
        "SHAP: times faster than the shap package, alternating in one process.\n",
        lambda work, texts: shap_table.table(work, texts, sizes),
    )


def _gradients(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    return _of_each_shape(
        options,
        folder,
        "Integrated gradients: times faster than others, alternating in one process.\n",
        lambda work, texts: gradient_table.table(work, texts, options.steps, options.chunk),
    )


def _rates(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    return _of_each_shape(
        options,
        folder,
        "Rates: float32 matrix products a second, compared with the machine's fastest kernel.\n",
        lambda work, texts: rates.table(work, texts, options.chunk, options.seconds),
    )


def _accuracy(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    yield "Accuracy: errors of word scores, against exact Shapley values by enumeration.\n"
    work = _shape(options, folder, options.shapes[-1])
    chosen = workloads.of_words(
        work.classifier, workloads.sentences(options.dev), options.words, options.exact
    )
    yield from accuracy.table(work, chosen, options.budgets)


def _games(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    yield "Games: errors of Shapley values where the values of all coalitions are known.\n"
    found = games.own_games() if options.games is None else games.read(options.games)
    yield from games.table(
        list(found.values()), options.game_budgets, options.seeds, options.shapiq, folder
    )
    yield "\nGames: errors of the interactions of all pairs of words, from the same evaluations.\n"
    yield from pair_games.table(
        list(found.values()), options.game_budgets, options.seeds, options.shapiq, folder
    )


def _growth(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    yield "Growth: one process a row; memory is the rise while explaining, without the model.\n"
    texts = workloads.sentences(options.dev)
    for name, sizes, table in (
        (options.shapes[0], options.tokens, growth.by_tokens),
        (options.shapes[-1], options.texts, growth.by_texts),
    ):
        if sizes:
            work = _shape(options, folder, name)
            yield from table(work, texts, sizes, options.methods, options.device)
            yield ""


def _flips(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    yield "Counterfactuals: times faster than LIT's own, alternating in one process.\n"
    for name in EMBEDDED_MODELS:
        work = _shape(options, folder, name)
        for texts, kind in (
            (workloads.sentences(options.dev, options.flipped), "sentences"),
            (workloads.contrast_pairs()[: options.pairs], "texts of contrast pairs"),
        ):
            yield from flip_table.table(work, texts, kind, options.chunk)
            yield ""


def _of_each_shape(
    options: argparse.Namespace,
    folder: Path,
    title: str,
    table: Callable[[workloads.Workload, Sequence[str]], Iterator[str]],
) -> Iterator[str]:
    yield title
    texts = workloads.sentences(options.dev, options.sentences)
    for name in options.shapes:
        yield from table(_shape(options, folder, name), texts)
        yield ""


def _shape(options: argparse.Namespace, folder: Path, name: str) -> workloads.Workload:
    return workloads.Workload.load(name, workloads.folder_of(name, folder), options.device)


PARTS: dict[str, Callable[[argparse.Namespace, Path], Iterator[str]]] = {
    "load": _load,
    "page": _page,
    "visitors": _visitors,
    "shap": _shap,
    "gradients": _gradients,
    "rates": _rates,
    "accuracy": _accuracy,
    "games": _games,
    "growth": _growth,
    "flips": _flips,
}

if __name__ == "__main__":
    main()
