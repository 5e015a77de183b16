"""The tables of `lit-plugins evaluate` by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lit_plugins import evaluate
from lit_plugins.data import TextTable
from lit_plugins.evaluate.global_words import WORDS_METHOD
from lit_plugins.evaluate.scoring import RANDOM
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame

    from lit_plugins.models.classifier import TextClassifier


@dataclass(frozen=True)
class Asked:
    """What the flags ask for, loaded.

    Attributes:
        classifiers: models by name.
        table: the dataset.
        methods, rules: names; None for all.
        by: what to slice by, or None.
        sample: the sample, if it was given, by its keyword.
        options: checked values of the command's options, by name.
    """

    classifiers: Mapping[str, TextClassifier]
    table: TextTable
    methods: Sequence[str] | None
    rules: Sequence[str] | None
    by: str | None
    sample: Mapping[str, int | None]
    options: Mapping[str, Any]

    def drawn(self, progress: Progress, *names: str) -> dict[str, Any]:
        """Keywords of an evaluation that draws a sample: those of all, and the options named."""
        own = {name: self.options[name] for name in ("seed", *names)}
        return {"by": self.by, **self.sample, **own, "progress": progress}


def _always(asked: Asked) -> bool:
    return True


def _global_words(asked: Asked, progress: Progress) -> DataFrame:
    """One method's table below the other's; which texts have a word is not told."""
    import pandas  # takes long to load

    chosen = asked.methods or [WORDS_METHOD]
    # Chance beside a method is for tables that judge it; here it would say nothing of any word.
    named = [name for name in chosen if name != RANDOM] or chosen
    given = asked.drawn(progress, "words", "at_least")
    made = []
    for at, name in enumerate(named):

        def told(done: int, total: int, at: int = at) -> None:
            progress(at * total + done, len(named) * total)

        made.append(
            evaluate.global_words(
                asked.classifiers,
                asked.table,
                name,
                target=asked.options["target"] or None,
                **{**given, "progress": told},
            )
        )
    return pandas.concat(made, ignore_index=True).drop(columns="places", errors="ignore")


@dataclass(frozen=True)
class Metric:
    """One table.

    Attributes:
        help: a sentence on what it shows.
        make: computes it.
        fits: whether the models and data at hand have what it needs.
        quick: whether it is made where no metrics are named.
    """

    help: str
    make: Callable[[Asked, Progress], DataFrame]
    fits: Callable[[Asked], bool] = _always
    quick: bool = False


METRICS: dict[str, Metric] = {
    "calibration": Metric(
        "Whether the models are right as often as they are sure.",
        lambda asked, _: evaluate.calibration(asked.classifiers, asked.table, by=asked.by),
        lambda asked: asked.table.label_names is not None,
        quick=True,
    ),
    "comparison": Metric(
        "Where each two models part.",
        lambda asked, _: evaluate.comparison(asked.classifiers, asked.table, by=asked.by),
        lambda asked: len(asked.classifiers) > 1,
        quick=True,
    ),
    "contrast": Metric(
        "Pairs of texts that differ little and mean the opposite.",
        lambda asked, _: evaluate.contrast(
            asked.classifiers, asked.table, column=asked.options["pair_column"], by=asked.by
        ),
        lambda asked: (
            asked.table.label_names is not None
            and asked.options["pair_column"] in asked.table.columns
        ),
        quick=True,
    ),
    "behaviour": Metric(
        "Whether predictions move as the edit of a lexical rule says.",
        lambda asked, progress: evaluate.behaviour(
            asked.classifiers, asked.table, asked.rules, **asked.drawn(progress, "tolerance")
        ),
    ),
    "faithfulness": Metric(
        "Whether the words that a method puts first are those that the model goes by.",
        lambda asked, progress: evaluate.faithfulness(
            asked.classifiers, asked.table, asked.methods, **asked.drawn(progress, "search")
        ),
    ),
    "faithfulness_curves": Metric(
        "The probability as more and more of the words are masked, or kept.",
        lambda asked, progress: evaluate.faithfulness_curves(
            asked.classifiers, asked.table, asked.methods, **asked.drawn(progress)
        ),
    ),
    "agreement": Metric(
        "How far each two methods agree.",
        lambda asked, progress: evaluate.agreement(
            asked.classifiers, asked.table, asked.methods, **asked.drawn(progress, "top")
        ),
    ),
    "plausibility": Metric(
        "Whether a method puts first the words that people marked.",
        lambda asked, progress: evaluate.plausibility(
            asked.classifiers,
            asked.table,
            asked.methods,
            column=asked.options["rationale_column"],
            **asked.drawn(progress),
        ),
    ),
    "global_words": Metric(
        "The words that speak for a class, and those that speak against it.", _global_words
    ),
    "by_text": Metric(
        "Each text with what each model says of it, and where two part; not by slice.",
        lambda asked, _: evaluate.by_text(asked.classifiers, asked.table),
    ),
}
