"""The registry of all metrics, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from lit_plugins.data.columns import RATIONALE
from lit_plugins.evaluate.agreement import TOP, agreement
from lit_plugins.evaluate.behaviour import TOLERANCE, behaviour
from lit_plugins.evaluate.calibration import calibration
from lit_plugins.evaluate.comparison import by_text, comparison
from lit_plugins.evaluate.contrast_pairs import contrast
from lit_plugins.evaluate.faithfulness import SEARCH
from lit_plugins.evaluate.faithfulness_tables import faithfulness, faithfulness_curves
from lit_plugins.evaluate.global_words import AT_LEAST, WORDS_METHOD, global_words
from lit_plugins.evaluate.metric import Measure, Metric, Question
from lit_plugins.evaluate.missing_words import missing_words
from lit_plugins.evaluate.plausibility import plausibility
from lit_plugins.evaluate.scoring import RANDOM
from lit_plugins.explain.estimators.missing_words import INFILL_MODEL, MISSING_OPTIONS
from lit_plugins.options import Integer, Number, Text, check_declared, seed_option
from lit_plugins.plugins import Registry, check_described

if TYPE_CHECKING:
    from pandas import DataFrame

WORDS = 15
"""Default number of words that the table of global words lists for and against the class."""

_SEED = seed_option("The seed that draws the texts and the random order.")
_SEARCH = Integer(
    "search",
    SEARCH,
    "Model runs to find each text's limits of faithfulness; 0 leaves out the normalised values.",
    low=0,
    high=100_000,
)
_TOP = Integer(
    "top",
    TOP,
    "How many of the largest words agreement and missing_words compare.",
    low=1,
    high=1000,
)
_TOLERANCE = Number(
    "tolerance",
    TOLERANCE,
    "How far the probability may move against a rule's expectation.",
    low=0,
    high=1,
)
_PAIR_COLUMN = Text("pair_column", "pair", "The column that names each text's contrast pair.")
_RATIONALE_COLUMN = Text("rationale_column", RATIONALE, "The column of human rationales.")
_GLOBAL_WORDS = (
    Text("target", "", "The label of the class of global_words; empty for the last class."),
    Integer(
        "words",
        WORDS,
        "How many words global_words lists for the class, and how many against it.",
        low=1,
        high=10_000,
    ),
    Integer(
        "at_least",
        AT_LEAST,
        "The fewest occurrences in the texts of a word that global_words lists.",
        low=1,
        high=1_000_000,
    ),
)


def _calibration(question: Question) -> DataFrame:
    return calibration(question.classifiers, question.table, by=question.by)


def _comparison(question: Question) -> DataFrame:
    return comparison(question.classifiers, question.table, by=question.by)


def _contrast(question: Question) -> DataFrame:
    column = question.options["pair_column"]
    return contrast(question.classifiers, question.table, column=column, by=question.by)


def _behaviour(question: Question) -> DataFrame:
    return behaviour(
        question.classifiers,
        question.table,
        question.rules,
        tolerance=question.options["tolerance"],
        **question.drawn(),
    )


def _of_methods(evaluation: Callable[..., DataFrame]) -> Callable[[Question], DataFrame]:
    """The table of an evaluation of methods, which takes the metric's options by their names."""

    def make(question: Question) -> DataFrame:
        return evaluation(
            question.classifiers,
            question.table,
            question.methods,
            **{**question.options, **question.drawn()},
        )

    return make


def _plausibility(question: Question) -> DataFrame:
    return plausibility(
        question.classifiers,
        question.table,
        question.methods,
        column=question.options["rationale_column"],
        **question.drawn(),
    )


