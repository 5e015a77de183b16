"""Reduction of a WordPiece vocabulary, and of its tokenizer, to some of its tokens."""

from __future__ import annotations

import json
import string
from collections import Counter
from collections.abc import Iterable

from tokenizers import Tokenizer
from tokenizers.processors import BertProcessing
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
MODEL_MAX_LENGTH = 256
_SIGNS = string.punctuation + "–—‘’“”…•°·£€¥©®™×÷«»¡¿§½"


def choose(
    tokenizer: PreTrainedTokenizerBase,
    texts: Iterable[str],
    size: int,
    *,
    whole_words: bool = False,
) -> list[str]:
    """Chooses the tokens to keep, in the order of their new ids.

    First come the special tokens, and letters, digits and signs. Letters and digits are kept as
    `##` pieces too, so that dropped words are split into pieces and do not become [UNK]. Next come
    the tokens of `texts` by frequency, then the words of the old vocabulary in its order, which in
    BERT's case is by general frequency.

    Args:
        tokenizer: the tokenizer to reduce.
        texts: texts whose tokens are counted.
        size: the most tokens to keep.
        whole_words: whether to prefer whole words. If so, a `##` piece must be four times as
            frequent as a word to rank with it, and equally frequent tokens keep the order of the
            old vocabulary.
    """
    known = tokenizer.get_vocab()
    counts: Counter[str] = Counter()
    for encoding in tokenizer.backend_tokenizer.encode_batch(list(texts), add_special_tokens=False):
        counts.update(encoding.tokens)
    letters = string.ascii_lowercase + string.digits
    alone = [*SPECIAL, *letters, *(f"##{letter}" for letter in letters), *_SIGNS]
    if whole_words:
        counts.update({token: 3 * n for token, n in counts.items() if not token.startswith("##")})
    order = known.__getitem__ if whole_words else str
    frequent = sorted(counts, key=lambda token: (-counts[token], order(token)))
    general = sorted(known, key=known.__getitem__)
    words = (token for token in general if token.isascii() and token.strip("#").isalpha())
    kept = dict.fromkeys(token for token in (*alone, *frequent, *words) if token in known)
    return list(kept)[:size]


def cut(tokenizer: PreTrainedTokenizerBase, kept: list[str]) -> PreTrainedTokenizerFast:
    """A copy of the tokenizer with only the tokens `kept`, numbered in their order."""
    state = json.loads(tokenizer.backend_tokenizer.to_str())
    state["model"]["vocab"] = {token: number for number, token in enumerate(kept)}
    state["added_tokens"] = [
        {**token, "id": kept.index(token["content"])} for token in state["added_tokens"]
    ]
    # The old post-processor has the old ids of [CLS] and [SEP]; as_fast sets a new one.
    state["post_processor"] = state["truncation"] = state["padding"] = None
    return as_fast(Tokenizer.from_str(json.dumps(state)))


def as_fast(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    """Wraps a tokenizer with the tokens `SPECIAL`; it puts [CLS] before and [SEP] after texts."""
    ids = tokenizer.get_vocab()
    tokenizer.post_processor = BertProcessing(("[SEP]", ids["[SEP]"]), ("[CLS]", ids["[CLS]"]))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=MODEL_MAX_LENGTH,
        **{f"{token.strip('[]').lower()}_token": token for token in SPECIAL},
    )
