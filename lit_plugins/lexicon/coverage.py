"""How much of a text a tokenizer has words for."""

from __future__ import annotations

from collections import Counter

from lit_plugins.text.encoded import EncodedText


def unknown_share(encoded: EncodedText, unknown_token: str | None) -> float:
    """The share of a text's words that its tokenizer does not know as one token.

    Args:
        encoded: the text as the tokenizer of one model has it.
        unknown_token: the tokenizer's token for what it cannot spell, or None if it spells all.

    Returns:
        Of the words that the model sees, the share that are several tokens or the unknown token,
        from 0 to 1; 0 where there are no words.
    """
    tokens = Counter(word for word in encoded.token_words if word is not None)
    unknown = {
        word
        for word, token in zip(encoded.token_words, encoded.tokens, strict=True)
        if word is not None and (tokens[word] > 1 or token == unknown_token)
    }
    return len(unknown) / len(tokens) if tokens else 0.0
