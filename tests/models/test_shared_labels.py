from itertools import permutations

import pytest

from lit_plugins import UserError
from lit_plugins.models.shared_labels import share_labels
from lit_plugins.models.task import ExclusiveClasses

NAMES = ("negative", "positive")
NUMBERS = ("LABEL_0", "LABEL_1")


class Named:
    """A model that has class names and nothing else."""

    def __init__(self, *labels):
        self.task = ExclusiveClasses(labels)


def shared(**labels):
    """What models with these labels share, which is the same in every order of the models."""
    models = {name: Named(*each) for name, each in labels.items()}
    (one, *others) = [
        share_labels({name: models[name] for name in order}) for order in permutations(models)
    ]
    for other in others:
        assert names_of(one) == names_of(other)
        assert bool(one.apart) == bool(other.apart)
        if not one.apart:  # else the first model with names says which labels are read
            assert (one.labels, one.in_order) == (other.labels, other.in_order)
    return one


def names_of(found):
    return {name: model.task.labels for name, model in found.classifiers.items()}


@pytest.mark.parametrize("numbers", [NUMBERS, ("label_0", "label_1"), ("0", "1")])
def test_a_model_with_numbers_for_names_takes_the_names_of_the_others(numbers):
    found = shared(a=numbers, b=NAMES)
    assert names_of(found) == {"a": NAMES, "b": NAMES}
    assert (found.labels, found.label_names, found.apart) == (NAMES, NAMES, ())
    found.check_comparable()


def test_names_that_differ_in_case_get_the_commonest_spelling():
    found = shared(a=("NEGATIVE", "POSITIVE"), b=("Negative", "Positive"), c=("Negative", "Good"))
    assert names_of(found)["a"] == ("Negative", "Positive")
    assert shared(a=("NEGATIVE", "Positive"), b=NAMES).labels == NAMES
    more = shared(a=("NEGATIVE", "POSITIVE"), b=("NEGATIVE", "POSITIVE"), c=NAMES)
    assert names_of(more)["c"] == more.labels == ("NEGATIVE", "POSITIVE")


def test_models_without_names_share_their_numbers():
    assert shared(a=NUMBERS, b=NUMBERS).labels == NUMBERS
    assert shared(a=NUMBERS, b=("0", "1")).labels == NUMBERS
    assert shared(a=NUMBERS).in_order
    assert share_labels({}).labels == ()


def test_names_in_another_order_stay_in_it_and_numbers_then_stand_for_no_class():
    found = shared(a=NAMES, b=("Positive", "negative"), c=NAMES)
    assert names_of(found) == {"a": NAMES, "b": ("positive", "negative"), "c": NAMES}
    assert (found.labels, found.apart, found.in_order) == (NAMES, (), False)
    assert found.label_names == frozenset(NAMES)
    found.check_comparable()
    assert not shared(a=NAMES, b=NAMES[::-1]).in_order


def test_numbers_in_another_order_and_numbers_from_1_are_names():
    for numbers in (("LABEL_1", "LABEL_0"), ("1", "2")):
        assert names_of(shared(a=numbers, b=NAMES)) == {"a": numbers, "b": NAMES}
        assert shared(a=numbers, b=NAMES).apart


def test_a_model_without_names_that_could_mean_one_of_several_takes_none():
    for other in (NAMES[::-1], ("ham", "spam")):
        found = shared(a=NAMES, b=other, c=NUMBERS)
        assert names_of(found)["c"] == NUMBERS
        assert "c" in found.apart


def test_models_of_other_classes_are_apart_and_keep_their_names():
    three = ("LABEL_0", "LABEL_1", "LABEL_2")
    found = shared(a=three, b=NAMES, c=NUMBERS)
    assert names_of(found) == {"a": three, "b": NAMES, "c": NAMES}
    assert (found.labels, found.apart, found.example) == (NAMES, ("a",), "b")
    assert found.sentences() == [
        "Model a: its classes (LABEL_0, LABEL_1, LABEL_2) have other names than those of b "
        "(negative, positive), so it gets no gold labels and is not compared with b; if they mean "
        "the same, name them with --labels (labels= in Python)."
    ]
    with pytest.raises(
        UserError,
        match=r"'b' and 'a' cannot be compared, since their classes \(negative, positive and "
        r"LABEL_0, LABEL_1, LABEL_2\) have different names; .* --labels \(labels= in Python\)\.$",
    ):
        found.check_comparable()


def test_names_are_taken_from_the_models_with_as_many_classes():
    stars = ("bad", "so so", "good")
    found = shared(a=NAMES, b=stars, c=NUMBERS, d=("0", "1", "2"))
    assert names_of(found) == {"a": NAMES, "b": stars, "c": NAMES, "d": stars}


def test_names_that_differ_in_case_alone_within_a_model_are_different_classes():
    found = shared(a=("a", "A"), b=("A", "a"))
    assert names_of(found) == {"a": ("a", "A"), "b": ("A", "a")}
    assert not found.in_order
    assert shared(a=("a", "A"), b=("a", "b")).apart


def test_of_models_with_other_names_the_first_one_says_which_labels_are_read():
    models = {"a": Named("ham", "spam"), "b": Named(*NAMES), "c": Named("LABEL_0")}
    assert share_labels(models).labels == ("ham", "spam")
    assert share_labels(dict(reversed(models.items()))).labels == NAMES


def test_a_model_that_cannot_be_renamed_is_seen_through():
    model = Named(*NUMBERS)
    model.mask_id = 7
    renamed = share_labels({"a": model, "b": Named(*NAMES)}).classifiers["a"]
    assert (renamed.task.labels, renamed.mask_id) == (NAMES, 7)
    assert [renamed.task.target_index(each) for each in ("positive", 0)] == [1, 0]
    assert model.task.labels == NUMBERS


def test_a_classifier_is_renamed_only_where_it_must_be(classifier):
    numbered, named = classifier("bert"), classifier("gpt2").with_labels(NAMES)
    found = share_labels({"a": numbered, "b": named}).classifiers
    assert found["b"] is named
    assert (found["a"].labels, numbered.labels) == (NAMES, NUMBERS)
    assert found["a"].network is numbered.network


def test_labels_fit_that_are_among_the_shared_ones():
    found = shared(a=NAMES, b=NUMBERS)
    assert found.fits(("positive",))
    assert not found.fits(("0", "1"))
    assert not found.fits(None)
