"""HotFlip: which words it puts in, and where."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lit_plugins.counterfactual import counterfactuals
from lit_plugins.counterfactual.method import Case
from lit_plugins.counterfactual.methods.gradients import margin_gradients
from lit_plugins.counterfactual.methods.hotflip import hotflip
from lit_plugins.counterfactual.methods.word_embeddings import vocabulary
from lit_plugins.text.encoded import find_words
from tests.checkpoints import TEXTS
from tests.explain.toys import WORDS, toy, weights

KINDS = ("bert", "distilbert", "roberta", "albert", "deberta-v2", "gpt2")


def case_of(classifier, text: str, goal: int | None = None) -> Case:
    (encoded,) = classifier.encode([text])
    return Case(encoded, classifier.logits([encoded.row])[0], goal, classifier.task)


def test_of_a_sum_the_gain_is_what_the_margin_loses():
    classifier = toy(classes=2)
    case = case_of(classifier, "the good film")
    (changes,) = hotflip(classifier, [case], places=10, words=len(WORDS))
    assert len(changes) == 3 * len(WORDS)
    margin = weights(WORDS, case.predicted, 2) - weights(WORDS, 1 - case.predicted, 2)
    worth = dict(zip(WORDS, margin, strict=True))
    for change in changes:
        ((span, word),) = change.replacements
        expected = worth[case.encoded.text[slice(*span)]] - worth[word]
        assert change.gain == pytest.approx(expected, abs=1e-5)


def test_the_best_words_are_proposed():
    classifier = toy(classes=2)
    case = case_of(classifier, "the good film")
    (changes,) = hotflip(classifier, [case], places=1, words=2)
    (every,) = hotflip(classifier, [case], places=10, words=len(WORDS))
    best = max(every, key=lambda change: change.gain)
    place = [each for each in every if each.replacements[0][0] == best.replacements[0][0]]
    place.sort(key=lambda change: -change.gain)
    assert sorted(changes, key=lambda change: -change.gain) == place[:2]


@pytest.mark.parametrize("goal", [None, 0, 1, 2])
def test_the_gradient_is_that_of_the_margin(goal):
    classifier = toy(bend=True)
    case = case_of(classifier, "the good film", goal)
    ((embeddings, slopes),) = margin_gradients(classifier, [case])
    step = 1e-3
    shifted = embeddings - step * slopes / np.linalg.norm(slopes)
    model = classifier.network
    batch = model.collate([case.encoded.row])
    with torch.inference_mode():
        logits = model.run(batch, torch.tensor(shifted)[None]).logits.numpy()
    fall = case.margin(case.logits[None])[0] - case.margin(logits)[0]
    assert fall == pytest.approx(step * np.linalg.norm(slopes), rel=0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_whole_words_only_of_every_kind_of_tokenizer(classifier, kind):
    model = classifier(kind)
    known = vocabulary(model)
    assert known.embeddings.shape[0] == len(known.words)
    assert known.words
    assert len(set(known.words)) == len(known.words)
    for word in known.words:
        (encoded,) = model.encode([f"a {word}"])
        assert sum(owner == 1 for owner in encoded.token_words) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_new_texts_keep_casing_and_spacing(classifier, kind):
    model = classifier(kind)
    for text in TEXTS:
        for each in counterfactuals(model, text, "hotflip", evaluations=60, limit=3):
            for edit in each.edits:
                assert len(find_words(edit.new_text)) == 1
                assert edit.old_text.strip() == edit.old_text
                if len(edit.old_text) > 1 and edit.old_text.isupper():
                    assert edit.new_text == edit.new_text.upper()
                elif edit.old_text.islower():
                    assert edit.new_text == edit.new_text.lower()
            assert model.predict([each.new_text]).logits.argmax() == model.labels.index(
                each.label_after
            )


def test_punctuation_stays(classifier):
    model = classifier("bert")
    (changes,) = hotflip(model, [case_of(model, "film! ... film?")], places=10, words=3)
    assert {change.replacements[0][0] for change in changes} == {(0, 4), (10, 14)}
