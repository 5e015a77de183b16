"""`lit-plugins explain`: explains texts or a dataset, and prints or saves the explanations."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from lit_plugins.cli.method_command import (
    Work,
    add_method_flags,
    add_text_flags,
    carry_out,
    prepare,
)
from lit_plugins.cli.method_flags import find_method
from lit_plugins.cli.output import Layout
from lit_plugins.data.wording import counted
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS, PIECES, Explanation, explain_each
from lit_plugins.explain.estimators.shapley_sampling import INTERACTIONS
from lit_plugins.terminal import say

DEFAULT_METHOD = "shapley"

_WORD_COLUMNS: dict[str, type] = {
    "word": str,
    "start": int,
    "end": int,
    "score": float,
    "error": float,
}
_TEXT_COLUMNS: dict[str, type] = {
    "method": str,
    "missing": str,
    "target": int,
    "target_label": str,
    "unit": str,
    "output": float,
    "base_value": float,
    "delta": float,
    "evaluations": int,
    "truncated": bool,
    "converged": bool,
    "note": str,
}


def add_flags(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> None:
    """Adds the flags of `lit-plugins explain`.

    Args:
        parser: the parser to add them to.
        arguments: the words after the command. The options of the method that they name become
            flags.
    """
    method = find_method(arguments, METHODS, DEFAULT_METHOD, "explain")
    add_text_flags(
        parser,
        "the class to explain, a label or an index (default: the predicted class)",
        "write the explanations to a .jsonl file with one line for each text, or to a .csv or "
        ".parquet file with one row for each word, instead of drawing them here; .csv files have "
        "an apostrophe before texts that a spreadsheet would run",
    )
    parser.add_argument(
        "--top",
        type=int,
        metavar="N",
        help="draw rows only for the N words of each text with the largest scores of either sign",
    )
    add_method_flags(parser, METHODS, method, DEFAULT_METHOD, [PIECES])


def run(options: argparse.Namespace) -> int:
    """Explains, and returns the exit code: 0, or 128 and the number of the signal."""
    if options.top is not None and options.top < 1:
        raise UserError(f"--top is {options.top}; give 1 or more.")
    work = prepare(options, (*METHODS[options.method].options, PIECES), LAYOUT)
    _check_pairs_fit(work)
    explanations = explain_each(
        work.classifier, work.texts, options.method, work.target, **work.options
    )
    tally = _Tally()
    code = carry_out(
        work,
        explanations,
        LAYOUT,
        lambda explanation: explanation.draw(options.top),
        tally.add,
        ("explaining", "explained"),
    )
    if code == 0 and work.file is not None:
        for sentence in tally.sentences():
            say(sentence)
    return code


def _check_pairs_fit(work: Work) -> None:
    """Refuses a file whose rows are words if pairs of words are asked for.

    Raises:
        UserError: the file is such a file.
    """
    paired = work.options.get(INTERACTIONS.name, False)
    if paired and work.file is not None and work.file.ending != ".jsonl":
        raise UserError(
            f"A {work.file.ending} file would have one row for each word and no place for pairs "
            "of words; end its name in .jsonl, or leave out --interactions."
        )


@dataclass
class _Tally:
    """Counts of the explanations that a reader of the file should treat with care.

    Attributes:
        cut: explanations of texts that the model does not see to the end.
        unsettled: explanations that missed the method's tolerance.
    """

    cut: int = 0
    unsettled: int = 0

    def add(self, explanation: Explanation) -> None:
        self.cut += explanation.truncated
        self.unsettled += not explanation.converged

    def sentences(self) -> Iterator[str]:
        if self.cut:
            yield f"The model does not see the end of {counted(self.cut, 'text')} (truncated)."
        if self.unsettled:
            texts = counted(self.unsettled, "text")
            yield f"The method missed its tolerance for {texts} (converged)."


def _words(explanation: Explanation) -> list[dict[str, Any]]:
    """One row for each word; None replaces values that are not finite numbers."""
    plain = explanation.to_dict()
    errors = plain["error"] or [None] * len(plain["words"])
    of_text = {name: plain[name] for name in _TEXT_COLUMNS}
    return [
        {"word": word, "start": start, "end": end, "score": score, "error": error, **of_text}
        for word, (start, end), score, error in zip(
            plain["words"], plain["offsets"], plain["scores"], errors, strict=True
        )
    ]


LAYOUT = Layout[Explanation](
    columns={**_WORD_COLUMNS, **_TEXT_COLUMNS},
    rows=_words,
    lines=lambda explanation: [explanation.to_dict()],
    names=tuple(field.name for field in fields(Explanation)),
)
"""One row for each word in tables, one line for each text in JSON lines."""
