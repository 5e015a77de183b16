"""One text's words, each with its share of what the model says."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from lit_plugins.models.task import Unit
from lit_plugins.text.encoded import Span


@dataclass(frozen=True)
class Group:
    """Several tokens that a method looks at together: a phrase.

    Attributes:
        offsets: its characters in the text, (start, end).
        text: those characters.
        score: the sum of its tokens' scores.
    """

    offsets: Span
    text: str
    score: float


@dataclass(frozen=True, eq=False, kw_only=True)
class ScoredText:
    """The figures of an `Explanation`: why the model gives one text so much of one class.

    Attributes:
        text: the text as written.
        words: its words, in order.
        offsets: each word's characters in `text`, (start, end).
        scores: float64 [words], how much each word adds to `output`, in `unit`. A word that the
            model does not see, because it was cut or has no token, has 0.
        target: index of the class that is explained.
        target_label: its label.
        method: name of the method, a key of `METHODS`.
        unit: whether `output`, `base_value` and `scores` are of the target's logit or of its
            probability.
        output: the model's value for the text as it stands; the same that
            `TextClassifier.predict` gives.
        base_value: the model's value for what the method takes as the text without its words.
        delta: `output` - `base_value` - all that the method hands out: the sum of `token_scores`
            where there are any, tokens of no word included, otherwise the sum of `scores`.
            0 for a method that is complete.
        error: float64 [words], estimated standard error of `scores`, 0 where they are exact; None
            for a method that does not sample.
        evaluations: inputs that the model was run on for this text, `output`'s included.
        truncated: whether the model did not see the end of the text.
        converged: whether the method reached its own tolerance; True where it has none.
        note: one sentence on what to be careful with, or "".
        tokens: the tokenizer's tokens as the model got them, special ones included; None for a
            method that works on words.
        token_scores: float64 [tokens], None where `tokens` is; a word's score is the sum of its
            tokens'.
        groups: the phrases that the method splits the text into, those within others too, in the
            order of the text; None for a method without.
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
    converged: bool
    note: str
    tokens: tuple[str, ...] | None
    token_scores: np.ndarray | None
    groups: tuple[Group, ...] | None = None

    def __post_init__(self) -> None:
        for array in (self.scores, self.error, self.token_scores):
            if array is not None:
                array.setflags(write=False)

    def top(self, n: int = 5) -> list[tuple[str, float]]:
        """The `n` words with the largest scores of either sign, largest first."""
        order = np.argsort(-np.abs(self.scores), kind="stable")[:n]
        return [(self.words[index], float(self.scores[index])) for index in order]

    def to_dict(self) -> dict[str, Any]:
        """All attributes by name, as strict JSON takes them; a value that is no number is None."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, Group):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
