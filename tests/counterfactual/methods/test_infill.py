"""Infill: places by attribution, words by a language model, ranked by its fluency."""

from __future__ import annotations

import numpy as np
import pytest

from lit_plugins import UserError
from lit_plugins.counterfactual import counterfactuals
from tests.explain.toys import WORDS, toy


class Teller:
    """A language model that tells the same words everywhere, and remembers where it was asked."""

    note = ""

    def __init__(self, words: dict[str, float]):
        self.words = words
        self.asked: list[str] = []

    def propose(self, texts, spans, count):
        self.asked += [text[slice(*span)] for text, span in zip(texts, spans, strict=True)]
        ordered = sorted(self.words.items(), key=lambda item: -item[1])[:count]
        return [
            [(word, score) for word, score in ordered if word != text[slice(*span)].lower()]
            for text, span in zip(texts, spans, strict=True)
        ]

    def log_probabilities(self, texts, spans):
        return np.array(
            [
                self.words[text[slice(*span)].lower()]
                for text, span in zip(texts, spans, strict=True)
            ]
        )


def a_teller() -> Teller:
    return Teller({word: -0.5 * at - 1 for at, word in enumerate(WORDS)})


TEXT = "good a the plot cast not bad"


def test_the_most_fluent_of_a_size_come_first():
    found = counterfactuals(toy(), TEXT, "infill", infill_model=a_teller(), limit=20)
    assert found
    assert [each.edit_size for each in found] == sorted(each.edit_size for each in found)
    teller = a_teller()
    for each in found:
        scores = [teller.words[edit.new_text.lower()] for edit in each.edits]
        assert each.fluency == pytest.approx(np.mean(scores))
    of_one = [each.fluency for each in found if each.edit_size == 1]
    assert of_one == sorted(of_one, reverse=True)


def test_only_the_places_that_matter_most_are_asked_for():
    classifier = toy(classes=2)
    text = "the good film of a cast"
    whole = classifier.predict([text]).probabilities[0]
    target = whole.argmax()
    (encoded,) = classifier.encode([text])
    rows = [
        encoded.masked(np.arange(6) != word, classifier.mask_id)
        for word in range(len(encoded.words))
    ]
    falls = whole[target] - np.array(
        [np.exp(row[target]) / np.exp(row).sum() for row in classifier.logits(rows)]
    )
    teller = a_teller()
    counterfactuals(classifier, text, "infill", infill_model=teller, places=2)
    assert teller.asked == [encoded.word_texts[word] for word in np.argsort(-falls)[:2]]


def test_unlikely_words_are_left_out():
    least = float(np.exp(-2.2))
    found = counterfactuals(
        toy(), TEXT, "infill", infill_model=a_teller(), least_probability=least, limit=50
    )
    assert {edit.new_text for each in found for edit in each.edits} <= set(WORDS[:3])


def test_case_is_kept():
    teller = a_teller()
    found = counterfactuals(
        toy(), "Good a the plot cast NOT bad", "infill", infill_model=teller, limit=50
    )
    for each in found:
        for edit in each.edits:
            assert edit.new_text.islower() == edit.old_text.islower()


def test_a_language_model_that_is_not_there_is_one_sentence():
    with pytest.raises(UserError, match="There is no folder './nowhere'"):
        counterfactuals(toy(), TEXT, "infill", infill_model="./nowhere")
    with pytest.raises(UserError, match="infill_model is 3; give the name of a masked language"):
        counterfactuals(toy(), TEXT, "infill", infill_model=3)


def test_function_words_are_replaced_by_their_kind_only():
    found = counterfactuals(toy(), TEXT, "infill", infill_model=a_teller(), limit=50)
    pairs = {(edit.old_text, edit.new_text) for each in found for edit in each.edits}
    assert pairs
    determiners, content = {"a", "the"}, {"good", "bad", "film", "plot", "cast"}
    for old, new in pairs:
        assert (old in determiners) == (new in determiners)
        assert (old in content) == (new in content)