def _global_words(question: Question) -> DataFrame:
    """The tables of all methods, concatenated, without the column `places`."""
    import pandas  # slow to import

    chosen = question.methods or [WORDS_METHOD]
    # Random scores are a baseline for tables that judge methods; they tell nothing about words.
    methods = [name for name in chosen if name != RANDOM] or chosen
    tables = []
    for index, method in enumerate(methods):

        def progress(done: int, total: int, index: int = index) -> None:
            if question.progress is not None:
                question.progress(index * total + done, len(methods) * total)

        tables.append(
            global_words(
                question.classifiers,
                question.table,
                method,
                target=question.options["target"] or None,
                words=question.options["words"],
                at_least=question.options["at_least"],
                **{**question.drawn(), "progress": progress},
            )
        )
    return pandas.concat(tables, ignore_index=True).drop(columns="places", errors="ignore")


def _by_text(question: Question) -> DataFrame:
    return by_text(question.classifiers, question.table)


def _has_labels(question: Question) -> bool:
    return question.table.label_names is not None


def _has_pairs(question: Question) -> bool:
    return _has_labels(question) and question.options["pair_column"] in question.table.columns


def _has_rationales(question: Question) -> bool:
    return question.options["rationale_column"] in question.table.columns


def check_declaration(metric: Metric) -> None:
    """Refuses a metric whose name, texts or options are unusable.

    Raises:
        UserError: the declaration is unusable; the sentence says what to change.
    """
    check_described(metric)
    check_declared(metric.options)


METRICS: Registry[Metric] = Registry(
    "lit_plugins.metrics",
    "metric",
    Metric,
    lambda: (
        Metric(
            "calibration",
            "Calibration",
            "Whether the models are right as often as they are confident.",
            _calibration,
            fits=_has_labels,
            quick=True,
        ),
        Metric(
            "comparison",
            "Comparison",
            "How far each pair of models differs.",
            _comparison,
            fits=lambda question: len(question.classifiers) > 1,
            quick=True,
            needs_shared_classes=True,
        ),
        Metric(
            "contrast",
            "Contrast pairs",
            "How the models judge pairs of similar texts with opposite meaning.",
            _contrast,
            (_PAIR_COLUMN,),
            fits=_has_pairs,
            quick=True,
        ),
        Metric(
            "behaviour",
            "Behaviour",
            "Whether predictions move as the edits of lexical rules say they should.",
            _behaviour,
            (_SEED, _TOLERANCE),
        ),
        Metric(
            "faithfulness",
            "Faithfulness",
            "Whether the words that a method ranks first drive the model's predictions.",
            _of_methods(faithfulness),
            (_SEED, _SEARCH, *MISSING_OPTIONS),
        ),
        Metric(
            "faithfulness_curves",
            "Faithfulness curves",
            "The probability as more and more of the words are masked or kept.",
            _of_methods(faithfulness_curves),
            (_SEED, *MISSING_OPTIONS),
        ),
        Metric(
            "agreement",
            "Agreement",
            "How far each pair of methods agrees.",
            _of_methods(agreement),
            (_SEED, _TOP),
        ),
        Metric(
            "missing_words",
            "Missing words",
            "How far a method's ranking of words hangs on what stands for a missing word.",
            _of_methods(missing_words),
            # The metric compares all stand-ins, so it always needs the infill model.
            (_SEED, _TOP, replace(INFILL_MODEL, only_with=())),
            measures=(
                Measure(
                    "rank correlation",
                    "Kendall's tau of the words' scores with two stand-ins, on average.",
                    "highest",
                ),
                Measure(
                    "top overlap",
                    "The share of the words with the largest scores that both stand-ins share.",
                    "highest",
                ),
                Measure(
                    "difference",
                    "The median distance of the scores, as a share of the first stand-in's scores.",
                    "lowest",
                ),
            ),
        ),
        Metric(
            "plausibility",
            "Plausibility",
            "Whether a method ranks the words first that people marked.",
            _plausibility,
            (_SEED, _RATIONALE_COLUMN),
            fits=_has_rationales,
        ),
        Metric(
            "global_words",
            "Global words",
            "The words that speak for a class and the words that speak against it.",
            _global_words,
            (_SEED, *_GLOBAL_WORDS),
        ),
        Metric(
            "by_text",
            "By text",
            "Each text with every model's prediction and how models differ; never sliced.",
            _by_text,
            needs_shared_classes=True,
        ),
    ),
    check=check_declaration,
)
