"""`ExplanationMethod`: a method's name, options and function. Each file of `methods/` has one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lit_plugins.explain.attribution import Attribution
from lit_plugins.explain.estimators.missing_words import MissingChoice
from lit_plugins.models.predictor import Predictor, has_attention, has_embeddings
from lit_plugins.options import CLASSIFIER, LANGUAGE_MODEL, Option, loading


@dataclass(frozen=True)
class ExplanationMethod:
    """One explanation method.

    Attributes:
        name: the method's name in Python and on the command line.
        title: the method's name for readers of the page.
        help: one or two sentences on what the method does.
        options: the options that a caller may set.
        function: computes the scores. It takes a classifier, a sequence of `Subject` and every
            option by keyword, and returns one `Attribution` per subject, in order.
        black_box: whether the method works with any `Predictor`; otherwise it needs a
            `TextClassifier`.
        needs: what a method that is no black box needs of the `TextClassifier`: "embeddings" if the
            network must take embeddings in place of tokens, "attention" if the model must return
            attention weights.
        signed: whether a score may be negative.
        texts_at_once: how many subjects `function` gets per call: enough to fill batches, few
            enough that the first explanations come soon.
        complete: whether the method promises that the scores add up to `output` - `base_value`. A
            sum that misses more than a tolerance is marked by `converged`. Without the promise,
            `delta` may be of any size.
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
        return loading(self.options, CLASSIFIER)

    @property
    def fillers(self) -> tuple[str, ...]:
        """Names of the options that take a masked language model."""
        return loading(self.options, LANGUAGE_MODEL)

    @property
    def masks(self) -> bool:
        """Whether the method runs the model on texts with words missing, by the same option."""
        return any(isinstance(option, MissingChoice) for option in self.options)

    def suits(self, classifier: Predictor) -> bool:
        """Whether the method can explain this classifier."""
        if self.black_box:
            return True
        suits = has_embeddings if self.needs == "embeddings" else has_attention
        return suits(classifier)
