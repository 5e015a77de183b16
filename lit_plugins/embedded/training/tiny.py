"""sentiment-bow: a one-layer BERT without positions, hence a bag of words, trained on labels only.

All position embeddings are zero, so attention does not see the order of the words. The same words
in any order give the same logits.
"""

from __future__ import annotations

import random

from tokenizers import BertWordPieceTokenizer, Tokenizer
from transformers import (
    AutoModelForSequenceClassification,
    BertConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from lit_plugins.embedded.training.data import Example
from lit_plugins.embedded.training.loop import batches_by_length, encode, fit, label_loss
from lit_plugins.embedded.training.teacher import LABELS
from lit_plugins.embedded.training.vocabulary import MODEL_MAX_LENGTH, SPECIAL, as_fast

_ASCII = [chr(code) for code in range(33, 127) if not chr(code).isupper()]


def make_tiny(
    texts: list[str], *, vocabulary: int = 4000, hidden: int = 64
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """An untrained model, and a tokenizer with a WordPiece vocabulary learned from the texts."""
    pieces = BertWordPieceTokenizer(lowercase=True)
    pieces.train_from_iterator(
        texts,
        vocab_size=vocabulary,
        min_frequency=2,
        special_tokens=list(SPECIAL),
        initial_alphabet=_ASCII,
        limit_alphabet=len(_ASCII) + 20,
        show_progress=False,
    )
    tokenizer = as_fast(Tokenizer.from_str(pieces.to_str()))
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=hidden,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=2 * hidden,
        max_position_embeddings=MODEL_MAX_LENGTH,
        hidden_dropout_prob=0.2,
        pad_token_id=tokenizer.pad_token_id,
        id2label=LABELS,
        label2id={label: number for number, label in LABELS.items()},
    )
    model = AutoModelForSequenceClassification.from_config(config)
    positions = model.base_model.embeddings.position_embeddings.weight
    positions.requires_grad_(False)
    positions.zero_()
    return model, tokenizer


def train_tiny(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    examples: list[Example],
    *,
    seed: int,
    epochs: int = 4,
    learning_rate: float = 2e-3,
    batch_size: int = 128,
) -> None:
    """Trains in place on soft labels; the position embeddings stay zero."""
    rng = random.Random(seed)
    rows = encode(tokenizer, [example.text for example in examples])
    lengths = [len(row) for row in rows]

    fit(
        model,
        lambda _: batches_by_length(lengths, batch_size, rng),
        label_loss(model, tokenizer, rows, examples),
        learning_rate=learning_rate,
        epochs=epochs,
        name="sentiment-bow",
    )
