from lit_plugins.cli.marking import as_text
from lit_plugins.counterfactual import Change, Counterfactual
from lit_plugins.counterfactual.change import apply

TEXT = "A good film,\nreally not bad!"


def made(*replacements, **given):
    new_text, edits = apply(given.get("text", TEXT), [Change(replacements, "swap")])
    fields = {
        **{"text": TEXT, "new_text": new_text, "edits": edits, "method": "lexical", "rule": ""},
        **{"before": (0.25, 0.75), "after": (0.5004, 0.4996)},
        **{"label_before": "good", "label_after": "bad", "flips": True, "edit_size": 1},
        **{"probability_before": 0.75, "probability_after": max(given.get("after", (0.5004,)))},
        **{"similarity": None, "fluency": None, "evaluations": 1},
    }
    return Counterfactual(**{**fields, **given})


REPLACED = ((2, 6), "dull")
LEFT_OUT = ((13, 19), "")
PUT_IN = ((20, 20), "quite ")


def test_edits_are_marked_in_place():
    found = [
        made(REPLACED, LEFT_OUT, edit_size=2, similarity=0.987, fluency=-1.5, rule="swap, drop"),
        made(PUT_IN, flips=False, after=(0.3, 0.7), label_after="good"),
    ]
    assert as_text(found).splitlines() == [
        "A good film,",
        "really not bad!",
        "good 0.750 (lexical, 1 evaluation)",
        "1. A [-good-]{+dull+} film,",
        "[-really -]not bad!",
        "   good 0.750 → bad 0.500; 2 words changed; similarity 0.99; fluency -1.50; swap, drop",
        "2. A good film,",
        "really {+quite +}not bad!",
        "   good 0.750 → good 0.700; 1 word changed",
    ]


def test_in_colours_what_goes_is_struck_out_and_nothing_else_is_marked():
    (line, *_) = as_text([made(REPLACED)], color=True).splitlines()[3:]
    assert line == (
        "1. A \x1b[38;5;16;48;5;205m\x1b[9mgood\x1b[0m\x1b[38;5;16;48;5;73mdull\x1b[0m film,"
    )


def test_what_a_terminal_would_obey_is_not_shown():
    text = "a \x1b[31mgood film"
    drawn = as_text([made(((7, 11), "bad"), text=text, label_after="\x07bad")])
    assert "\x1b" not in drawn
    assert "\x07" not in drawn
