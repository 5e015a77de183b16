"""Predictions stay from run to run, and are never computed twice for copies of a model."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from lit_plugins import TextClassifier
from lit_plugins.lit.build import build_app
from lit_plugins.lit.models import prediction_cache
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.lit.models.outputs import Caches
from lit_plugins.lit.models.prediction_cache import PredictionCache
from tests.lit.conftest import TEXTS, a_table
from tests.lit.models.test_prediction_file import ABOUT, same, some

MEMORY = 2**22
EXAMPLES = [{"sentence": text, "label": None} for text in TEXTS]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Callable[[TextClassifier], list[int]]:
    """The passes of a classifier's network from now on, by their numbers of rows."""

    def watch(classifier: TextClassifier) -> list[int]:
        passes: list[int] = []
        run = classifier.network.run

        def counted(batch, *arguments, **options):
            passes.append(len(batch.ids))
            return run(batch, *arguments, **options)

        monkeypatch.setattr(classifier.network, "run", counted)
        return passes

    return watch


def load(checkpoint: Callable[..., Path], kind: str = "bert") -> TextClassifier:
    return TextClassifier.from_pretrained(str(checkpoint(kind)))


def bits(model: LitTextClassifier) -> bytes:
    return b"".join(
        output[field].tobytes() for output in model.predict(EXAMPLES) for field in FIELDS
    )


FIELDS = ("probas", "pooled")


@pytest.mark.parametrize("kind", ["bert", "gpt2"])
def test_a_new_start_predicts_nothing_again(checkpoint, tmp_path, runs, kind):
    caches = Caches(MEMORY, tmp_path / "predictions")
    first = LitTextClassifier(load(checkpoint, kind), caches=caches)
    expected = bits(first)
    first.outputs.save()
    again = LitTextClassifier(
        load(checkpoint, kind), caches=Caches(MEMORY, tmp_path / "predictions")
    )
    passes = runs(again.classifier)
    assert bits(again) == expected
    assert passes == []
    again.predict([{"sentence": "new to it"}])
    assert passes == [1]


def test_copies_under_two_names_share_what_is_known_of_them(checkpoint, runs):
    caches = Caches(MEMORY)
    first, second = load(checkpoint), load(checkpoint).with_labels(["bad", "good"])
    second.name = "another"
    ours, theirs = (LitTextClassifier(each, caches=caches) for each in (first, second))
    (output, *_) = ours.predict(EXAMPLES)
    gradients = output["token_gradients"]
    passes = runs(second)
    (copy, *_) = theirs.predict(EXAMPLES)
    assert np.array_equal(copy["token_gradients"], gradients)
    assert passes == []
    assert output["gradient_class"] in first.labels
    assert copy["gradient_class"] in ("bad", "good")


def another_weight(model, tokenizer) -> None:
    with torch.no_grad():
        model.classifier.weight[0, 0] += 0.5


def another_token(model, tokenizer) -> None:
    tokenizer.add_tokens(["wonderful film"])


@pytest.mark.parametrize("change", [another_weight, another_token])
def test_a_model_that_differs_shares_nothing(checkpoint, runs, change):
    folder = checkpoint("bert")
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    change(model, tokenizer)
    model.resize_token_embeddings(len(tokenizer))
    caches = Caches(MEMORY)
    LitTextClassifier(load(checkpoint), caches=caches).predict(EXAMPLES)
    other = TextClassifier(model, tokenizer)
    wrapped = LitTextClassifier(other, caches=caches)
    passes = runs(other)
    found = wrapped.predict(EXAMPLES)
    assert sum(passes) == len(TEXTS)
    expected = other.predict(TEXTS).probabilities
    np.testing.assert_allclose([each["probas"] for each in found], expected, atol=1e-6)


def test_tokens_that_join_to_the_same_text_are_another_input(checkpoint):
    model = LitTextClassifier(load(checkpoint))
    key = model.classifier.fingerprint
    digests = {
        model.example({"sentence": text, "tokens": tokens}).digest(key)
        for text, tokens in [("a b", ()), ("a b", ("a", "b")), ("a", ("b",)), ("", ("a", "b"))]
    }
    assert len(digests) == 4


def test_no_text_is_in_the_file(checkpoint, tmp_path):
    model = LitTextClassifier(load(checkpoint), caches=Caches(MEMORY, tmp_path))
    model.predict(EXAMPLES)
    model.outputs.save()
    (path,) = tmp_path.iterdir()
    assert not any(word.encode() in path.read_bytes() for word in ["wonderful", "food", "great"])


def safetensors_equal(ours: bytes, theirs: bytes) -> bool:
    one, other = (safetensors.numpy.load(data) for data in (ours, theirs))
    return one.keys() == other.keys() and all(np.array_equal(one[key], other[key]) for key in one)


