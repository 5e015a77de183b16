"""What a model's parts allow is read from them."""

from __future__ import annotations

from transformers import IBertConfig, IBertForSequenceClassification

from lit_plugins.models.compatibility import position_limit


def test_positions_that_are_in_no_embedding_layer_are_a_limit():
    config = IBertConfig(
        vocab_size=99,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=20,
        pad_token_id=1,
    )
    assert position_limit(IBertForSequenceClassification(config)) == 18
