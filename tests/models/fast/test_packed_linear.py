import numpy as np
import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from transformers.pytorch_utils import Conv1D

from lit_plugins import TextClassifier
from lit_plugins.explain import explain
from lit_plugins.models.fast import packed_linear
from lit_plugins.models.fast.packed_linear import PackedLinear, packed_copy
from tests.checkpoints import TEXTS

pytestmark = pytest.mark.skipif(
    not torch.backends.mkldnn.is_available(), reason="torch was built without oneDNN"
)


@pytest.fixture
def fast(monkeypatch):
    """Packed layers of any size for any rows, whatever this machine is fast at."""
    monkeypatch.setattr(packed_linear, "packed_is_faster", lambda *shape: True)
    monkeypatch.setattr(packed_linear, "_SMALLEST", 1)
    monkeypatch.setattr(packed_linear, "_FEWEST", 1)


@pytest.mark.parametrize(
    "linear", [nn.Linear(40, 24), nn.Linear(40, 24, bias=False), Conv1D(24, 40)]
)
@pytest.mark.parametrize("rows", [1, 3, 26, 128])  # of 5 each: torch's product, some added, none
def test_outputs_and_gradients_are_those_of_the_layer(linear, rows):
    torch.manual_seed(0)
    packed = PackedLinear(linear, 10)
    inputs = torch.randn(rows, 5, 40, requires_grad=True)
    expected, found = linear(inputs), packed(inputs)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    slope = torch.randn_like(expected).transpose(0, 1).contiguous().transpose(0, 1)
    torch.testing.assert_close(
        torch.autograd.grad(found, inputs, slope),
        torch.autograd.grad(expected, inputs, slope),
        atol=1e-5,
        rtol=1e-5,
    )
    with torch.inference_mode():
        torch.testing.assert_close(packed(inputs), expected, atol=1e-5, rtol=1e-5)


class Products(TorchDispatchMode):
    """How many rows each packed product was of."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        if function is torch.ops.mkldnn._linear_pointwise.default:
            self.rows.append(len(arguments[0]))
        return function(*arguments, **(options or {}))


def test_few_numbers_of_rows_are_given_to_onednn_which_remembers_each():
    packed = PackedLinear(nn.Linear(8, 8), 512)
    with Products() as products:
        for rows in range(1, 513):
            assert len(packed(torch.ones(rows, 8))) == rows
    numbers = [*range(16, 128, 16), *range(128, 256, 32), *range(256, 513, 64)]
    assert sorted(set(products.rows)) == numbers
    assert len(products.rows) == 512 - 7  # fewer rows than 8 are not worth it


@pytest.mark.parametrize("kind", ["bert", "gpt2", "deberta-v2"])
def test_a_packed_model_says_what_the_model_says(classifier, checkpoint, fast, kind):
    stock = classifier(kind, 3)
    packed = TextClassifier.from_pretrained(checkpoint(kind, 3))
    modules = list(packed.network.copies.whole.modules())
    assert any(isinstance(module, PackedLinear) for module in modules)
    rows = [text.row for text in stock.encode(TEXTS)]
    np.testing.assert_allclose(packed.logits(rows), stock.logits(rows), atol=1e-5)
    for one, other in zip(
        packed.gradients(rows, [1] * len(rows)), stock.gradients(rows, [1] * len(rows)), strict=True
    ):
        np.testing.assert_allclose(one.gradients, other.gradients, atol=1e-5)
    for one, other in zip(packed.attention(rows), stock.attention(rows), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    method = "integrated_gradients"
    (one,), (other,) = (explain(model, TEXTS[1:2], method, 1) for model in (packed, stock))
    np.testing.assert_allclose(one.scores, other.scores, atol=1e-4)


def test_the_callers_model_keeps_its_layers(fast):
    model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Sequential(nn.Linear(8, 2)))
    weights = [parameter.clone() for parameter in model.parameters()]
    packed = packed_copy(model, 4)
    assert isinstance(packed[0], PackedLinear)
    assert isinstance(packed[2][0], PackedLinear)
    for parameter, weight in zip(
        [packed[0].weight, packed[2][0].weight], weights[::2], strict=True
    ):
        assert torch.equal(parameter, weight)
    assert not any(isinstance(module, PackedLinear) for module in model.modules())


def test_wrong_logits_and_refusals_leave_the_stock_layers(checkpoint, fast, monkeypatch):
    def wrong(inputs, *weights):
        return torch.zeros(*inputs.shape[:-1], 32)

    monkeypatch.setattr(packed_linear, "_multiply", wrong)
    packed = TextClassifier.from_pretrained(checkpoint("bert", 3))
    modules = list(packed.network.copies.whole.modules())
    assert not any(isinstance(module, PackedLinear) for module in modules)


def test_what_does_not_pay_is_left(monkeypatch):
    model = nn.Sequential(nn.Linear(8, 8))
    assert not packed_copy(model, 4)  # too small to measure
    assert not packed_copy(nn.Sequential(nn.ReLU()), 4)
    large = nn.Sequential(nn.Linear(256, 256))
    monkeypatch.setattr(packed_linear, "packed_is_faster", lambda *shape: False)
    assert not packed_copy(large, 4)
    monkeypatch.setattr(packed_linear, "packed_is_faster", lambda *shape: True)
    assert not packed_copy(nn.Sequential(nn.Linear(256, 256).double()), 4)
    monkeypatch.setattr(packed_linear, "_MOST_BYTES", 1000)
    assert not packed_copy(large, 4)


def test_a_machine_is_measured_once_for_each_shape_and_can_refuse(monkeypatch):
    packed_linear.packed_is_faster.cache_clear()
    assert packed_linear.packed_is_faster(64, 64, 16, 1) in (True, False)

    def refuse(*arguments):
        raise RuntimeError("no such operator")

    monkeypatch.setattr(packed_linear, "PackedLinear", refuse)
    assert packed_linear.packed_is_faster(64, 65, 16, 1) is False
    packed_linear.packed_is_faster.cache_clear()


@pytest.mark.parametrize("free", [10**3, 10**12, None])
def test_packed_weights_leave_as_much_memory_as_they_take(fast, monkeypatch, free):
    monkeypatch.setattr(packed_linear, "free_bytes", lambda: free)
    model = nn.Sequential(nn.Linear(40, 24))
    assert (packed_copy(model, 10) is None) == (free == 10**3)
