import pytest

from lit_plugins.models.shared_labels import shared_labels, with_shared_labels

NAMES = ("negative", "positive")


def test_the_first_model_with_names_gives_them(classifier):
    generic = classifier("bert")
    assert generic.labels == ("LABEL_0", "LABEL_1")
    named = classifier("gpt2").with_labels(NAMES)
    assert shared_labels({"a": generic, "b": named}) == NAMES
    assert shared_labels({"a": generic}) == ("LABEL_0", "LABEL_1")


@pytest.mark.parametrize("own", [NAMES, ("NEGATIVE", "Positive"), ("LABEL_0", "LABEL_1")])
def test_names_that_mean_the_same_become_the_same(classifier, own):
    renamed = with_shared_labels(classifier("bert").with_labels(own), NAMES)
    assert renamed is not None
    assert renamed.labels == NAMES


@pytest.mark.parametrize("own", [("positive", "negative"), ("spam", "ham")])
def test_other_classes_or_another_order_are_left_alone(classifier, own):
    assert with_shared_labels(classifier("bert").with_labels(own), NAMES) is None
    assert with_shared_labels(classifier("bert", 3), NAMES) is None
