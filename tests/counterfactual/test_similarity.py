"""Cosines of mean input embeddings."""

from __future__ import annotations

import numpy as np
import pytest

from lit_plugins.counterfactual.similarity import similarities
from tests.explain.toys import VOCABULARY, toy, toy_model


def mean(words: list[str]) -> np.ndarray:
    table = toy_model().table.weight.detach().numpy()
    return table[[VOCABULARY.index(word) for word in words]].mean(0)


def test_it_is_the_cosine_of_the_means_of_the_words():
    one, other = mean(["good", "film"]), mean(["bad", "film"])
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    found = similarities(toy(), "good film", ["bad film", "film good", "good film"])
    assert found == pytest.approx([cosine, 1, 1])


def test_texts_without_a_token():
    assert similarities(toy(), "", ["", "good"]) == [1, 1]
    assert similarities(toy(), "good", []) == []
