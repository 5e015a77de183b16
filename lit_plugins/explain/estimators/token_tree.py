"""The tree of a text's tokens that shap splits: subwords first, then phrases, then sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lit_plugins.text.encoded import EncodedText


@dataclass(frozen=True, eq=False)
class TokenTree:
    """A binary tree over tokens; its first nodes are the tokens, each other follows its parts.

    Attributes:
        parts: the two parts of each node that is no token, in the order of the nodes.
        members: bool [nodes, tokens], the tokens under each node.
    """

    parts: tuple[tuple[int, int], ...]
    members: np.ndarray

    @property
    def tokens(self) -> int:
        """How many of the nodes are tokens."""
        return self.members.shape[1]

    def lowered(self, credit: np.ndarray) -> np.ndarray:
        """Credit of nodes, float [nodes, ...], handed down to the tokens by the size of the parts.

        Returns:
            float [tokens, ...].
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
    else:  # shap fails; nothing is masked, so any tree does
        parts = [(tokens + at - 1 if at else 0, at + 1) for at in range(tokens - 1)]
    members = list(np.eye(tokens, dtype=bool))
    for left, right in parts:
        members.append(members[left] | members[right])
    return TokenTree(tuple(parts), np.array(members))


class _Encoded:
    """What shap asks of a tokenizer, for one text whose tokens are known."""

    mask_token = "[MASK]"
    mask_token_id = 0

    def __init__(self, spans: Sequence[tuple[int, int] | None]):
        self._spans = [span or (0, 0) for span in spans]

    def __call__(self, text: str, **unused: bool) -> dict[str, list]:
        # shap tries an empty text first, to see which tokens always stand at the ends.
        spans = self._spans if text else []
        return {"input_ids": list(range(len(spans))), "offset_mapping": spans}
