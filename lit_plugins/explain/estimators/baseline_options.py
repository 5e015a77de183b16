"""Options of the baseline, where a path of embeddings starts.

They stand apart from `embedding_path`, which imports torch.
"""

from __future__ import annotations

from lit_plugins.options import Choice, Text

BASELINE_OPTIONS = (
    Choice(
        "baseline",
        "mask",
        "What the path starts from, in place of each word's tokens: the mask token, the padding "
        "token, or zeros. Special tokens stay as they are.",
        choices=("mask", "pad", "zero"),
    ),
    Text(
        "baseline_text",
        "",
        "A text to start from instead: its tokens replace those of the text's words, in order. "
        "Tokens in excess are left out, and missing ones are filled in by `baseline`.",
    ),
)
"""Options of the baseline, where a path starts."""
