"""The words of a text with their scores, and the other figures of an explanation."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from lit_plugins.explain.interactions import Interactions
from lit_plugins.models.task import Unit
from lit_plugins.text.encoded import Span


@dataclass(frozen=True)
class Group:
    """A phrase: several tokens that a method scores together.

    Attributes:
        offsets: the position of its characters in the text, (start, end).
        text: those characters.
        score: the sum of its tokens' scores.
    """

    offsets: Span
    text: str
    score: float


@dataclass(frozen=True, eq=False, kw_only=True)
class ScoredText:
    """The figures of an `Explanation`: how much each word adds to the model's value of one class.

    Attributes:
        text: the text as written.
        words: the text's words, in order.
        offsets: the position of each word's characters in `text`, (start, end).
        scores: float64 [words], how much each word adds to `output`, in `unit`. Words that the
            model does not see, because they were cut off or have no token, have 0.
        target: index of the class that is explained.
        target_label: label of that class.
        method: name of the method, a key of `METHODS`.
        unit: whether `output`, `base_value` and `scores` measure the target's logit or its
            probability.
        output: the model's value for the whole text, the same as `TextClassifier.predict` gives.
        base_value: the model's value for the method's version of the text without words; NaN for a
            method that has none.
        delta: `output` - `base_value` - the sum of all scores. The sum is that of `token_scores`
            if there are any, with tokens of no word included; otherwise that of `scores`. It is
            about 0 for a complete method.
        error: float64 [words], estimated standard errors of `scores`, 0 for exact ones; None for a
            method that does not sample.
        evaluations: number of inputs that the model was run on for this text, `output`'s included.
        truncated: whether the end of the text was cut off, so that the model did not see it.
        seen: the characters that the model sees, (start, end): all of them unless truncated.
        converged: whether the method reached its own tolerance; True for a method without one.
        note: warnings for readers of the scores, as sentences, or "".
        tokens: the tokens that the model got, special ones included; None for a method that works
            on words.
        token_scores: float64 [tokens], or None if `tokens` is None. A word's score is the sum of
            the scores of its tokens.
        missing: what stands for a missing word, see `Way` in
            `lit_plugins.explain.estimators.missing_words`; None for a method without missing words.
        groups: the phrases that the method splits the text into, nested ones included, in the
            order of the text; None for a method without phrases.
        interactions: how far each two words act together; None unless a method with the option
            `interactions` was asked for it.
    """

    text: str
    words: tuple[str, ...]
    offsets: tuple[Span, ...]
    scores: np.ndarray
    target: int
    target_label: str
    method: str
    unit: Unit
    output: float
    base_value: float
    delta: float
    error: np.ndarray | None
    evaluations: int
    truncated: bool
    seen: Span
    converged: bool
    note: str
    tokens: tuple[str, ...] | None
    token_scores: np.ndarray | None
    missing: str | None = None
    groups: tuple[Group, ...] | None = None
    interactions: Interactions | None = None

    def __post_init__(self) -> None:
        for array in (self.scores, self.error, self.token_scores):
            if array is not None:
                array.setflags(write=False)

    def top(self, n: int = 5) -> list[tuple[str, float]]:
        """The `n` words with the largest scores of either sign, largest first."""
        order = np.argsort(-np.abs(self.scores), kind="stable")[:n]
        return [(self.words[index], float(self.scores[index])) for index in order]

    def top_pairs(self, n: int = 5) -> list[tuple[str, str, float]]:
        """The `n` pairs of words with the largest interactions of either sign, largest first.

        There are none unless the explanation has `interactions`.
        """
        if self.interactions is None:
            return []
        return [
            (self.words[one], self.words[other], float(self.interactions.values[one, other]))
            for one, other in self.interactions.strongest(n)
        ]

    def to_dict(self) -> dict[str, Any]:
        """All attributes by name, ready for strict JSON: NaN and infinity become None."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (Group, Interactions)):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
