"""What a rule is: a way to change a text, and what that should do to a prediction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lit_plugins.counterfactual.change import Change

Expectation = Literal["invariance", "opposite", "stronger", "weaker"]


def always(text: str) -> bool:
    """Every text."""
    return True


@dataclass(frozen=True)
class Rule:
    """One rule of the language by which texts are changed.

    Attributes:
        name: as it is asked for, and as edits name it.
        title: as people read it.
        help: one or two sentences with an example.
        expects: what a sound model does where `testable` holds. "invariance": it predicts the same
            class; "opposite": another; "stronger": the predicted class's probability does not
            fall; "weaker": it does not rise.
        find: the changes that the rule makes of a text, in its order, one a place; a place where
            it is not sure to write English is left out.
        testable: whether `expects` must hold for a text: where a text says several things, a
            change of one of them may leave the rest to decide.
    """

    name: str
    title: str
    help: str
    expects: Expectation
    find: Callable[[str], list[Change]]
    testable: Callable[[str], bool] = always
