"""Small models of real architectures with tokenizers of their real kinds, made and saved here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers as hf

from lit_plugins.models.quiet import quiet_transformers

CORPUS = [
    "a wonderful, moving film that never feels dull .",
    "The food was cold and the service was even worse!",
    "I can't recommend this enough - don't miss it; you'll love it.",
    "not good, not bad: well-made but forgettable (3.5 of 5)",
    "Crème brûlée at the café was naïve and overpriced…",
    "最高の映画でした。とても面白い!",
    "great 😀 fun 👍🏽 and   lots    of spaces\tand\nlines",
] * 3

TEXTS = [
    "a wonderful film",
    "Not good, not bad: WELL-made!!!",
    "Crème brûlée 😀👍🏽 at the  café",
    "最高の映画でした。",
    "word",
    "the food was cold and the service was even worse, and I can't recommend this at all.",
]

_SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
_BERT_SIZES = {**_SIZES, "intermediate_size": 48, "max_position_embeddings": 64}


@dataclass(frozen=True)
class Kind:
    """One architecture with the tokenizer that belongs to it."""

    tokenizer: type
    config: Callable[..., Any]
    sizes: dict[str, Any]


KINDS: dict[str, Kind] = {
    "bert": Kind(hf.BertTokenizer, hf.BertConfig, _BERT_SIZES),
    "distilbert": Kind(
        hf.BertTokenizer,
        hf.DistilBertConfig,
        {"dim": 32, "n_layers": 2, "n_heads": 2, "hidden_dim": 48, "max_position_embeddings": 64},
    ),
    "roberta": Kind(hf.RobertaTokenizer, hf.RobertaConfig, _BERT_SIZES),
    "xlm-roberta": Kind(hf.XLMRobertaTokenizer, hf.XLMRobertaConfig, _BERT_SIZES),
    "albert": Kind(hf.AlbertTokenizer, hf.AlbertConfig, {**_BERT_SIZES, "embedding_size": 16}),
    "electra": Kind(hf.BertTokenizer, hf.ElectraConfig, {**_BERT_SIZES, "embedding_size": 16}),
    "deberta-v2": Kind(
        hf.DebertaV2Tokenizer,
        hf.DebertaV2Config,
        {**_BERT_SIZES, "relative_attention": True, "pos_att_type": ["p2c", "c2p"]},
    ),
    "gpt2": Kind(
        hf.GPT2Tokenizer,
        hf.GPT2Config,
        {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 64},
    ),
    "llama": Kind(hf.LlamaTokenizer, hf.LlamaConfig, {**_BERT_SIZES, "num_key_value_heads": 2}),
}

MORE_KINDS: dict[str, Kind] = {
    "bart": Kind(
        hf.BartTokenizer,
        hf.BartConfig,
        {
            "d_model": 32,
            **dict.fromkeys(("encoder_layers", "decoder_layers"), 2),
            **dict.fromkeys(("encoder_attention_heads", "decoder_attention_heads"), 2),
            **dict.fromkeys(("encoder_ffn_dim", "decoder_ffn_dim"), 48),
            "max_position_embeddings": 64,
        },
    ),
    "funnel": Kind(
        hf.FunnelTokenizer,
        hf.FunnelConfig,
        {"block_sizes": [2, 2], "d_model": 32, "n_head": 2, "d_head": 16, "d_inner": 48},
    ),
    "longformer": Kind(
        hf.RobertaTokenizer,
        hf.LongformerConfig,
        {**_BERT_SIZES, "attention_window": 8, "max_position_embeddings": 65},
    ),
    "modernbert": Kind(hf.BertTokenizer, hf.ModernBertConfig, _BERT_SIZES),
    "t5": Kind(
        hf.T5Tokenizer,
        hf.T5Config,
        {
            "d_model": 32,
            "num_layers": 2,
            "num_heads": 2,
            "d_kv": 16,
            "d_ff": 48,
            "decoder_start_token_id": 0,
        },
    ),
    "xlnet": Kind(
        hf.XLNetTokenizer, hf.XLNetConfig, {"d_model": 32, "n_layer": 2, "n_head": 2, "d_inner": 48}
    ),
}
"""Kinds that stand for what the nine do not have: two sides, pooling, windows, no gradients."""


def save_checkpoint(
    kind: str,
    folder: Path,
    classes: int = 2,
    auto: Any = hf.AutoModelForSequenceClassification,
    **config: Any,
) -> Path:
    """Makes and saves a model with random weights and a tokenizer trained on `CORPUS`."""
    made = KINDS.get(kind) or MORE_KINDS[kind]
    tokenizer = _train(made.tokenizer)
    options = {**made.sizes, "vocab_size": len(tokenizer), "num_labels": classes, **config}
    for name in ("bos_token_id", "eos_token_id", "pad_token_id"):
        options.setdefault(name, getattr(tokenizer, name))
    torch.manual_seed(0)
    model = auto.from_config(made.config(**options))
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim > 1:
                weight.mul_(12)  # the usual init gives all texts nearly the same logits
    with quiet_transformers():
        model.eval().save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return folder


def _train(kind: type) -> Any:
    """A tokenizer of a kind that knows `CORPUS`, the same in every run."""
    tokenizer = kind().train_new_from_iterator(CORPUS, vocab_size=420, show_progress=False)
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    if model["type"] == "Unigram":
        return kind(vocab=_unigram(tokenizer, [token for token, _ in model["vocab"]]))
    if model["type"] == "WordPiece":
        return kind(vocab=_wordpiece(tokenizer, list(model["vocab"])))
    if kind is hf.LlamaTokenizer:
        # The real one spells unknown characters in bytes and begins with <s>; training drops both.
        merges = [tuple(merge) for merge in model["merges"]]
        return kind(vocab=_with_bytes(model["vocab"]), merges=merges, add_bos_token=True)
    return tokenizer


def _unigram(tokenizer: Any, trained: list[str]) -> list[tuple[str, float]]:
    """What was learned, scored by rank: the trainer's own scores change from run to run."""
    special = [token for token in trained if token in tokenizer.added_tokens_encoder]
    found = sorted(set(trained) - set(special))
    scores = [(token, -10 - rank / 1000) for rank, token in enumerate(found)]
    return [*((token, 0.0) for token in special), *scores]


def _wordpiece(tokenizer: Any, trained: list[str]) -> dict[str, int]:
    """Characters and the two parts of each word: the trainer breaks ties at random."""
    backend = tokenizer.backend_tokenizer
    texts = [backend.normalizer.normalize_str(text) for text in CORPUS]
    words = {word for text in texts for word, _ in backend.pre_tokenizer.pre_tokenize_str(text)}
    characters = {character for word in words for character in word}
    pieces = characters | {"##" + character for character in characters}
    pieces |= {word[:3] for word in words} | {"##" + word[3:] for word in words if word[3:]}
    special = [token for token in trained if token in tokenizer.added_tokens_encoder]
    return {token: at for at, token in enumerate([*special, *sorted(pieces)])}


def _with_bytes(trained: dict[str, int]) -> dict[str, int]:
    vocab = dict(trained)
    for byte in range(256):
        vocab.setdefault(f"<0x{byte:02X}>", len(vocab))
    return vocab
