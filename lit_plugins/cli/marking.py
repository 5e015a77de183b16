"""Counterfactuals in a terminal: each new text with its edits marked, and what they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lit_plugins.counterfactual import Counterfactual
from lit_plugins.data.wording import counted
from lit_plugins.explain.drawing.colors import ansi
from lit_plugins.terminal import printable

_STRUCK = "\x1b[9m"


def as_text(found: Sequence[Counterfactual], *, color: bool = False) -> str:
    """A text, what the model says of it, and a numbered block a counterfactual.

    What was taken away and what was put in stand one after the other, as `git diff --word-diff`
    shows them: `[-good-]{+bad+}`, or in colours, struck out and plain.

    Args:
        found: counterfactuals of one text, at least one.
        color: whether to mark by ANSI codes.
    """
    first = found[0]
    lines = [
        printable(first.text),
        f"{_chance(first.probability_before, first.label_before)} ({first.method}, "
        f"{counted(first.evaluations, 'evaluation')})",
    ]
    for number, each in enumerate(found, 1):
        indent = " " * len(f"{number}. ")
        lines += [f"{number}. {_marked(each, color)}", f"{indent}{'; '.join(_figures(each))}"]
    return "\n".join(lines)


def _marked(each: Counterfactual, color: bool) -> str:
    pieces, at = [], 0
    for edit in each.edits:
        pieces.append(printable(each.text[at : edit.old[0]]))
        if edit.old_text:
            gone = printable(edit.old_text)
            pieces.append(ansi(_STRUCK + gone, -1) if color else f"[-{gone}-]")
        if edit.new_text:
            come = printable(edit.new_text)
            pieces.append(ansi(come, 1) if color else f"{{+{come}+}}")
        at = edit.old[1]
    return "".join([*pieces, printable(each.text[at:])])


def _figures(each: Counterfactual) -> Iterator[str]:
    after = _chance(each.probability_after, each.label_after)
    yield f"{_chance(each.probability_before, each.label_before)} → {after}"
    yield f"{counted(each.edit_size, 'word')} changed"
    if each.similarity is not None:
        yield f"similarity {each.similarity:.2f}"
    if each.fluency is not None:
        yield f"fluency {each.fluency:.2f}"
    if each.rule:
        yield each.rule


def _chance(probability: float, label: str) -> str:
    return f"{printable(label)} {probability:.3f}"
