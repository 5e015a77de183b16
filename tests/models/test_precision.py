"""Half precision says how far it is from float32, where that can be told."""

from __future__ import annotations

import numpy as np
import pytest

from lit_plugins import TextClassifier, UserError, explain
from lit_plugins.embedded import some_reviews
from lit_plugins.models import loading, precision
from tests.checkpoints import TEXTS


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_says_how_far_it_is_from_float32(checkpoint, classifier, dtype):
    exact = classifier("bert")
    assert exact.rounding is None
    half = TextClassifier.from_pretrained(str(checkpoint("bert")), dtype=dtype)
    texts = some_reviews(32)
    assert len(set(texts)) == 32
    apart = np.abs(half.predict(texts).probabilities - exact.predict(texts).probabilities)
    assert half.rounding == pytest.approx(apart.max(), rel=0.5)
    assert 0 < half.rounding < 0.05
    assert half.with_labels(["no", "yes"]).rounding == half.rounding
    (explanation,) = explain(half, TEXTS[1:2], evaluations=32)
    assert explanation.note.endswith(f"by up to {half.rounding:.1g}.")
    (explanation,) = explain(exact, TEXTS[1:2], "difference", other=half, evaluations=32)
    assert explanation.note.endswith(f"by up to {half.rounding:.1g}.")
    (explanation,) = explain(exact, TEXTS[1:2], "occlusion")
    assert explanation.note == ""


def test_half_precision_is_there_for_what_does_not_fit_otherwise(checkpoint, monkeypatch):
    load = loading.load

    def refuse(name, revision, device, dtype):
        if dtype == "float32":
            raise UserError("The model does not fit in memory.")
        return load(name, revision, device, dtype)

    monkeypatch.setattr(loading, "load", refuse)
    half = TextClassifier.from_pretrained(str(checkpoint("bert")), dtype="bfloat16")
    assert half.rounding is None


def test_a_large_model_is_not_compared_with_float32(checkpoint, monkeypatch):
    monkeypatch.setattr(precision, "_MOST_BYTES", 1000)
    half = TextClassifier.from_pretrained(str(checkpoint("bert")), dtype="bfloat16")
    assert half.rounding is None


@pytest.mark.parametrize("free", [1000, 10**12, None])
def test_a_comparison_takes_no_more_memory_than_is_free(checkpoint, monkeypatch, free):
    monkeypatch.setattr(precision, "free_bytes", lambda device: free)
    half = TextClassifier.from_pretrained(str(checkpoint("bert")), dtype="bfloat16")
    assert (half.rounding is None) == (free == 1000)
