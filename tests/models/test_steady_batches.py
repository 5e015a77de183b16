"""Rows of every length have the logits of a fresh model, though a pass may change it."""

from __future__ import annotations

import copy
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from transformers import (
    BigBirdConfig,
    BigBirdForSequenceClassification,
    LlamaConfig,
    LlamaForSequenceClassification,
    PreTrainedModel,
)

from lit_plugins.models.passes import Passes
from lit_plugins.models.quiet import quiet_transformers
from lit_plugins.models.steady_batches import run_steadily
from tests.models.toy_networks import (
    PAD,
    SIZE,
    network,
    rows,
)


def test_big_bird_gives_each_length_the_logits_of_a_fresh_model():
    torch.manual_seed(0)
    config = BigBirdConfig(
        vocab_size=SIZE,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        attention_type="block_sparse",  # and full attention, for good, at up to 28 tokens
        block_size=4,
        num_random_blocks=1,
        initializer_range=1.0,
    )
    model = BigBirdForSequenceClassification(config).eval()
    given = rows([9, 40, 28, 29, 57, 3, 60, 60])
    with quiet_transformers(), torch.inference_mode():
        fresh = [copy.deepcopy(model)(torch.tensor([row.input_ids])).logits[0] for row in given]
        found = network(model)
        logits = [row for row, _ in Passes(found, 1024).logits(given)]
        states = [row for _, row in Passes(found, 1024).logits(given, pooled=True)]
    np.testing.assert_allclose(logits, torch.stack(fresh), atol=1e-5)
    assert [state.shape for state in states] == [(8,)] * len(given)
    assert model.bert.attention_type == "block_sparse"


ROPES = {
    "longrope": {
        "short_factor": [1.0] * 2,
        "long_factor": [3.0, 6.0],
        "original_max_position_embeddings": 16,
    },
    "dynamic": {"factor": 4.0},
    "yarn": {"factor": 4.0, "original_max_position_embeddings": 16},
}


def llama(rope: str) -> PreTrainedModel:
    """A decoder with rotary positions, some of which change beyond 16 tokens."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=SIZE,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        intermediate_size=16,
        max_position_embeddings=16 if rope == "dynamic" else 64,
        rope_parameters={"rope_type": rope, "rope_theta": 100.0, **ROPES[rope]},
        pad_token_id=PAD,
        initializer_range=1.0,
    )
    return LlamaForSequenceClassification(config).eval()


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("rope", ROPES)
def test_rotary_positions_are_those_of_the_row_alone(rope, order):
    model = llama(rope)
    given = rows([15, 16, 17, 18, 3, 40, 40, 12][::order])
    with quiet_transformers(), torch.inference_mode():
        fresh = [copy.deepcopy(model)(torch.tensor([row.input_ids])).logits[0] for row in given]
    passes = Passes(network(model), 1024)
    logits = [row for row, _ in passes.logits(given)]
    np.testing.assert_allclose(logits, torch.stack(fresh), atol=1e-5)
    gradients = passes.gradients(given, np.ones((len(given), 2)))
    np.testing.assert_allclose([each.logits for each in gradients], logits, atol=1e-5)


def test_a_model_that_stays_as_it_is_runs_each_batch_once():
    ran: list[list[int]] = []

    def compute(picked: list[int]) -> list[int]:
        ran.append(picked)
        return picked

    model = SimpleNamespace(changes_itself=False)
    lengths = [3, 5, 4]
    assert run_steadily(model, lengths, compute, 99, equal_lengths=False) == [0, 1, 2]
    assert ran == [[1, 2, 0]]


def test_a_model_that_changes_runs_again_with_rows_of_one_length():
    ran: list[list[int]] = []
    model = SimpleNamespace(changes_itself=False)

    def compute(picked: list[int]) -> list[int]:
        ran.append(picked)
        model.changes_itself = True
        return picked

    for batches in ([[1, 2, 0], [1], [2], [0]], [[1], [2], [0]]):
        assert run_steadily(model, [3, 5, 4], compute, 99, equal_lengths=False) == [0, 1, 2]
        assert ran == batches
        ran.clear()
