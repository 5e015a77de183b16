"""The model as it is run: copied, tried, padded, and read where its head reads."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from transformers import (
    AutoModelForSequenceClassification,
    BigBirdConfig,
    BigBirdForSequenceClassification,
    ConvBertConfig,
    ConvBertForSequenceClassification,
    PreTrainedConfig,
    PreTrainedModel,
)
from transformers.modeling_outputs import SequenceClassifierOutput

from lit_plugins import UserError
from lit_plugins.models.capabilities import PROBE_LENGTHS, same
from lit_plugins.models.copies import Copies, private_copy
from lit_plugins.models.forward import Forward
from lit_plugins.models.network import Network
from lit_plugins.models.passes import Passes
from lit_plugins.models.quiet import quiet_transformers
from lit_plugins.text.encoded import Row
from tests.checkpoints import KINDS

SIZE = 50
PAD = 0

Head = Callable[["Toy", Tensor, Tensor], Tensor]


class ToyConfig(PreTrainedConfig):
    model_type = "toy_of_heads"


class Toy(PreTrainedModel):
    """An embedding table and a head of the test's own."""

    config_class = ToyConfig

    def __init__(self, head: Head, pad_token_id: int | None = PAD, **config: Any):
        super().__init__(ToyConfig(num_labels=2, pad_token_id=pad_token_id, **config))
        torch.manual_seed(0)
        self.table = nn.Embedding(SIZE, 6)
        self.classes = nn.Linear(6, 2)
        self.head = head
        self.calls = 0

    def get_input_embeddings(self) -> nn.Module:
        return self.table

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        inputs_embeds: Tensor | None = None,
        output_hidden_states: bool = False,
    ) -> SequenceClassifierOutput:
        assert attention_mask is not None
        states = (self.table(input_ids) if inputs_embeds is None else inputs_embeds) * 1
        return SequenceClassifierOutput(
            logits=self.head(self, states, attention_mask),
            hidden_states=(states, states) if output_hidden_states else None,
        )


