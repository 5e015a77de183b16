"""What a counterfactual method breaks, the check names."""

from dataclasses import replace

import pytest

from lit_plugins.counterfactual import METHODS
from lit_plugins.counterfactual.change import Change
from lit_plugins.options import Integer
from lit_plugins.testing import check_counterfactual_method
from tests.explain.toys import toy

TEXTS = ("good a the plot cast not bad", "film a bad of not and plot")
ABLATION = METHODS["ablation"]


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (replace(ABLATION, propose=lambda classifier, cases: [[]] * len(cases)), "of 0 of these"),
        (replace(ABLATION, title=" "), "The title of ablation is ' '"),
        (
            replace(ABLATION, options=(Integer("limit", 1, "A number."),)),
            "An option cannot be called 'limit'",
        ),
    ],
)
def test_what_a_method_breaks_is_one_sentence(method, said):
    with pytest.raises(AssertionError, match=said):
        check_counterfactual_method(method, toy(), TEXTS)


def test_changes_that_depend_on_other_texts_are_told():
    def propose(classifier, cases, **options):
        """Deletes words of the first text that it gets only."""
        proposals = ABLATION.propose(classifier, cases, **options)
        return [*proposals[:1], *([Change(())][:0] for _ in proposals[1:])]

    with pytest.raises(AssertionError, match="finds other changes of .* beside other texts"):
        check_counterfactual_method(replace(ABLATION, propose=propose), toy(), TEXTS)
