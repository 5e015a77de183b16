"""What a rule breaks, the check names."""

from dataclasses import replace

import pytest

from lit_plugins.counterfactual.change import Change
from lit_plugins.counterfactual.rules import RULES
from lit_plugins.testing import check_rule

CLOSING_MARK = RULES["closing_mark"]
TEXTS = ["A good film.", "Never dull"]


def finding(*replacements, rule="closing_mark"):
    return replace(CLOSING_MARK, find=lambda text: [Change(replacements, rule)] if text else [])


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (finding(((0, 1), "x"), rule="other"), "names the rule 'other'; give it 'closing_mark'"),
        (finding(((0, 5), "x"), ((3, 6), "y")), "cannot be made: The changes at"),
        (finding(((0, 0), "")), "changes nothing"),
        (finding(((1, 1), "  ")), "leaves stray white space"),
        (replace(CLOSING_MARK, find=lambda text: []), "finds 0 changes in these texts"),
        (replace(CLOSING_MARK, expects="more"), "expects 'more'; choose from invariance, opposite"),
        (replace(CLOSING_MARK, testable=lambda text: None), "gives None for 'A good film.'"),
        (replace(CLOSING_MARK, name="No name"), "cannot be typed"),
        (replace(CLOSING_MARK, help="No sentence"), "end it with a full stop"),
    ],
)
def test_what_a_rule_breaks_is_one_sentence(rule, said):
    with pytest.raises(AssertionError, match=said):
        check_rule(rule, TEXTS)


def test_a_rule_that_keeps_its_contract_passes_on_texts_of_ones_own():
    check_rule(CLOSING_MARK, TEXTS, least=2)
