import numpy as np

from lit_plugins.explain import explain
from lit_plugins.explain.estimators import masking
from tests.explain.toys import toy

TEXTS = ["the good film", "", "bad", "not a very good film and a bad plot"]


def test_few_masked_texts_are_held_at_once_and_that_changes_nothing(monkeypatch):
    classifier = toy(bend=True)
    together = explain(classifier, TEXTS * 2, "occlusion")
    held = []
    logits = classifier.logits
    monkeypatch.setattr(classifier, "logits", lambda rows: held.append(len(rows)) or logits(rows))
    monkeypatch.setattr(masking, "_CHUNK_TOKENS", 20)
    apart = explain(classifier, TEXTS * 2, "occlusion")
    assert max(held[1:]) <= 10 + 4  # the first call is for the texts themselves
    for one, other in zip(together, apart, strict=True):
        np.testing.assert_allclose(one.scores, other.scores, atol=1e-6)