@pytest.mark.parametrize("spoil", ["cut", "nan", "text", "empty"])
def test_a_damaged_file_is_made_anew(checkpoint, tmp_path, runs, caplog, spoil):
    model = LitTextClassifier(load(checkpoint), caches=Caches(MEMORY, tmp_path))
    expected = bits(model)
    model.outputs.save()
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    path.write_bytes(
        {
            "cut": data[:-100],
            "nan": data[:-4] + b"\x00\x00\xc0\x7f",
            "text": b"no such file",
            "empty": b"",
        }[spoil]
    )
    again = LitTextClassifier(load(checkpoint), caches=Caches(MEMORY, tmp_path))
    passes = runs(again.classifier)
    with caplog.at_level(logging.WARNING):
        assert bits(again) == expected
    assert sum(passes) == len(TEXTS)
    assert len(caplog.records) == 1
    again.outputs.save()
    assert safetensors_equal(path.read_bytes(), data)
    assert path.with_name(f"{path.name}.damaged").exists()


def test_the_app_keeps_what_a_warm_start_predicts(named_classifier, tmp_path, runs):
    def start():
        models = {name: named_classifier(name) for name in ("bert", "gpt2")}
        return build_app(models, {"texts": a_table()}, data_dir=tmp_path)

    start().warm(lambda *told: None)
    assert len(list((tmp_path / "predictions").iterdir())) == 2
    again = start()
    passes = [runs(model.classifier) for model in again.models.values()]
    again.warm(lambda *told: None)
    assert passes == [[], []]


def test_without_a_folder_nothing_is_written(named_classifier, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = build_app({"bert": named_classifier("bert")}, {"texts": a_table()})
    app.warm(lambda *told: None)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_stops_nobody(checkpoint, tmp_path, caplog):
    (tmp_path / "predictions").write_text("a file")
    model = LitTextClassifier(load(checkpoint), caches=Caches(MEMORY, tmp_path / "predictions"))
    for _ in range(3):
        assert len(model.predict(EXAMPLES)) == len(TEXTS)
        model.outputs.save()
    assert len(caplog.records) == 1


def saved(tmp_path: Path) -> list[int]:
    return [len(PredictionCache(MEMORY, tmp_path)._folder.load(ABOUT))]


def test_it_writes_beside_the_work_but_not_too_often(tmp_path, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(prediction_cache.time, "monotonic", lambda: now)
    started = []

    class AtOnce(threading.Thread):
        def start(self):
            started.append(self)
            self.run()

    monkeypatch.setattr(prediction_cache.threading, "Thread", AtOnce)
    cache = PredictionCache(MEMORY, tmp_path)
    cache.put(ABOUT, some(300, seed=1))
    assert started == []  # it has only just begun
    now += 61
    cache.put(ABOUT, some(1, seed=2))
    assert (len(started), saved(tmp_path)) == (1, [301])
    now += 61
    cache.put(ABOUT, some(255, seed=3))
    assert len(started) == 1  # too few to be worth it
    cache.put(ABOUT, some(1, seed=4))
    assert (len(started), saved(tmp_path)) == (2, [557])
    cache.put(ABOUT, some(300, seed=5))
    assert len(started) == 2
    cache.save()
    assert saved(tmp_path) == [857]


def test_what_could_not_be_written_is_tried_again(tmp_path, monkeypatch):
    cache = PredictionCache(MEMORY, tmp_path)
    cache.put(ABOUT, some(3))
    with monkeypatch.context() as full:
        full.setattr(cache._folder, "save", lambda *anything: False)
        cache.save()
    cache.save()
    assert saved(tmp_path) == [3]


def test_nothing_new_is_nothing_to_write(tmp_path):
    cache = PredictionCache(MEMORY, tmp_path)
    cache.put(ABOUT, some(3))
    cache.save()
    (path,) = tmp_path.iterdir()
    path.unlink()
    cache.save()
    assert list(tmp_path.iterdir()) == []


def test_memory_stays_within_its_bound_and_what_was_used_last_is_kept(tmp_path):
    predictions = some(50)
    cache = PredictionCache(10_000, tmp_path)
    cache.put(ABOUT, predictions)
    assert cache.nbytes <= 10_000
    (first,) = cache.get(ABOUT, list(predictions)[-10:-9])
    assert first is not None
    cache.save()
    kept = PredictionCache(MEMORY, tmp_path)._folder.load(ABOUT)
    assert 10 < len(kept) < 20
    assert list(kept)[-1] == list(predictions)[-10]
    small = PredictionCache(3000, tmp_path)
    assert small.get(ABOUT, list(kept))[-1] is not None
    assert small.nbytes <= 3000


def test_many_threads_read_the_file_once(tmp_path, monkeypatch):
    predictions = some(20)
    first = PredictionCache(MEMORY, tmp_path)
    first.put(ABOUT, predictions)
    first.save()
    cache = PredictionCache(MEMORY, tmp_path)
    loads = []
    load = cache._folder.load
    monkeypatch.setattr(cache._folder, "load", lambda model: loads.append(model) or load(model))
    found: list[bool] = []

    def ask() -> None:
        known = dict(zip(predictions, cache.get(ABOUT, list(predictions)), strict=True))
        found.append(same(known, predictions))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8
    assert len(loads) == 1
