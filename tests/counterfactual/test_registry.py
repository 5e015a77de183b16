"""What holds for every way to look for counterfactuals."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from lit_plugins import TextClassifier, UserError
from lit_plugins.counterfactual import (
    METHODS,
    CounterfactualMethod,
    counterfactuals,
    counterfactuals_each,
)
from lit_plugins.counterfactual.change import Change, apply, deletion
from lit_plugins.embedded import EMBEDDED_MODELS, some_reviews
from lit_plugins.options import Boolean
from lit_plugins.testing import TEXTS, check_counterfactual_method
from tests.explain.toys import toy, toy_model, toy_tokenizer
from tests.visiting import a_visitor

OPTIONS = {"infill": {"infill_model": "review-filler"}}


@pytest.fixture(scope="module", params=EMBEDDED_MODELS)
def classifier(request) -> TextClassifier:
    return TextClassifier.from_pretrained(request.param)


@pytest.fixture(params=METHODS)
def method(request) -> str:
    return request.param


def some(classifier, text, method, **options):
    return counterfactuals(classifier, text, method, **{**OPTIONS.get(method, {}), **options})


def test_every_method_keeps_its_contract(classifier, method):
    check_counterfactual_method(METHODS[method], classifier, TEXTS, **OPTIONS.get(method, {}))


def test_a_visitor_computes_nothing_out_of_turn(method):
    classifier = TextClassifier.from_pretrained("sentiment-small")  # its words not yet known
    if method == "infill":
        some(classifier, TEXTS[0], method)  # loads the other model
    with a_visitor():
        of_visitor = some(classifier, TEXTS[0], method)
    assert [each.new_text for each in of_visitor] == [
        each.new_text for each in some(classifier, TEXTS[0], method)
    ]


def test_no_subset_of_the_edits_flips(classifier, method):
    for text in TEXTS:
        for each in some(classifier, text, method):
            label = each.label_before
            for count in range(1, len(each.edits)):
                for edits in itertools.combinations(each.edits, count):
                    changes = [Change(((edit.old, edit.new_text),)) for edit in edits]
                    smaller = apply(text, changes)[0]
                    (row,) = classifier.predict([smaller]).logits
                    assert classifier.labels[row.argmax()] == label, (text, smaller)


def test_of_as_many_words_the_most_fluent_or_similar_come_first(classifier, method):
    for text in TEXTS:
        found = some(classifier, text, method, limit=10)
        for before, after in itertools.pairwise(found):
            if before.edit_size == after.edit_size:
                one, other = (
                    each.similarity if each.fluency is None else each.fluency
                    for each in (before, after)
                )
                assert one >= other
        assert len(found) <= 10


def test_a_text_of_5000_words_stays_inside_its_budget(method):
    classifier = TextClassifier.from_pretrained("sentiment-bow")
    text = " ".join(["A good film that is never dull."] * 715)
    found = some(classifier, text, method, evaluations=40, max_edits=2, limit=2)
    assert all(each.evaluations <= 40 for each in found)


def test_many_texts_come_in_order(classifier):
    texts = some_reviews(12)
    for text, found in zip(texts, counterfactuals_each(classifier, texts), strict=True):
        assert all(each.text == text for each in found)


def test_three_classes_and_their_order():
    text = "good a the plot cast not bad"
    classifier = toy()
    assert counterfactuals(classifier, text, "ablation")
    renamed = toy(labels=["c", "a", "b"])
    names = dict(zip(classifier.labels, renamed.labels, strict=True))
    for method in ("ablation", "hotflip"):
        for target in (None, *classifier.labels):
            found = counterfactuals(classifier, text, method, target)
            again = counterfactuals(renamed, text, method, names.get(target))
            assert [each.new_text for each in found] == [each.new_text for each in again]
            assert [names[each.label_after] for each in found] == [
                each.label_after for each in again
            ]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("the not plot cast film bad of", 1),
        ("film a bad of not and plot", 2),
        ("film plot bad a good the of", 3),
    ],
)
def test_ablation_finds_all_the_smallest_sets_of_a_sum(text, size):
    # Logits are sums over the words, so the smallest sets can be counted out.
    classifier = toy(classes=2)
    words = text.split()
    kept = [list(each) for each in itertools.combinations(words, len(words) - size)]
    logits = classifier.predict([text, *map(" ".join, kept)]).logits
    expected = {
        " ".join(each)
        for each, row in zip(kept, logits[1:], strict=True)
        if row.argmax() != logits[0].argmax()
    }
    found = counterfactuals(classifier, text, "ablation", limit=100)
    assert {each.new_text for each in found if each.edit_size == size} == expected
    assert found[0].edit_size == size


def test_wrong_arguments_are_one_sentence(classifier):
    with pytest.raises(UserError, match="The method 'magic' is not known; choose from ablation"):
        counterfactuals(classifier, "a film", "magic")
    with pytest.raises(UserError, match="max_edits is 0; give a whole number from 1 to"):
        counterfactuals(classifier, "a film", max_edits=0)
    with pytest.raises(UserError, match="The class 'great' is none of this model's"):
        counterfactuals(classifier, "a film", target="great")
    with pytest.raises(UserError, match="'edits' is not known; choose from max_edits"):
        counterfactuals(classifier, "a film", edits=2)


def test_a_method_says_itself_whether_edits_that_do_not_flip_are_given(classifier):
    def leave_out_words(classifier, cases, *, thorough):
        return [
            [deletion(case.encoded.text, word) for word in case.encoded.words] for case in cases
        ]

    asked = []

    def fluency(edited, *, thorough):
        asked.append(thorough)
        return [-float(len(text)) for text, _ in edited]

    method = CounterfactualMethod(
        "leave_out",
        "Leave out",
        "Leaves out words.",
        (Boolean("thorough", False, "Whether all edits are given."),),
        leave_out_words,
        black_box=True,
        fluency=fluency,
        keeps_all=lambda *, thorough: thorough,
    )
    options = {"max_edits": 1, "limit": 100}
    flipping = counterfactuals(classifier, TEXTS[0], method, **options)
    all_edits = counterfactuals(classifier, TEXTS[0], method, thorough=True, **options)
    (encoded,) = classifier.encode([TEXTS[0]])
    assert all(each.flips for each in flipping)
    assert len(all_edits) == len(encoded.words)
    assert {each.new_text for each in all_edits if each.flips} == {
        each.new_text for each in flipping
    }
    assert asked == [False, True]


def test_arguments_are_checked_before_the_first_is_asked_for(classifier):
    with pytest.raises(UserError):
        counterfactuals_each(classifier, ["a film"], "magic")


def test_a_model_without_gradients_is_refused_by_hotflip():
    model = toy_model()
    classifier = TextClassifier(model, toy_tokenizer(), name="toy")

    class BlackBox:
        task = classifier.task
        mask_id = classifier.mask_id
        batch_tokens = 1024
        encode = staticmethod(classifier.encode)
        logits = staticmethod(classifier.logits)

    text = "good a the plot cast not bad"
    with pytest.raises(UserError, match="needs the gradients .* choose from ablation"):
        counterfactuals(BlackBox(), text, "hotflip")
    found = counterfactuals(BlackBox(), text, "ablation")
    assert found
    assert {each.new_text for each in found} == {
        each.new_text for each in counterfactuals(classifier, text, "ablation")
    }
    assert all(each.similarity is None for each in found)


def test_several_texts_come_from_a_series_and_one_text_is_a_string() -> None:
    texts = ["a good film", "dull"]
    assert len(list(counterfactuals_each(toy(), pd.Series(texts), "ablation"))) == 2
    with pytest.raises(UserError, match=r"takes one text, and \['a'\] is none; give several"):
        counterfactuals(toy(), ["a"])  # type: ignore[arg-type]
