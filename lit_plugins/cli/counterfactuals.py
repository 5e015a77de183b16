"""`lit-plugins counterfactuals`: what would change the prediction, drawn or written to a file."""

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
    """The flags of `lit-plugins counterfactuals`.

    Args:
        parser: gets the flags.
        arguments: what follows the command; the options of the method that they name are flags.
    """
    method = find_method(arguments, METHODS, DEFAULT_METHOD, "counterfactuals")
    add_text_flags(
        parser,
        "the class to be predicted instead, a label or an index (default: any other)",
        "write to a .jsonl (a line a counterfactual), .csv or .parquet file (a row a "
        "counterfactual); in .csv an apostrophe stands before texts that a spreadsheet would run; "
        "without it the counterfactuals are drawn here",
    )
    add_method_flags(parser, METHODS, method, DEFAULT_METHOD, SHARED)


def run(options: argparse.Namespace) -> int:
    """Looks, and gives the exit code: 0, or 130 where Ctrl-C cut the work short."""
    work = prepare(options, (*METHODS[options.method].options, *SHARED), LAYOUT)
    found = counterfactuals_each(
        work.classifier, work.texts, options.method, work.target, **work.options
    )
    tally = _Tally()
    code = carry_out(
        work,
        _outcomes(work, found),
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
    """What was found for one text.

    Attributes:
        text: the text as written.
        found: its counterfactuals, best first.
        nothing: one sentence on why there are none, or "".
        already: whether they are none because the model predicts the target as it is.
    """

    text: str
    found: Sequence[Counterfactual]
    nothing: str = ""
    already: bool = False


def _outcomes(work: Work, each: Iterator[list[Counterfactual]]) -> Iterator[Outcome]:
    classifier = work.classifier
    goal = None if work.target is None else classifier.task.target_index(work.target)
    for text, found in zip(work.texts, each, strict=True):
        if found:
            yield Outcome(text, found)
            continue
        chances = classifier.predict([text]).probabilities[0]
        predicted = int(classifier.task.predicted(chances))
        said = f"The prediction is {classifier.labels[predicted]} ({chances[predicted]:.3f})"
        if predicted == goal:
            yield Outcome(text, (), f"{said} already.", already=True)
        else:
            yield Outcome(text, (), f"{said}, and nothing was found that changes it.")


def _draw(outcome: Outcome) -> None:
    if outcome.found:
        put(as_text(outcome.found, color=takes_color(sys.stdout)), sys.stdout)
    else:
        put(f"{printable(outcome.text)}\n{printable(outcome.nothing)}", sys.stdout)


@dataclass
class _Tally:
    """What became of the texts so far."""

    done: int = 0
    already: int = 0
    edits: list[int] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.done += 1
        self.already += outcome.already
        # They come with the smallest first.
        self.edits += [len(each.edits) for each in outcome.found if each.flips][:1]

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
    for each in outcome.found:
        plain = {name: value for name, value in vars(each).items() if name in _COLUMNS}
        yield {**plain, "edits": each.describe()}


LAYOUT = Layout[Outcome](
    columns=_COLUMNS,
    rows=_rows,
    lines=lambda outcome: [each.to_dict() for each in outcome.found],
    names=tuple(each.name for each in fields(Counterfactual)),
)
"""A row or a line a counterfactual; none for a text without."""
