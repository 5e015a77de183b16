import pytest
import torch

from benchmarks import flops

ROWS, LENGTH = 3, 7


# The embedding module of DistilBERT takes the leaf that needs gradients.
@pytest.mark.parametrize("architecture", ["bert", "distilbert"])
@pytest.mark.parametrize("gradients", [False, True])
def test_what_a_stock_model_runs_is_what_its_layers_ask_for(plain, architecture, gradients):
    model = plain(architecture)
    width, classes = model.config.hidden_size, model.config.num_labels
    embeddings = torch.rand(ROWS, LENGTH, width, requires_grad=gradients)
    weights = list(model.parameters())

    def run():
        logits = model(inputs_embeds=embeddings).logits
        if gradients:
            torch.autograd.grad(logits.sum(), embeddings)

    for weight in weights:
        weight.requires_grad_(False)
    try:
        counted = flops.executed(run)
    finally:
        for weight in weights:
            weight.requires_grad_(True)
    head = 2 * ROWS * width * (width + classes) * (2 if gradients else 1)
    asked = flops.nominal(model.config, LENGTH, ROWS, gradients=gradients)
    # The backward pass may multiply queries and keys once more.
    again = model.config.num_hidden_layers * 2 * ROWS * LENGTH * LENGTH * width * gradients
    assert counted - head in (asked, asked + again)


def test_packed_products_are_counted():
    weight, inputs = torch.rand(32, 16), torch.rand(4, 16)
    try:
        packed = torch.ops.mkldnn._reorder_linear_weight(weight, 4)
    except (AttributeError, RuntimeError):
        pytest.skip("this torch packs no weights")

    def run():
        return torch.ops.mkldnn._linear_pointwise(inputs, packed, None, "none", [], "")

    assert flops.executed(run) == 2 * 4 * 16 * 32
