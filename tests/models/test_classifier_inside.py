"""Gradients, attention and layers are those of the model as `transformers` runs it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedModel

from lit_plugins import TextClassifier, UserError
from lit_plugins.models.predictions import Gradients
from lit_plugins.models.quiet import quiet_transformers
from lit_plugins.text.encoded import Row
from tests.checkpoints import KINDS, TEXTS, save_checkpoint
from tests.visiting import a_visitor

WRITTEN = [*TEXTS, "a   b\n👩‍👩‍👧", "!!!", "I can't recommend this enough; 最高 " * 20]
CASES = [
    *((kind, classes) for kind in KINDS for classes in (2, 3)),
    *((kind, 3) for kind in ("longformer", "modernbert", "xlnet")),
]
READS_LAST = ("gpt2", "llama")


def inputs_of(ours: TextClassifier, row: Row, *, embedded: bool = False) -> dict[str, Tensor]:
    """One row as a user of `transformers` would pass it."""
    ids = torch.tensor([row.input_ids])
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if "token_type_ids" in ours.tokenizer.model_input_names:
        inputs["token_type_ids"] = torch.tensor([row.type_ids])
    return {name: value for name, value in inputs.items() if name != "input_ids" or not embedded}


def targets_of(ours: TextClassifier, rows: list[Row]) -> list[int]:
    return [at % len(ours.labels) for at in range(len(rows))]


def close(some: np.ndarray, others: np.ndarray, tolerance: float = 1e-5) -> None:
    assert some.shape == others.shape
    scale = max(1.0, float(np.abs(others).max()))
    np.testing.assert_allclose(some / scale, others / scale, rtol=0, atol=tolerance)


@pytest.mark.parametrize(("kind", "classes"), CASES)
def test_gradients_are_those_of_each_text_on_its_own(classifier, plain, kind, classes):
    ours, model = classifier(kind, classes), plain(kind, classes)
    rows = [text.row for text in ours.encode(WRITTEN)]
    targets = targets_of(ours, rows)
    for row, target, found in zip(rows, targets, ours.gradients(rows, targets), strict=True):
        embeddings = model.get_input_embeddings()(torch.tensor([row.input_ids])).detach()
        embeddings.requires_grad_(True)
        inputs = inputs_of(ours, row, embedded=True)
        if kind == "longformer":  # which makes its own from ids only
            inputs["global_attention_mask"] = torch.eye(1, len(row.input_ids), dtype=torch.long)
        with quiet_transformers():
            logits = model(inputs_embeds=embeddings, **inputs).logits[0]
        (expected,) = torch.autograd.grad(logits[target], embeddings)
        assert found.target == target
        assert found.gradients.dtype == np.float32
        close(found.gradients, expected[0].numpy())
        close(found.embeddings, embeddings[0].detach().numpy())
        close(found.logits, logits.detach().numpy())
        assert np.abs(found.gradients).max() > 1e-4


def exact(model: PreTrainedModel) -> PreTrainedModel:
    """The same model in float64, where differences are exact enough to be divided."""
    return copy.deepcopy(model).double()


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_finite_differences_of_logits(classifier, plain, kind):
    ours, model = classifier(kind, 3), exact(plain(kind, 3))
    rows = [text.row for text in ours.encode(WRITTEN)]
    targets = targets_of(ours, rows)
    torch.manual_seed(0)
    for row, target, found in zip(rows, targets, ours.gradients(rows, targets), strict=True):
        embeddings = model.get_input_embeddings()(torch.tensor([row.input_ids])).detach()
        inputs = inputs_of(ours, row, embedded=True)
        step = 1e-4 * torch.randn_like(embeddings)
        with torch.inference_mode(), quiet_transformers():
            ahead, behind = (
                model(inputs_embeds=embeddings + way * step, **inputs).logits[0, target]
                for way in (1, -1)
            )
        difference = float(ahead - behind) / 2
        along = found.gradients * step[0].numpy()
        assert float(along.sum()) == pytest.approx(difference, abs=2e-3 * np.abs(along).sum())


def maker_of(model: PreTrainedModel, state: Callable[[Any], Tensor], **inputs: Tensor) -> Any:
    """The first module whose result is the last hidden state, and how often it was called."""
    made: list[tuple[nn.Module, Tensor]] = []

    def keep(module: nn.Module, _: Any, output: Any) -> None:
        first = output if isinstance(output, Tensor) else next(iter(output or ()), None)
        if isinstance(first, Tensor):
            made.append((module, first))

    hooks = [module.register_forward_hook(keep) for module in model.modules()]
    last = state(model(**inputs, output_hidden_states=True))
    for hook in hooks:
        hook.remove()
    maker = next(
        m for m, result in made if result.shape == last.shape and torch.equal(result, last)
    )
    return maker, sum(module is maker for module, _ in made)


def logits_with(model: PreTrainedModel, moved: Tensor, ours: TextClassifier, row: Row) -> Tensor:
    """Logits when the last hidden state is moved by `moved`, [tokens, width]."""
    inputs = inputs_of(ours, row)
    maker, calls = maker_of(model, lambda output: output.hidden_states[-1], **inputs)
    left = calls  # ALBERT calls one module for all its layers

    def move(module: nn.Module, _: Any, output: Any) -> Any:
        nonlocal left
        left -= 1
        if left:
            return output
        if isinstance(output, Tensor):
            return output + moved
        return (output[0] + moved, *output[1:])

    hook = maker.register_forward_hook(move)
    logits = model(**inputs).logits[0]
    hook.remove()
    return logits


def check_pooled_gradient(
    ours: TextClassifier, model: PreTrainedModel, row: Row, target: int, found: Gradients
) -> None:
    """The logit's gradient is its change as what the head reads is moved."""
    assert found.pooled_gradient is not None
    length = len(row.input_ids)
    where = torch.ones(length, 1, dtype=torch.float64)
    if ours.network.pooling != "mean":
        where[:] = 0
        where[0 if ours.network.pooling == "first" else -1] = 1
    step = 1e-4 * torch.randn(len(found.pooled_gradient), dtype=torch.float64)
    with torch.inference_mode():
        ahead, behind = (
            float(logits_with(model, way * where * step, ours, row)[target]) for way in (1, -1)
        )
    along = found.pooled_gradient * step.numpy()
    assert float(along.sum()) == pytest.approx((ahead - behind) / 2, abs=2e-3 * np.abs(along).sum())


