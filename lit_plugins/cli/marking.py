"""Draws counterfactuals in a terminal: each new text with marked edits, and their effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lit_plugins.counterfactual import Counterfactual
from lit_plugins.data.wording import counted
from lit_plugins.explain.drawing.colors import ansi
from lit_plugins.terminal import printable

_STRUCK = "\x1b[9m"


def as_text(counterfactuals: Sequence[Counterfactual], *, color: bool = False) -> str:
    """Draws a text, its prediction, and one numbered block for each counterfactual.

    Removed and inserted words stand side by side, as in `git diff --word-diff`:
    `[-good-]{+bad+}`. In colours, removed words are struck out instead.

    Args:
        counterfactuals: counterfactuals of one text, at least one.
        color: whether to mark edits by ANSI codes instead of brackets.
    """
    first = counterfactuals[0]
    lines = [
        printable(first.text),
        f"{_chance(first.probability_before, first.label_before)} ({first.method}, "
        f"{counted(first.evaluations, 'evaluation')})",
    ]
    for number, counterfactual in enumerate(counterfactuals, 1):
        indent = " " * len(f"{number}. ")
        lines.append(f"{number}. {_marked(counterfactual, color)}")
        lines.append(f"{indent}{'; '.join(_figures(counterfactual))}")
    return "\n".join(lines)


def _marked(counterfactual: Counterfactual, color: bool) -> str:
    text = counterfactual.text
    pieces, end = [], 0
    for edit in counterfactual.edits:
        pieces.append(printable(text[end : edit.old[0]]))
        if edit.old_text:
            removed = printable(edit.old_text)
            pieces.append(ansi(_STRUCK + removed, -1) if color else f"[-{removed}-]")
        if edit.new_text:
            inserted = printable(edit.new_text)
            pieces.append(ansi(inserted, 1) if color else f"{{+{inserted}+}}")
        end = edit.old[1]
    return "".join([*pieces, printable(text[end:])])


def _figures(counterfactual: Counterfactual) -> Iterator[str]:
    before = _chance(counterfactual.probability_before, counterfactual.label_before)
    after = _chance(counterfactual.probability_after, counterfactual.label_after)
    yield f"{before} → {after}"
    yield f"{counted(counterfactual.edit_size, 'word')} changed"
    if counterfactual.similarity is not None:
        yield f"similarity {counterfactual.similarity:.2f}"
    if counterfactual.fluency is not None:
        yield f"fluency {counterfactual.fluency:.2f}"
    if counterfactual.rule:
        yield counterfactual.rule


def _chance(probability: float, label: str) -> str:
    return f"{printable(label)} {probability:.3f}"
