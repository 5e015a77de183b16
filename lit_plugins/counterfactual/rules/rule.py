"""`Rule`: a way to change a text, and the effect that the change should have on a prediction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lit_plugins.counterfactual.change import Change

Expectation = Literal["invariance", "opposite", "stronger", "weaker"]


def always(text: str) -> bool:
    """True for every text: the default of `Rule.testable`."""
    return True


@dataclass(frozen=True)
class Rule:
    """A linguistic rule that changes texts.

    Attributes:
        name: the rule's name in Python, on the command line and in edits.
        title: the rule's name for readers of the page.
        help: one or two sentences with an example.
        expects: the effect of a change on a sound model's prediction, if `testable` holds:
            "invariance" if the predicted class stays the same; "opposite" if it changes;
            "stronger" if its probability does not fall; "weaker" if its probability does not rise.
        find: takes a text, and returns the rule's changes of it, one per place, in the order of the
            text. It omits places where the result might not be English.
        testable: takes a text, and returns whether `expects` must hold for it. It need not hold for
            a text with several statements: if one of them changes, the others may decide.
    """

    name: str
    title: str
    help: str
    expects: Expectation
    find: Callable[[str], list[Change]]
    testable: Callable[[str], bool] = always