def mean(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
    weights = mask.unsqueeze(-1).to(states.dtype)
    return model.classes((states * weights).sum(1) / weights.sum(1))


def mean_of_all(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
    return model.classes(states.mean(1))


def first(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
    return model.classes(states[:, 0])


def last(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
    return model.classes(states[:, -1])


def rows(lengths: Sequence[int]) -> list[Row]:
    return [Row(tuple((7 * at + 3) % SIZE or 1 for at in range(n)), (0,) * n) for n in lengths]


def network(model: PreTrainedModel, pad_id: int | None = PAD) -> Network:
    return Network(model, pad_id, ("input_ids", "attention_mask"), rows(PROBE_LENGTHS), 1024)


def toy(head: Head, **config: Any) -> Network:
    return network(Toy(head, **config).eval())


TRAITS = {
    **dict.fromkeys(
        ("bert", "distilbert", "roberta", "xlm-roberta", "albert", "electra", "deberta-v2"),
        ("right", "first"),
    ),
    **dict.fromkeys(("gpt2", "llama"), ("left", "last")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_found_of_each_kind(classifier, kind):
    found = classifier(kind).network
    assert (found.padding, found.pooling) == TRAITS[kind]
    assert found.pooling_is_exact
    assert found.takes_embeddings
    assert found.unread_id is None
    assert (found.layers, found.attention_layers) == (3, 2)


@pytest.mark.parametrize(
    ("head", "padding", "pooling"),
    [
        (mean, "right", "mean"),
        (first, "right", "first"),
        (last, "left", "last"),
        (mean_of_all, "none", "mean"),
    ],
)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_how_rows_are_padded_is_found_by_trying(head, padding, pooling, dtype):
    found = network(Toy(head).to(dtype).eval())
    assert (found.padding, found.pooling, found.pooling_is_exact) == (padding, pooling, True)
    assert found.layers == 2
    assert found.attention_layers == 0


def test_a_small_leak_of_the_padding_is_found_in_half_precision():
    def leaks(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
        return mean(model, states, mask) + 0.02 * mean_of_all(model, states, mask)

    for dtype in (torch.float64, torch.float32):
        assert network(Toy(leaks).to(dtype).eval()).padding == "none"
    assert network(Toy(leaks).to(torch.bfloat16).eval()).padding == "none"


def test_a_model_that_pools_by_two_is_run_on_rows_of_one_length():
    def halves(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
        pooled = nn.functional.avg_pool1d((states * mask.unsqueeze(-1)).mT, 2, ceil_mode=True).mT
        return model.classes(pooled.amax(1))

    assert toy(halves).padding == "none"


def test_a_model_that_refuses_batches_is_run_on_rows_of_one_length():
    def refuses(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
        if not mask.all():
            raise ValueError("no padding here")
        return first(model, states, mask)

    assert toy(refuses).padding == "none"


def test_a_head_without_a_gradient_is_read_as_a_mean_that_is_not_exact():
    def detached(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
        return mean(model, states.detach(), mask)

    found = toy(detached)
    assert (found.pooling, found.pooling_is_exact) == ("mean", False)
    assert not found.takes_embeddings


def test_embeddings_that_do_not_stand_for_tokens_are_refused():
    class Counts(Toy):
        def forward(self, input_ids: Any = None, *args: Any, **inputs: Any) -> Any:
            output = super().forward(input_ids, *args, **inputs)
            output.logits = output.logits * (1 if input_ids is None else 2)
            return output

    found = network(Counts(mean).eval())
    assert found.padding == "right"
    batch = found.collate(rows([3]))
    with pytest.raises(UserError) as caught:
        found.run(batch, found.embed(batch))
    assert str(caught.value) == (
        "The model Counts does not take embeddings in place of tokens, so it has no gradients; "
        "use a method that needs predictions only."
    )


def test_a_model_that_changes_embeddings_in_place_is_not_given_any():
    class Scales(Toy):
        def forward(self, *args: Any, **inputs: Any) -> Any:
            if inputs.get("inputs_embeds") is not None:
                inputs["inputs_embeds"] *= 1
            return super().forward(*args, **inputs)

    assert not network(Scales(mean).eval()).takes_embeddings


def test_a_model_with_chance_in_it_is_refused():
    def noisy(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
        return first(model, states, mask) + torch.rand(())

    with pytest.raises(UserError) as caught:
        toy(noisy)
    assert str(caught.value) == (
        "The model Toy is random: it gives different logits every time; give a deterministic model."
    )


def test_want_of_memory_is_no_refusal():
    def fails_on_the_second_row(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
        if len(states) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return first(model, states, mask)

    with pytest.raises(torch.OutOfMemoryError):
        toy(fails_on_the_second_row)


def test_a_model_that_needs_more_than_tokens_is_refused():
    def needs_boxes(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
        raise TypeError("bbox is missing.\nGive it. Always.")

    with pytest.raises(UserError) as caught:
        toy(needs_boxes)
    assert str(caught.value) == (
        "The model Toy cannot classify token ids alone (bbox is missing); "
        "give a model that takes plain text."
    )


def test_a_model_that_gives_no_row_of_logits_is_refused():
    def by_token(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
        return model.classes(states)

    with pytest.raises(UserError, match=r"an output of shape \(1, 10, 2\) for one text; give a"):
        toy(by_token)


def test_a_model_that_changes_itself_is_put_back_and_not_padded():
    def keeps(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
        model.calls = model.calls + 1
        return first(model, states, mask) * model.calls

    found = toy(keeps)
    assert found.padding == "none"
    batch = found.collate(rows([3]))
    outputs = [found.run(batch).logits for _ in range(3)]
    assert torch.equal(outputs[0], outputs[2])


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


def test_inputs_that_the_tokenizer_does_not_make_are_not_passed(checkpoint):
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint("bert"))
    row = Row((5, 6, 7), (0, 1, 1))
    with torch.inference_mode():
        logits = []
        for names in (("input_ids",), ("input_ids", "token_type_ids")):
            forward = Forward(Copies(private_copy(model)), PAD, names)
            logits.append(forward(forward.collate([row], "none"), "none").logits)
        plain = model.eval()(torch.tensor([row.input_ids])).logits
        typed = model(
            torch.tensor([row.input_ids]), token_type_ids=torch.tensor([row.type_ids])
        ).logits
    assert torch.equal(logits[0], plain)
    assert torch.equal(logits[1], typed)
    assert not torch.equal(plain, typed)


def test_a_fast_copy_takes_batches_where_nothing_is_padded():
    torch.manual_seed(0)
    config = ConvBertConfig(
        vocab_size=SIZE,
        hidden_size=16,
        embedding_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        head_ratio=2,  # one head of convolution
        intermediate_size=16,
        max_position_embeddings=64,
        initializer_range=1.0,
    )
    model = ConvBertForSequenceClassification(config).eval()
    found = network(model)
    assert (found.padding, found.together) == ("none", True)
    given = rows([9, 9, 4, 9, 4])
    with torch.inference_mode():
        expected = [model(torch.tensor([row.input_ids])).logits[0] for row in given]
    logits = [row for row, _ in Passes(found, 1024).logits(given)]
    np.testing.assert_allclose(logits, torch.stack(expected), atol=1e-5)


def test_rows_that_change_each_others_logits_are_given_one_at_a_time():
    def scaled(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
        return first(model, states / states.abs().amax(), mask)

    found = toy(scaled)
    assert (found.padding, found.together) == ("none", False)
    assert toy(mean_of_all).together
    given = rows([9, 9, 4])
    batched = [row for row, _ in Passes(found, 1024).logits(given)]
    alone = [Passes(found, 1024).logits([row])[0][0] for row in given]
    np.testing.assert_array_equal(batched, alone)
