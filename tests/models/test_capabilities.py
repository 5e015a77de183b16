"""What trial runs find of a model: how rows are padded, what may share a batch, what is read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from transformers import (
    ConvBertConfig,
    ConvBertForSequenceClassification,
)

from lit_plugins import UserError
from lit_plugins.models.passes import Passes
from tests.checkpoints import KINDS
from tests.models.toy_networks import (
    SIZE,
    Toy,
    first,
    last,
    mean,
    mean_of_all,
    network,
    rows,
    toy,
)

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
