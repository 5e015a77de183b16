"""What a method is: a name, its options and a function; one file of this folder has one method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lit_plugins.explain.attribution import Attribution
from lit_plugins.models.predictor import Predictor, has_attention, has_embeddings
from lit_plugins.options import CLASSIFIER, Option


@dataclass(frozen=True)
class ExplanationMethod:
    """One way to explain.

    Attributes:
        name: as it is asked for in Python and on the command line.
        title: as people read it.
        help: one or two sentences on what it does.
        options: what may be set.
        function: takes a classifier, subjects and every option by keyword; gives one
            `Attribution` a subject, in order.
        black_box: whether a `Predictor` is all that it needs; otherwise a `TextClassifier` is.
        needs: what a method that is no black box asks of the `TextClassifier`: that its network
            takes embeddings in place of tokens, or that it gives attention weights.
        signed: whether a score may be negative.
        texts_at_once: how many subjects it gets at a time: enough to fill batches, and few enough
            that the first explanations come soon.
        complete: whether it promises that the scores add up to `output` - `base_value`, up to
            rounding or where `converged` says so; otherwise `delta` is as large as it is.
    """

    name: str
    title: str
    help: str
    options: tuple[Option, ...]
    function: Callable[..., Sequence[Attribution]]
    black_box: bool
    needs: Literal["embeddings", "attention"] = "embeddings"
    signed: bool = True
    texts_at_once: int = 16
    complete: bool = True

    @property
    def compares(self) -> tuple[str, ...]:
        """Names of the options that take another model; () for a method of one model."""
        return tuple(option.name for option in self.options if option.loads == CLASSIFIER)

    def suits(self, classifier: Predictor) -> bool:
        """Whether a classifier gives what the method needs."""
        if self.black_box:
            return True
        suits = has_embeddings if self.needs == "embeddings" else has_attention
        return suits(classifier)
