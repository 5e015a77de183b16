"""The model as it is run: copied, tried, padded, and read where its head reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor
from transformers import (
    AutoModelForSequenceClassification,
    PreTrainedModel,
)
from transformers.modeling_outputs import SequenceClassifierOutput

from lit_plugins import UserError
from lit_plugins.models.capabilities import same
from lit_plugins.text.encoded import Row
from tests.models.toy_networks import (
    PAD,
    SIZE,
    Toy,
    first,
    last,
    mean,
    network,
    rows,
    toy,
)


@pytest.mark.parametrize("padding", ["right", "left"])
def test_rows_are_padded_on_the_side_that_was_found(padding):
    found = toy(first if padding == "right" else last)
    batch = found.collate([Row((5, 6, 7), (0, 1, 1)), Row((8,), (1,))])
    expected = {
        "right": ([[5, 6, 7], [8, PAD, PAD]], [[0, 1, 1], [1, 0, 0]], [[1, 1, 1], [1, 0, 0]]),
        "left": ([[5, 6, 7], [PAD, PAD, 8]], [[0, 1, 1], [0, 0, 1]], [[1, 1, 1], [0, 0, 1]]),
    }
    assert (
        tuple(each.tolist() for each in (batch.ids, batch.type_ids, batch.mask))
        == (expected[padding])
    )
    assert batch.ids[1, found.real(1, 3)].tolist() == [8]
    assert batch.ids[0, found.real(3, 3)].tolist() == [5, 6, 7]


def test_tokens_of_another_models_tokenizer_are_refused():
    with pytest.raises(UserError) as caught:
        toy(first).collate([Row((1, SIZE), (0, 0))])
    assert str(caught.value) == (
        "The token id 50 is beyond the model's 50 tokens; "
        "give the tokenizer that belongs to the model."
    )


@pytest.mark.parametrize("pad_id", [None, SIZE, SIZE + 7])
def test_padding_needs_no_token_of_its_own(pad_id):
    found = network(Toy(mean).eval(), pad_id=pad_id)
    assert found.collate(rows([3, 1])).ids[1].tolist()[1:] == [0, 0]


def test_pooled_states_and_gradients_are_those_at_the_position_that_is_read():
    states = torch.arange(24.0).reshape(2, 4, 3)
    mask = torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1]])
    found = toy(first)
    assert torch.equal(found.pooled(states, mask), states[:, 0])
    assert torch.equal(found.pooled_gradient(states, mask), states[:, 0])
    found = toy(mean)
    means = torch.stack([states[0, :3].mean(0), states[1].mean(0)])
    sums = torch.stack([states[0, :3].sum(0), states[1].sum(0)])
    assert torch.allclose(found.pooled(states, mask), means)
    assert torch.allclose(found.pooled_gradient(states, mask), sums)
    mask = mask.flip(-1)
    found = toy(last)
    assert torch.equal(found.pooled(states, mask), states[:, -1])
    assert torch.equal(found.pooled_gradient(states, mask), states[:, -1])


def test_the_last_real_token_is_read_where_rows_are_padded_on_the_right():
    def last_real(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
        return model.classes(states[torch.arange(len(states)), mask.sum(1) - 1])

    found = toy(last_real)
    assert (found.padding, found.pooling) == ("right", "last")
    states = torch.arange(24.0).reshape(2, 4, 3)
    mask = torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1]])
    assert torch.equal(found.pooled(states, mask), torch.stack([states[0, 2], states[1, 3]]))


@pytest.fixture(scope="module")
def decoder(checkpoint: Callable[..., Path]) -> PreTrainedModel:
    """A GPT-2 that was told, as is usual, to pad with its end of text."""
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint("gpt2", 3))
    model.config.pad_token_id = model.config.eos_token_id
    return model.eval()


def test_tokens_that_a_decoder_passes_over_are_known(decoder):
    end = decoder.config.eos_token_id
    found = network(decoder, pad_id=end)
    assert found.unread_id == end
    assert decoder.config.pad_token_id == end
    with torch.no_grad():
        plain = decoder(torch.tensor([[30, 31, 32, end, end]])).logits
        assert same(found.run(found.collate([Row((30, 31, 32), (0,) * 3)])).logits, plain)


def test_rows_of_padding_tokens_mean_the_same_in_any_batch_and_as_embeddings(decoder):
    end = decoder.config.eos_token_id
    found = network(decoder, pad_id=end)
    tried = [Row((end,) * 4, (0,) * 4), Row((end,), (0,)), *rows([9, 2]), Row((30, end), (0, 0))]
    with torch.inference_mode():
        alone = torch.cat([found.run(found.collate([row])).logits for row in tried])
        batch = found.collate(tried)
        assert same(found.run(batch).logits, alone)
        assert same(found.run(batch, found.embed(batch)).logits, alone)


def test_a_decoder_without_padding_token_is_batched(decoder):
    decoder.config.pad_token_id = None
    found = network(decoder, pad_id=None)
    assert found.unread_id is None
    with torch.inference_mode():
        together = found.run(found.collate(rows([9, 2, 5]))).logits
        plain = [decoder(torch.tensor([row.input_ids])).logits for row in rows([9, 2, 5])]
    assert same(together, torch.cat(plain))
    assert decoder.config.pad_token_id is None


def test_a_pass_gives_what_is_asked_for_and_no_more(classifier):
    found = classifier("bert").network
    batch = found.collate(rows([5, 3]))
    with torch.inference_mode():
        plain = found.run(batch)
        assert plain.get("hidden_states") is None
        assert plain.get("attentions") is None
        states = found.hidden_states(found.run(batch, hidden_states=True))
        assert [tuple(state.shape) for state in states] == [(2, 5, 32)] * 3
        output = found.run(batch, attention=True)
        weights = found.attentions(output, batch.mask)
    assert tuple(weights.shape) == (2, 2, 2, 5, 5)
    assert same(output.logits, plain.logits)
    assert found.copies.whole.config._attn_implementation == "sdpa"


def test_attention_that_does_not_add_up_over_real_tokens_is_refused(classifier):
    found = classifier("bert").network
    mask = torch.tensor([[1, 1, 0]])
    layer = torch.tensor([[0.5, 0.5, 0.0], [0.2, 0.8, 0.0], [0.3, 0.3, 0.4]])[None, None]
    assert found.attentions(SequenceClassifierOutput(attentions=(layer,)), mask).shape == (
        (1, 1, 1, 3, 3)
    )
    leaking = layer.roll(1, -1)
    for layers in (None, (), (leaking,), (layer, leaking), (layer, None), (layer[..., :2],)):
        with pytest.raises(UserError) as caught:
            found.attentions(SequenceClassifierOutput(attentions=layers), mask)
        assert str(caught.value) == (
            "The model BertForSequenceClassification has no attention weights from each token to "
            "each token; use another method."
        )


def test_a_model_without_attention_weights_refuses_them():
    found = toy(first)
    with pytest.raises(UserError, match="The model Toy has no attention weights from each token"):
        found.run(found.collate(rows([3])), attention=True)
