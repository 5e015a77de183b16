"""Copies share weights, and nothing else."""

from __future__ import annotations

from transformers import (
    AutoModelForSequenceClassification,
)

from lit_plugins.models.copies import private_copy


def test_the_copy_shares_weights_and_nothing_else(checkpoint):
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint("bert")).train()
    before = model.config.to_dict()
    copy = private_copy(model)
    weights = dict(model.named_parameters())
    assert {name for name, _ in copy.named_parameters()} == set(weights)
    for name, weight in copy.named_parameters():
        assert weight.data_ptr() == weights[name].data_ptr()
        assert weights[name].requires_grad
        assert not weight.requires_grad
    assert not any(module.training for module in copy.modules())
    assert all(module.training for module in model.modules())
    assert not {id(module) for module in copy.modules()} & {id(each) for each in model.modules()}
    copy.config.pad_token_id = 17
    copy.set_attn_implementation("eager")
    assert model.config.to_dict() == before
    assert model.config._attn_implementation == "sdpa"
