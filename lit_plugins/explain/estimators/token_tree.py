"""The binary tree of a text's tokens that shap uses.

It joins subwords to words first, then words to phrases, then phrases to sentences.

Source: `shap.maskers.Text.clustering`, which is called here, so that `owen` gives shap's scores.
`make bench ARGS="--only shap"` compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lit_plugins.text.encoded import EncodedText


@dataclass(frozen=True, eq=False)
class TokenTree:
    """A binary tree over tokens. The first nodes are the tokens; every group follows its parts.

    Attributes:
        parts: the two parts of each group, in the order of the nodes.
        members: bool [nodes, tokens], the tokens under each node.
    """

    parts: tuple[tuple[int, int], ...]
    members: np.ndarray

    @property
    def tokens(self) -> int:
        """Number of tokens, which are the first nodes."""
        return self.members.shape[1]

    def lowered(self, credit: np.ndarray) -> np.ndarray:
        """Hands the credit of groups down to their tokens, in proportion to the size of each part.

        Args:
            credit: float [nodes, ...].

        Returns:
            float [tokens, ...], with the same sum.
        """
        handed = credit.copy()
        sizes = self.members.sum(1)
        for node in range(len(handed) - 1, self.tokens - 1, -1):
            for part in self.parts[node - self.tokens]:
                handed[part] += handed[node] * (sizes[part] / sizes[node])
        return handed[: self.tokens]


def token_tree(encoded: EncodedText) -> TokenTree:
    """The tree that `shap.maskers.Text` makes of a text's tokens, special ones included."""
    from shap.maskers import Text  # takes seconds to import

    tokens = len(encoded.tokens)
    if any(span is not None for span in encoded.token_spans) and tokens > 1:
        clustering = Text(_Encoded(encoded.token_spans)).clustering(encoded.text)
        parts = [(int(left), int(right)) for left, right in clustering[:, :2]]
    else:  # shap fails without tokens to mask, and any tree does
        parts = [(tokens + step - 1 if step else 0, step + 1) for step in range(tokens - 1)]
    members = list(np.eye(tokens, dtype=bool))
    for left, right in parts:
        members.append(members[left] | members[right])
    return TokenTree(tuple(parts), np.array(members))


class _Encoded:
    """A stand-in for a tokenizer that gives shap the known tokens of one text."""

    mask_token = "[MASK]"
    mask_token_id = 0

    def __init__(self, spans: Sequence[tuple[int, int] | None]):
        self._spans = [span or (0, 0) for span in spans]

    def __call__(self, text: str, **unused: bool) -> dict[str, list]:
        # shap first tokenizes an empty text, to learn which special tokens are always there.
        spans = self._spans if text else []
        return {"input_ids": list(range(len(spans))), "offset_mapping": spans}