@pytest.mark.parametrize("kind", KINDS)
def test_the_pooled_gradient_is_a_finite_difference_of_the_head(classifier, plain, kind):
    ours, model = classifier(kind, 3), exact(plain(kind, 3))
    rows = [text.row for text in ours.encode(WRITTEN[:4])]
    targets = targets_of(ours, rows)
    torch.manual_seed(0)
    for row, target, found in zip(rows, targets, ours.gradients(rows, targets), strict=True):
        check_pooled_gradient(ours, model, row, target, found)


def test_a_head_that_reads_the_mean_has_the_gradient_of_the_mean(tmp_path):
    save_checkpoint("modernbert", tmp_path, 3, classifier_pooling="mean")
    ours = TextClassifier.from_pretrained(str(tmp_path))
    assert ours.network.pooling == "mean"
    model = exact(AutoModelForSequenceClassification.from_pretrained(tmp_path).eval())
    rows = [text.row for text in ours.encode(WRITTEN[:4])]
    torch.manual_seed(0)
    for row, target, found in zip(
        rows, targets_of(ours, rows), ours.gradients(rows, targets_of(ours, rows)), strict=True
    ):
        check_pooled_gradient(ours, model, row, target, found)
        with torch.inference_mode():
            output = model(**inputs_of(ours, row), output_hidden_states=True)
        close(found.pooled, output.hidden_states[-1][0].mean(0).numpy())


@pytest.mark.parametrize("kind", KINDS)
def test_classes_in_another_order_have_their_logits_and_gradients_in_that_order(
    checkpoint, classifier, plain, kind
):
    order = [2, 0, 1]
    model = copy.deepcopy(plain(kind, 3))
    for module in model.modules():
        if isinstance(module, nn.Linear) and module.out_features == 3:
            module.weight.data = module.weight.data[order]
            if module.bias is not None:
                module.bias.data = module.bias.data[order]
    ours = classifier(kind, 3)
    turned = TextClassifier(model, AutoTokenizer.from_pretrained(checkpoint(kind, 3)))
    close(turned.predict(WRITTEN).logits, ours.predict(WRITTEN).logits[:, order])
    rows = [text.row for text in ours.encode(WRITTEN)]
    targets = targets_of(ours, rows)
    for some, others in zip(
        turned.gradients(rows, targets),
        ours.gradients(rows, [order[target] for target in targets]),
        strict=True,
    ):
        close(some.gradients, others.gradients)
        assert some.pooled_gradient is not None
        assert others.pooled_gradient is not None
        close(some.pooled_gradient, others.pooled_gradient)


