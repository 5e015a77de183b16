"""Coverage of a text by a tokenizer's vocabulary."""

from __future__ import annotations

from collections import Counter

from lit_plugins.text.encoded import EncodedText


def unknown_share(encoded: EncodedText, unknown_token: str | None) -> float:
    """The share of a text's words that are not a single known token of its tokenizer.

    Args:
        encoded: the text as encoded by a model's tokenizer.
        unknown_token: the tokenizer's token for text that it cannot represent, or None if it can
            represent everything.

    Returns:
        The share, from 0 to 1, of the words that the model sees which are split into several
        tokens or contain the unknown token; 0 if there are no words.
    """
    tokens = Counter(word for word in encoded.token_words if word is not None)
    unknown = {
        word
        for word, token in zip(encoded.token_words, encoded.tokens, strict=True)
        if word is not None and (tokens[word] > 1 or token == unknown_token)
    }
    return len(unknown) / len(tokens) if tokens else 0.0
