"""What every method gives: a changed text, its edits, and what the model says before and after."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from lit_plugins.counterfactual.change import Edit


@dataclass(frozen=True, kw_only=True)
class Counterfactual:
    """A text that was changed a little, and what that did to the prediction.

    Attributes:
        text: the text as written.
        new_text: the changed text.
        edits: what was changed, in the order of the text.
        method: name of the method, a key of `METHODS`.
        rule: the names of the rules that made the edits, separated by commas; "" for a method
            without rules.
        before: the classes' probabilities for `text`, in the order of the model's labels.
        after: the same for `new_text`, which the model was given as it is written there.
        label_before: the class that the model predicts for `text`.
        label_after: the class that it predicts for `new_text`.
        probability_before: how sure the model is of `label_before`, as `before` says.
        probability_after: how sure it is of `label_after`, as `after` says.
        flips: whether the prediction changed, or became the class that was asked for; and without
            any one of the edits it would not have.
        edit_size: words that were taken out or put in; a word in place of another counts once.
        similarity: cosine of the two texts' mean input embeddings, from -1 to 1; None for a model
            that hides them.
        fluency: mean log-probability (natural) of the new words in their places, by the language
            model that proposed them; None for a method without.
        evaluations: changed texts that the model was run on for this text.
    """

    text: str
    new_text: str
    edits: tuple[Edit, ...]
    method: str
    rule: str
    before: tuple[float, ...]
    after: tuple[float, ...]
    label_before: str
    label_after: str
    probability_before: float
    probability_after: float
    flips: bool
    edit_size: int
    similarity: float | None
    fluency: float | None
    evaluations: int

    def describe(self) -> str:
        """The edits in one line: `"good" → "bad", "very" left out`."""
        return ", ".join(edit.describe() for edit in self.edits)

    def to_dict(self) -> dict[str, Any]:
        """All attributes by name, as JSON takes them."""
        return asdict(self)

    def __str__(self) -> str:
        """The new text, what was changed, and the prediction before and after."""
        before = f"{self.probability_before:.2f} {self.label_before}"
        after = f"{self.probability_after:.2f} {self.label_after}"
        return f"{self.new_text}\n  {self.describe()}: {before} → {after}"