@pytest.mark.parametrize("kind", [*KINDS, "modernbert", "xlnet"])
def test_attention_is_that_of_the_slower_kernels_and_adds_up_to_one(classifier, plain, kind):
    attention = None if kind == "xlnet" else "eager"  # it has no other
    ours, model = classifier(kind, 3), plain(kind, 3, attention)
    rows = [text.row for text in ours.encode(WRITTEN)]
    for row, weights in zip(rows, ours.attention(rows), strict=True):
        with torch.inference_mode():
            expected = model(**inputs_of(ours, row), output_attentions=True).attentions
        assert weights.dtype == np.float32
        assert weights.shape == (2, 2, len(row.input_ids), len(row.input_ids))
        np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-5)
        close(weights, torch.cat(expected).numpy())


def test_attention_from_none_to_all_is_refused(classifier):
    ours = classifier("longformer", 3)
    with pytest.raises(UserError) as caught:
        ours.attention([text.row for text in ours.encode(TEXTS)])
    assert str(caught.value) == (
        "The model LongformerForSequenceClassification has no attention weights from each token "
        "to each token; use another method."
    )


@pytest.mark.parametrize("kind", KINDS)
def test_layers_are_read_where_the_head_reads(classifier, plain, kind):
    ours, model = classifier(kind, 3), plain(kind, 3)
    rows = [text.row for text in ours.encode(WRITTEN)]
    layers = ours.layer_embeddings(rows)
    assert layers.dtype == np.float32
    assert layers.shape == (len(rows), ours.network.layers, 32)
    for row, found in zip(rows, layers, strict=True):
        with torch.inference_mode():
            states = model(**inputs_of(ours, row), output_hidden_states=True).hidden_states
        read = -1 if kind in READS_LAST else 0
        close(found, torch.stack([state[0, read] for state in states]).numpy())
    pooled = ours.predict(WRITTEN, embeddings=True).embeddings
    assert pooled is not None
    close(layers[:, -1], pooled)
    for found, pooled_alone in zip(ours.gradients(rows, [0] * len(rows)), pooled, strict=True):
        close(found.pooled, pooled_alone)


@pytest.mark.parametrize("kind", ["bert", "gpt2"])
def test_it_does_not_matter_what_the_caller_told_torch(classifier, kind):
    ours = classifier(kind)
    rows = [text.row for text in ours.encode(TEXTS)]
    expected = ours.gradients(rows, [1] * len(rows))
    for mode in (torch.no_grad(), torch.inference_mode(), torch.enable_grad()):
        with mode:
            found = ours.gradients(rows, [1] * len(rows))
            ours.attention(rows)
        for some, others in zip(found, expected, strict=True):
            close(some.gradients, others.gradients)


def test_a_visitor_computes_nothing_out_of_turn(classifier):
    ours = classifier("bert")
    rows = [text.row for text in ours.encode(WRITTEN)]

    def everything() -> list[np.ndarray]:
        found = ours.predict(WRITTEN, embeddings=True)
        gradients = ours.gradients(rows, [0] * len(rows))
        return [
            found.logits,
            found.embeddings,
            *(each.gradients for each in gradients),
            *ours.attention(rows),
            *ours.layer_embeddings(rows),
            *ours.input_embeddings(rows),
            ours.embedding_table()[1],
        ]

    with a_visitor():
        of_visitor = everything()
    for one, other in zip(of_visitor, everything(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_head_that_hides_what_it_reads_has_no_pooled_gradient(classifier):
    ours = classifier("xlnet", 3)
    rows = [text.row for text in ours.encode(TEXTS)]
    assert not ours.network.pooling_is_exact
    for row, found in zip(rows, ours.gradients(rows, [0] * len(rows)), strict=True):
        assert found.pooled_gradient is None
        assert found.gradients.shape == found.embeddings.shape == (len(row.input_ids), 32)
