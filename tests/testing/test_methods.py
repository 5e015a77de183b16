"""What a method breaks, the check names."""

import random
from dataclasses import replace

import numpy as np
import pytest

from lit_plugins.explain import METHODS
from lit_plugins.explain.attribution import Attribution
from lit_plugins.explain.estimators.masking import masked_values
from lit_plugins.explain.interactions import Interactions
from lit_plugins.options import Integer
from lit_plugins.testing import check_method
from tests.explain.toys import toy

TEXTS = ("a good film", "not bad", "the plot of a good film and a bad cast", "")


@pytest.fixture(scope="module")
def classifier():
    return toy(max_length=16)


def with_scores(scores_of, **changes):
    """A method that gives each text the scores of a function of its subject."""

    def function(classifier, subjects, **options):
        return [
            Attribution(
                scores=np.asarray(scores_of(subject), dtype=np.float64),
                unit="logit",
                base_value=0.0,
                evaluations=1,
            )
            for subject in subjects
        ]

    occlusion = METHODS["occlusion"]
    return replace(
        occlusion,
        name="made",
        title="Made",
        options=(),
        function=function,
        complete=False,
        **changes,
    )


def visible(subject, value=1.0):
    scores = np.zeros(len(subject.encoded.words))
    scores[list(subject.encoded.visible_words)] = value
    return scores


def test_a_method_that_keeps_its_contract_passes(classifier):
    check_method(with_scores(visible), classifier, TEXTS)


calls = []


def nth(subject):
    calls.append(subject)
    return visible(subject, len(calls))


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (
            with_scores(lambda subject: [1.0]),
            r"of 'a good film' by made are \(1,\); give",
        ),
        (with_scores(lambda subject: visible(subject, np.nan)), "not a finite number"),
        (with_scores(lambda subject: visible(subject, -1), signed=False), "`signed` is False"),
        (with_scores(lambda subject: np.ones(len(subject.encoded.words))), "does not see has a"),
        (with_scores(nth), "explains '.*' differently in another order"),
        (
            with_scores(lambda subject: visible(subject, random.random() * 1e-6)),
            "gives other scores when it is called again",
        ),
        (replace(with_scores(visible), complete=True), "miss output - base_value by"),
        (replace(with_scores(visible), name="No name"), "The name 'No name' cannot be typed"),
        (replace(with_scores(visible), title=""), "The title of made is ''"),
        (replace(with_scores(visible), help="No sentence"), "end it with a full stop"),
        (
            replace(with_scores(visible), options=(Integer("target", 1, "A number."),)),
            "An option cannot be called 'target'",
        ),
        (
            replace(with_scores(visible), options=(Integer("few", 0, "A number.", low=1),)),
            "few is 0; give a whole number of at least 1",
        ),
    ],
)
def test_what_a_method_breaks_is_one_sentence(classifier, method, said):
    with pytest.raises(AssertionError, match=said):
        check_method(method, classifier, TEXTS)


def test_an_output_that_is_not_the_models_is_told(classifier):
    def function(classifier, subjects):
        made = with_scores(visible).function(classifier, subjects)
        return [replace(attribution, output=5.0) for attribution in made]

    with pytest.raises(AssertionError, match=r"is 5\.0, and the model's own is"):
        check_method(replace(with_scores(visible), function=function), classifier, TEXTS)


def test_words_that_are_masked_without_the_option_missing_are_told(classifier):
    def function(classifier, subjects):
        keeps = [np.zeros((1, len(each.encoded.visible_words)), dtype=bool) for each in subjects]
        list(masked_values(classifier, subjects, keeps, "logit"))
        return with_scores(visible).function(classifier, subjects)

    with pytest.raises(AssertionError, match="made masks words and has no option `missing`; add"):
        check_method(replace(with_scores(visible), function=function), classifier, TEXTS)


@pytest.mark.parametrize(
    ("values", "errors", "said"),
    [
        (
            np.zeros((4, 4)),
            np.zeros((4, 4)),
            r"interactions of 'a good film' .*\(4, 4\); give",
        ),
        (np.eye(3), np.zeros((3, 3)), "A word has interactions with itself"),
        (np.triu(np.ones((3, 3)), 1), np.zeros((3, 3)), "The interactions .* are not symmetric"),
        (np.full((3, 3), np.nan), np.zeros((3, 3)), "One of the interactions .* is not a finite"),
        (np.zeros((3, 3)), np.eye(3) - 1, "An error of the interactions .* is negative"),
    ],
)
def test_what_pairs_of_words_break_is_told(classifier, values, errors, said):
    def function(classifier, subjects):
        made = with_scores(visible).function(classifier, subjects)
        return [replace(each, interactions=Interactions(values, errors)) for each in made]

    with pytest.raises(AssertionError, match=said):
        check_method(replace(with_scores(visible), function=function), classifier, TEXTS)
