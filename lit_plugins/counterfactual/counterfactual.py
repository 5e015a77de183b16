"""`Counterfactual`, the result of every method: a changed text, its edits and its predictions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from lit_plugins.counterfactual.change import Edit


@dataclass(frozen=True, kw_only=True)
class Counterfactual:
    """A text with a small change, and the change's effect on the prediction.

    Attributes:
        text: the text as written.
        new_text: the changed text.
        edits: the differences of the two texts, in the order of the text.
        method: name of the method, a key of `METHODS`.
        rule: the names of the rules that made the edits, separated by commas; "" for a method
            without rules.
        before: the classes' probabilities for `text`, in the order of the model's labels.
        after: the same for `new_text`, from a run of the model on exactly this text.
        label_before: the class that the model predicts for `text`.
        label_after: the class that the model predicts for `new_text`.
        probability_before: the probability of `label_before` in `before`.
        probability_after: the probability of `label_after` in `after`.
        flips: whether the edits changed the prediction, or changed it to the target if there is
            one, and no smaller set of these edits does.
        edit_size: number of words that were deleted or inserted; a replaced word counts once.
        similarity: cosine of the two texts' mean input embeddings, from -1 to 1; None for a model
            without access to them.
        fluency: mean natural log-probability of the new words in their places, by the language
            model that proposed them; None for a method without a language model.
        evaluations: number of changed texts that the model was run on for this text.
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
        """All attributes by name, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        """The new text, the edits, and the prediction before and after."""
        before = f"{self.probability_before:.2f} {self.label_before}"
        after = f"{self.probability_after:.2f} {self.label_after}"
        return f"{self.new_text}\n  {self.describe()}: {before} → {after}"
