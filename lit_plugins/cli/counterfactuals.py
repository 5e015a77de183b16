"""`lit-plugins counterfactuals`: finds edits that flip predictions, and prints or saves them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from statistics import median
from typing import Any

from lit_plugins.cli.marking import as_text
from lit_plugins.cli.method_command import (
    Work,
    add_method_flags,
    add_text_flags,
    carry_out,
    prepare,
)
from lit_plugins.cli.method_flags import find_method
from lit_plugins.cli.output import Layout
from lit_plugins.counterfactual import METHODS, SHARED, Counterfactual, counterfactuals_each
from lit_plugins.data.wording import counted
from lit_plugins.terminal import printable, put, say, takes_color

DEFAULT_METHOD = "ablation"

_COLUMNS: dict[str, type] = {
    "text": str,
    "new_text": str,
    "edits": str,
    "method": str,
    "rule": str,
    "label_before": str,
    "probability_before": float,
    "label_after": str,
    "probability_after": float,
    "flips": bool,
    "edit_size": int,
    "similarity": float,
    "fluency": float,
    "evaluations": int,
}


def add_flags(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> None:
    """Adds the flags of `lit-plugins counterfactuals`.

    Args:
        parser: the parser to add them to.
        arguments: the words after the command. The options of the method that they name become
            flags.
    """
    method = find_method(arguments, METHODS, DEFAULT_METHOD, "counterfactuals")
    add_text_flags(
        parser,
        "the class that the model is to predict instead, a label or an index (default: any other)",
        "write the counterfactuals to a .jsonl, .csv or .parquet file, with one line or row for "
        "each, instead of drawing them here; .csv files have an apostrophe before texts that a "
        "spreadsheet would run",
    )
    add_method_flags(parser, METHODS, method, DEFAULT_METHOD, SHARED)


def run(options: argparse.Namespace) -> int:
    """Searches, and returns the exit code: 0, or 128 and the number of the signal."""
    work = prepare(options, (*METHODS[options.method].options, *SHARED), LAYOUT)
    results = counterfactuals_each(
        work.classifier, work.texts, options.method, work.target, **work.options
    )
    tally = _Tally()
    code = carry_out(
        work,
        _outcomes(work, results),
        LAYOUT,
        _draw,
        tally.add,
        ("looking", "looked at"),
    )
    for sentence in tally.sentences():
        say(sentence)
    return code


@dataclass(frozen=True)
class Outcome:
    """The result of the search for one text.

    Attributes:
        text: the text as written.
        counterfactuals: the counterfactuals of the text, best first.
        nothing: one sentence on why there are no counterfactuals; "" if there are some.
        already: whether there are none because the model already predicts the target.
    """

    text: str
    counterfactuals: Sequence[Counterfactual]
    nothing: str = ""
    already: bool = False


def _outcomes(work: Work, results: Iterator[list[Counterfactual]]) -> Iterator[Outcome]:
    classifier = work.classifier
    goal = None if work.target is None else classifier.task.target_index(work.target)
    for text, counterfactuals in zip(work.texts, results, strict=True):
        if counterfactuals:
            yield Outcome(text, counterfactuals)
            continue
        chances = classifier.predict([text]).probabilities[0]
        predicted = int(classifier.task.predicted(chances))
        sentence = f"The prediction is {classifier.labels[predicted]} ({chances[predicted]:.3f})"
        if predicted == goal:
            yield Outcome(text, (), f"{sentence} already.", already=True)
        else:
            yield Outcome(text, (), f"{sentence}, and nothing was found that changes it.")


def _draw(outcome: Outcome) -> None:
    if outcome.counterfactuals:
        put(as_text(outcome.counterfactuals, color=takes_color(sys.stdout)), sys.stdout)
    else:
        put(f"{printable(outcome.text)}\n{printable(outcome.nothing)}", sys.stdout)


@dataclass
class _Tally:
    """Counts of the outcomes so far.

    Attributes:
        done: texts that were searched.
        already: texts for which the model already predicts the target.
        edits: for each text with a flip, the number of edits of the smallest one.
    """

    done: int = 0
    already: int = 0
    edits: list[int] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.done += 1
        self.already += outcome.already
        # Counterfactuals are sorted, smallest first.
        self.edits += [len(flip.edits) for flip in outcome.counterfactuals if flip.flips][:1]

    def sentences(self) -> Iterator[str]:
        if not self.done:
            return
        with_median = ""
        if self.edits:
            middle = median(self.edits)
            with_median = f", with a median of {middle:g} {'edit' if middle == 1 else 'edits'}"
        texts = counted(self.done, "text")
        yield f"A flip was found for {len(self.edits):,} of {texts}{with_median}."
        if self.already:
            yield f"The prediction of {counted(self.already, 'text')} is the target already."


def _rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    for counterfactual in outcome.counterfactuals:
        plain = {name: value for name, value in vars(counterfactual).items() if name in _COLUMNS}
        yield {**plain, "edits": counterfactual.describe()}


LAYOUT = Layout[Outcome](
    columns=_COLUMNS,
    rows=_rows,
    lines=lambda outcome: [counterfactual.to_dict() for counterfactual in outcome.counterfactuals],
    names=tuple(attribute.name for attribute in fields(Counterfactual)),
)
"""One row or line for each counterfactual; none for a text without counterfactuals."""
