"""A quantised model predicts what it predicts without this package, and says that it is one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.testing._internal.two_tensor import TwoTensor
from transformers import AutoTokenizer, PreTrainedModel

from lit_plugins import TextClassifier, UserError, explain
from lit_plugins.models.copies import private_copy
from lit_plugins.models.quantised import is_quantised, plain_tensors
from tests.checkpoints import TEXTS

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor"),
]

GIVEN = [*TEXTS, "a film", "no film", "dull word"]


def dynamic(model: PreTrainedModel) -> PreTrainedModel:
    """Torch's int8 layers, which find the scale of their input in each batch."""
    return torch.ao.quantization.quantize_dynamic(
        copy.deepcopy(model), {nn.Linear}, dtype=torch.qint8
    )


class Scaled(nn.Parameter):
    """Whole numbers with a scale beside them, which a pass moves away, as in bitsandbytes."""

    scale: Tensor | None

    @classmethod
    def of(cls, weight: Tensor) -> Scaled:
        scale = weight.abs().amax() / 127
        scaled = torch.Tensor._make_subclass(cls, (weight / scale).round().char(), False)
        scaled.scale = scale
        return scaled


class State:
    scale: Tensor | None = None


class ScaledLinear(nn.Module):
    def __init__(self, linear: nn.Linear):
        super().__init__()
        self.weight = Scaled.of(linear.weight.detach())
        self.bias = linear.bias
        self.state = State()

    def forward(self, inputs: Tensor) -> Tensor:
        if self.weight.scale is not None:
            self.state.scale, self.weight.scale = self.weight.scale, None
        return nn.functional.linear(inputs, self.weight.float() * self.state.scale, self.bias)


def scaled(model: PreTrainedModel) -> PreTrainedModel:
    model = copy.deepcopy(model)
    for layer in model.bert.encoder.layer:
        layer.intermediate.dense = ScaledLinear(layer.intermediate.dense)
    return model


@pytest.fixture
def tokenizer(checkpoint: Callable[..., Path]) -> Any:
    return AutoTokenizer.from_pretrained(checkpoint("bert"))


def one_by_one(model: PreTrainedModel, tokenizer: Any) -> np.ndarray:
    with torch.inference_mode():
        return np.array(
            [model(**tokenizer(text, return_tensors="pt")).logits[0].numpy() for text in GIVEN]
        )


@pytest.mark.parametrize("quantise", [dynamic, scaled])
def test_predictions_are_those_of_the_plain_quantised_model(plain, tokenizer, quantise):
    expected = one_by_one(quantise(plain("bert")), tokenizer)
    model = quantise(plain("bert"))
    found = TextClassifier(model, tokenizer).predict(GIVEN).logits
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_allclose(one_by_one(model, tokenizer), expected, atol=1e-6)
    used = TextClassifier(model, tokenizer).predict(GIVEN).logits  # after it has run
    np.testing.assert_allclose(used, expected, atol=1e-5)


def test_where_there_are_no_gradients_the_sentence_says_why(plain, tokenizer):
    model = dynamic(plain("bert"))
    model.classifier = plain("bert").classifier  # so that gradients pass by all other layers
    classifier = TextClassifier(model, tokenizer)
    with pytest.raises(UserError) as caught:
        explain(classifier, TEXTS[:1], "integrated_gradients")
    assert str(caught.value) == (
        "The model BertForSequenceClassification is quantised, so it has no gradients; use a "
        "method that needs predictions only, or load the model without quantisation."
    )


def test_a_quantised_model_is_known_by_its_weights(plain):
    assert not is_quantised(plain("bert"))
    assert not is_quantised(copy.deepcopy(plain("bert")).half())
    assert is_quantised(dynamic(plain("bert")))
    assert is_quantised(scaled(plain("bert")))
    assert is_quantised(private_copy(scaled(plain("bert"))))
    made_of_two = nn.Linear(2, 2)
    made_of_two.weight = nn.Parameter(TwoTensor(torch.ones(2, 2), torch.ones(2, 2)))
    assert is_quantised(made_of_two)


def test_a_copys_weight_is_of_the_same_class_with_the_same_values(plain):
    model = scaled(plain("bert"))
    name = "bert.encoder.layer.0.intermediate.dense.weight"
    weight, copied = model.get_parameter(name), private_copy(model).get_parameter(name)
    assert type(copied) is Scaled
    assert copied is not weight
    assert copied.data_ptr() == weight.data_ptr()
    assert torch.equal(copied.scale, weight.scale)


def test_fingerprints_tell_quantised_weights_apart(plain, tokenizer):
    def print_of(model: PreTrainedModel) -> str:
        return TextClassifier(dynamic(model), tokenizer).fingerprint

    other = copy.deepcopy(plain("bert"))
    with torch.no_grad():
        other.bert.encoder.layer[0].output.dense.weight[3, 5] += 1
    assert print_of(plain("bert")) == print_of(copy.deepcopy(plain("bert")))
    assert print_of(plain("bert")) != print_of(other)


def test_a_tensor_of_tensors_is_taken_apart():
    whole = TwoTensor(torch.ones(2), torch.full((2,), 3.0))
    parts = [part for part in plain_tensors(whole) if isinstance(part, Tensor)]
    assert [part.tolist() for part in parts] == [[1, 1], [3, 3]]
    assert [type(part) for part in parts] == [Tensor, Tensor]
