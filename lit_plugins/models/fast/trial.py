"""A trial of a model's copies: whether they give the logits of the unchanged model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from lit_plugins.models.capabilities import attempt, mixtures, same
from lit_plugins.models.copies import Copies
from lit_plugins.models.forward import Batch, Forward, Padding
from lit_plugins.text.encoded import Row

_LEAST_CONTRAST = 1e-4
"""Least difference of logits between unlike rows, as a share of their size, to judge copies by.
Smaller differences are too near rounding."""

_MOST_CHANGE = 2e-3
"""Largest change of a logit by a copy, as a share of the difference between unlike rows."""


@dataclass(frozen=True, eq=False)
class Trial:
    """Rows to try copies of a model on, and the logits that the copies should give.

    With l the model's logits of unlike rows and l' a copy's, the copy passes if l' is l up to
    rounding (`capabilities.same`) and

        max |l' - l| <= 0.002 * max over classes of (max over rows of l - min over rows of l).

    The second bound matters for models that hardly distinguish texts: even an error as small as
    rounding could exceed the difference between two texts.

    Attributes:
        forward: runs the unchanged model.
        padding: the side on which rows are padded.
        unlike: batches of rows of different lengths.
        alike: a batch of rows that have many tokens in common.
        expected: the model's logits of all `unlike` rows, [rows, classes].
        contrast: the largest difference of a logit between two rows of `expected`.
    """

    forward: Forward
    padding: Padding
    unlike: Sequence[Batch]
    alike: Batch
    expected: Tensor
    contrast: float

    @classmethod
    def of(cls, forward: Forward, padding: Padding, rows: Sequence[Row]) -> Trial:
        """Prepares a trial.

        Args:
            forward: runs the model as it came.
            padding: where the model's rows are padded.
            rows: as in `capabilities.probe`.
        """
        # Batches of two lengths: if one length is the number of heads, a wrong shape may go
        # unnoticed.
        groups = [list(rows), list(rows[1:])]
        if padding == "none":
            groups = [[row] for row in rows] + [mixtures(row) for row in rows[:2]]
        unlike = [forward.collate(group, padding) for group in groups]
        expected = torch.cat([forward(batch, padding).logits for batch in unlike])
        return cls(
            forward=forward,
            padding=padding,
            unlike=unlike,
            alike=forward.collate(mixtures(rows[0]), padding),
            expected=expected,
            contrast=float((expected.amax(0) - expected.amin(0)).max()),
        )

    @property
    def would_show_errors(self) -> bool:
        """Whether logits of unlike rows differ enough for a wrong copy to be noticed."""
        return self.contrast > _LEAST_CONTRAST * max(1.0, float(self.expected.abs().max()))

    def passes(self, copies: Copies) -> bool:
        """Whether copies give the expected logits."""

        def agree() -> bool:
            logits = torch.cat([self.run(copies, batch).logits for batch in self.unlike])
            if logits.shape != self.expected.shape or not same(logits, self.expected):
                return False
            return float((logits - self.expected).abs().max()) <= _MOST_CHANGE * self.contrast

        return attempt(agree, False)

    def run(self, copies: Copies, batch: Batch) -> Any:
        """The output of copies for a batch."""
        return replace(self.forward, copies=copies)(batch, self.padding)
