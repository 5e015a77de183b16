"""One fingerprint for all copies of a model, another as soon as a result may differ."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from lit_plugins import TextClassifier
from lit_plugins.models.fingerprint import Fingerprint
from tests.checkpoints import KINDS

Pair = tuple[Any, Any]


@pytest.fixture
def pair(checkpoint: Callable[..., Path]) -> Pair:
    """A model of BERT's kind and its tokenizer, to be changed."""
    folder = checkpoint("bert")
    return (
        AutoModelForSequenceClassification.from_pretrained(folder).eval(),
        AutoTokenizer.from_pretrained(folder),
    )


def test_it_is_a_hash_and_stays_the_same(classifier):
    ours = classifier("bert")
    assert len(bytes.fromhex(ours.fingerprint)) == 32
    assert ours.fingerprint == ours.fingerprint


def test_a_copy_under_other_names_has_the_same(checkpoint, classifier, tmp_path):
    copied = shutil.copytree(checkpoint("bert"), tmp_path / "elsewhere")
    ours = classifier("bert")
    assert TextClassifier.from_pretrained(copied).fingerprint == ours.fingerprint
    assert ours.with_labels(["bad", "good"]).fingerprint == ours.fingerprint


def test_how_a_model_came_here_does_not_matter(pair, classifier, tmp_path):
    model, tokenizer = pair
    model.config.id2label = {0: "no", 1: "yes"}
    model.config.label2id = {"no": 0, "yes": 1}
    assert TextClassifier(model, tokenizer).fingerprint == classifier("bert").fingerprint
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    again = TextClassifier.from_pretrained(tmp_path)
    assert again.labels == ("no", "yes")
    assert again.fingerprint == classifier("bert").fingerprint


def test_architectures_differ(classifier):
    assert len({classifier(kind).fingerprint for kind in KINDS}) == len(KINDS)


def one_weight(model: Any, tokenizer: Any) -> None:
    with torch.no_grad():
        model.classifier.bias[0] += 1e-7


def swapped_weights(model: Any, tokenizer: Any) -> None:
    first, second = model.bert.encoder.layer
    for name in ("query", "key"):
        ours, theirs = getattr(first.attention.self, name), getattr(second.attention.self, name)
        ours.weight.data, theirs.weight.data = theirs.weight.data, ours.weight.data


def dtype(model: Any, tokenizer: Any) -> None:
    model.to(torch.bfloat16)


def configuration(model: Any, tokenizer: Any) -> None:
    model.config.hidden_act = "relu"


def attention(model: Any, tokenizer: Any) -> None:
    model.set_attn_implementation("eager")


def token(model: Any, tokenizer: Any) -> None:
    tokenizer.add_tokens(["film"])


def special_token(model: Any, tokenizer: Any) -> None:
    tokenizer.mask_token = "[UNK]"


def split_special_tokens(model: Any, tokenizer: Any) -> None:
    tokenizer.split_special_tokens = True


def truncation_side(model: Any, tokenizer: Any) -> None:
    tokenizer.truncation_side = "left"


@pytest.mark.parametrize(
    "change",
    [
        one_weight,
        swapped_weights,
        dtype,
        configuration,
        attention,
        token,
        special_token,
        split_special_tokens,
        truncation_side,
    ],
)
def test_what_may_change_a_result_changes_it(pair, classifier, change):
    change(*pair)
    assert TextClassifier(*pair).fingerprint != classifier("bert").fingerprint


def test_so_does_the_longest_text(pair, classifier):
    assert TextClassifier(*pair, max_length=16).fingerprint != classifier("bert").fingerprint


@pytest.mark.parametrize("library", ["torch", "transformers", "tokenizers"])
def test_so_does_another_version(pair, classifier, monkeypatch, library):
    monkeypatch.setattr(f"lit_plugins.models.fingerprint.{library}.__version__", "99.0")
    assert TextClassifier(*pair).fingerprint != classifier("bert").fingerprint


def test_the_tokenizers_padding_and_truncation_are_the_callers_own(pair, classifier):
    pair[1](["a wonderful film", "word"], padding=True, truncation=True, max_length=4)
    assert TextClassifier(*pair).fingerprint == classifier("bert").fingerprint


def test_the_callers_model_stays_as_it_was(pair):
    model, tokenizer = pair
    before = copy.deepcopy(model.state_dict())
    addresses = [weight.data_ptr() for weight in model.parameters()]
    config, backend = model.config.to_dict(), tokenizer.backend_tokenizer.to_str()
    assert TextClassifier(model, tokenizer).fingerprint
    assert all(torch.equal(before[name], weight) for name, weight in model.state_dict().items())
    assert [weight.data_ptr() for weight in model.parameters()] == addresses
    assert (config, backend) == (model.config.to_dict(), tokenizer.backend_tokenizer.to_str())


def test_weights_that_do_not_lie_in_order_and_of_every_type(pair):
    model, tokenizer = pair
    ours = TextClassifier(model, tokenizer).fingerprint
    weight = model.bert.pooler.dense.weight
    weight.data = weight.data.t().contiguous().t()
    assert not weight.is_contiguous()
    assert TextClassifier(model, tokenizer).fingerprint == ours
    seen = {ours}
    for dtype in (torch.bool, torch.int8, torch.float64, torch.complex64):
        model.register_buffer("extra", torch.ones((), dtype=dtype))
        seen.add(TextClassifier(model, tokenizer).fingerprint)
    model.register_buffer("extra", torch.empty(0))
    assert len(seen | {TextClassifier(model, tokenizer).fingerprint}) == 6


def test_many_threads_compute_it_once(pair, monkeypatch):
    computed = []
    compute = Fingerprint._compute
    monkeypatch.setattr(
        Fingerprint, "_compute", lambda self: computed.append(self) or compute(self)
    )
    ours = TextClassifier(*pair)
    assert computed == []  # not before somebody asks
    with ThreadPoolExecutor(8) as pool:
        values = set(pool.map(lambda _: ours.fingerprint, range(32)))
    assert values == {ours.with_labels(["a", "b"]).fingerprint}
    assert len(computed) == 1
