"""Lexical rules: what each makes of a text, word for word, and that it is English."""

from __future__ import annotations

import re

import pytest

from lit_plugins import embedded
from lit_plugins.counterfactual.change import apply, compatible
from lit_plugins.counterfactual.rules import RULES
from lit_plugins.testing import check_rule
from tests.random_texts import random_texts

CASES = {
    "negation_added": [
        ("This is good.", ["This is not good."]),
        ("THIS IS GOOD", ["THIS IS NOT GOOD"]),
        ("It's good.", ["It's not good."]),
        ("it 's a charming journey .", ["it 's not a charming journey ."]),
        ("They’re good.", ["They’re not good."]),
        ("I am happy", ["I am not happy"]),
        ("The soup was still good.", ["The soup was still not good."]),
        ("The soup is always good.", ["The soup is not always good."]),
        ("There is a great view.", ["There is no great view."]),
        ("There's a great view.", ["There's no great view."]),
        ("I liked it.", ["I did not like it."]),
        ("We really liked it!", ["We did not really like it!"]),
        ("Loved it!", ["Did not love it!"]),
        ("LOVED IT!", ["DID NOT LOVE IT!"]),
        ("My dog loves this bed.", ["My dog does not love this bed."]),
        ("My kids love it.", ["My kids do not love it."]),
        ("The battery works.", ["The battery does not work."]),
        ("It still works.", ["It still does not work."]),
        ("It looks good on paper.", ["It does not look good on paper."]),
        ("She enjoys it", ["She does not enjoy it"]),
        ("I will recommend it", ["I will not recommend it"]),
        ("I can recommend it", ["I cannot recommend it"]),
        ("You'll love it", ["You will not love it"]),
        ("I would definitely recommend it.", ["I would definitely not recommend it."]),
        ("Everything works.", ["Not everything works."]),
        ("Buy it.", ["Do not buy it."]),
        (
            "It looks great but tastes awful.",
            [
                "It does not look great but tastes awful.",
                "It looks great but does not taste awful.",
            ],
        ),
        # Nothing to be sure of.
        ("This isn't good.", []),
        ("It is never good.", []),
        ("Is it good?", []),
        ("How good it is!", []),
        ("It is pretty good.", []),
        ("It is somewhat good.", []),
        ("It was kind of boring.", []),
        ("His works are long.", []),
        ("I love the look but not the smell.", []),
        ("the film 's plot", []),
        ("The cover is blue.", []),
        ("Everybody in town was kind.", []),
    ],
    "negation_removed": [
        ("Not good.", ["Good."]),
        ("NOT GOOD", ["GOOD"]),
        ("This isn't good.", ["This is good."]),
        ("This isn’t good.", ["This is good."]),
        ("it isnt good", ["it is good"]),
        ("it is n't good .", ["it is good ."]),
        ("This is not very good.", ["This is very good."]),
        ("I'm not happy", ["I'm happy"]),
        ("We won't be back.", ["We will be back."]),
        ("we wo n't be back .", ["we will be back ."]),
        ("I cannot recommend it", ["I can recommend it"]),
        ("It doesn't fit", ["It fits"]),
        ("it does n't fit", ["it fits"]),
        ("doesnt fit", ["fits"]),
        ("It doesn't really help.", ["It really helps."]),
        ("It doesn't even stand.", ["It stands."]),
        ("It didn't break.", ["It broke."]),
        ("I did not like it", ["I liked it"]),
        ("I don't like it at all.", ["I like it."]),
        ("Don't buy this!", ["Buy this!"]),
        ("DO NOT book here.", ["Book here."]),
        ("It is never dull.", ["It is dull."]),
        ("It never fails.", ["It fails."]),
        ("It hardly works.", ["It works."]),
        ("I have no complaints.", ["I have complaints."]),
        ("The room has no charm.", ["The room has charm."]),
        ("There is no reason to stay.", ["There is a reason to stay."]),
        ("There is no improvement.", ["There is an improvement."]),
        ("It makes no sense.", ["It makes sense."]),
        ("A film without charm", ["A film with charm"]),
        ("Nobody likes it.", ["Everybody likes it."]),
        ("No one likes it.", ["Everyone likes it."]),
        ("Nothing works", ["Everything works"]),
        ("I can't enjoy anything.", ["I can enjoy something."]),
        ("this is not as bad as you think", ["this is as bad as you think"]),
        ("She has never been happier anywhere.", []),
        ("It isn't any funnier.", []),
        ("It doesn't aim high, but rather low.", []),
        # Nothing to be sure of.
        ("It's not only good but cheap.", []),
        ("It isn't good yet.", []),
        ("It doesn't work anymore.", []),
        ("You ca n't help but love it", []),
        ("Why don't you like it?", []),
        ("Isn't it good?", []),
        ("Not scary. Not short either.", []),
        ("No complaints.", []),
        ("There is no doubt.", []),
        ("It doesn't sit or stand.", []),
        ("Never again.", []),
        ("Nothing but trouble", []),
        ("This is good.", []),
    ],
    "antonym": [
        ("good", ["bad"]),
        ("Good value.", ["Bad value."]),
        ("GREAT film!", ["TERRIBLE film!"]),
        ("A good book.", ["A bad book."]),
        ("A brilliant book", ["An atrocious book"]),
        ("An awful book", ["An excellent book"]),
        ("She has better ideas.", ["She has worse ideas."]),
        ("The best film of the year.", ["The worst film of the year."]),
        ("The funniest film.", ["The most boring film."]),
        ("The most boring film", ["The most interesting film"]),
        ("A more difficult climb", ["An easier climb"]),
        ("I liked it.", ["I disliked it."]),
        ("She loves it", ["She hates it"]),
        ("You'll love it", ["You'll hate it"]),
        ("I have loved every minute.", ["I have hated every minute."]),
        ("Loving it!", ["Hating it!"]),
        ("He failed.", ["He succeeded."]),
        ("It works well.", ["It works badly."]),
        ("The maps load slowly.", ["The maps load quickly."]),
        ("It was a success.", ["It was a failure."]),
        ("What a bargain!", ["What a rip-off!"]),
        ("The room was clean.", ["The room was dirty."]),
        (
            "The staff were friendly and helpful.",
            ["The staff were unfriendly and helpful.", "The staff were friendly and unhelpful."],
        ),
        # Words that mean something else where they stand.
        ("He cleans it.", []),
        ("We clean the rooms.", []),
        ("Good luck.", []),
        ("An awful lot of it", []),
        ("It is a great deal.", []),
        ("They failed to deliver.", []),
        ("It looks like rain", []),
        ("The original has a twist.", []),
        ("well made", []),
        ("a love story", []),
    ],
    "intensifier_up": [
        ("This is good.", ["This is very good."]),
        ("It was great.", ["It was absolutely great."]),
        ("A good book.", ["A very good book."]),
        ("a great book", ["an absolutely great book"]),
        ("Great film!", ["Absolutely great film!"]),
        ("Good.", ["Very good."]),
        ("It IS GOOD", ["It IS VERY GOOD"]),
        ("It is somewhat good.", ["It is very good."]),
        ("It is pretty good.", ["It is very good."]),
        ("It is slightly disappointing.", ["It is extremely disappointing."]),
        ("It is a bit boring", ["It is very boring"]),
        ("It is a bit too expensive", ["It is far too expensive"]),
        ("It was kind of boring.", ["It was very boring."]),
        ("It is very good.", ["It is extremely good."]),
        ("a very good book", ["an extremely good book"]),
        ("I liked it.", ["I really liked it."]),
        ("It made me happy.", ["It made me very happy."]),
        ("It is not good.", []),
        ("It is so good.", []),
        ("It is good enough.", []),
        ("It is as good as new.", []),
        ("Good luck.", []),
        ("It is extremely good.", []),
        ("We really liked it", []),
        ("The blue one", []),
    ],
    "intensifier_down": [
        ("This is very good.", ["This is somewhat good."]),
        ("An extremely good book", ["A slightly good book"]),
        ("Extremely good", ["Slightly good"]),
        ("It was absolutely terrible", ["It was rather terrible"]),
        ("This is good.", ["This is fairly good."]),
        ("A good book.", ["A fairly good book."]),
        ("It was so good!", ["It was somewhat good!"]),
        ("Too small.", ["A bit too small."]),
        ("The maps load unbelievably slowly.", ["The maps load somewhat slowly."]),
        ("It was so good that I cried.", []),
        ("It was great.", []),
        ("It is not very good.", []),
        ("Way too small.", []),
    ],
    "contrast_swapped": [
        ("good but slow", ["slow but good"]),
        ("Good but slow.", ["Slow but good."]),
        ("The food is good but slow.", ["The food is slow but good."]),
        ("the film is good , but slow .", ["the film is slow , but good ."]),
        ("A good but slow film.", ["A slow but good film."]),
        ("An awful but funny film.", ["A funny but awful film."]),
        ("It is good but a bit slow.", ["It is a bit slow but good."]),
        (
            "I liked the food, but the service was slow.",
            ["The service was slow, but I liked the food."],
        ),
        (
            "The service was slow, but I liked the food.",
            ["I liked the food, but the service was slow."],
        ),
        (
            "Although the plot is thin, the cast is great.",
            ["Although the cast is great, the plot is thin."],
        ),
        (
            "The cast is great though the plot is thin!",
            ["The plot is thin though the cast is great!"],
        ),
        (
            "My room was dark. The plot is thin, yet I loved it. Really.",
            [],
        ),
        (
            "We went. The plot is thin, yet the cast is great. Really.",
            ["We went. The cast is great, yet the plot is thin. Really."],
        ),
        ("It looks great but tastes awful.", ["It tastes awful but looks great."]),
        ("I liked the food but not the wine.", []),
        ("a film that is funny , but it has flaws .", []),
        ("Peter is funny, but the plot is thin.", []),
        (
            "service was slow , but the food is good .",
            ["the food is good , but service was slow ."],
        ),
        ("Nothing but trouble", []),
        ("The plot is thin, but it works.", []),
        ("Is it good but slow?", ["Is it slow but good?"]),
        ("good", []),
        ("but", []),
    ],
    "contraction": [
        ("It isn't good", ["It is not good"]),
        ("It isn’t good", ["It is not good"]),
        ("it is n't good", ["it is not good"]),
        ("It is not good", ["It isn't good"]),
        ("I can't say", ["I cannot say"]),
        ("I cannot say", ["I can't say"]),
        ("I cannot say he’s there", ["I can’t say he’s there", "I cannot say he is there"]),
        ("We won't go", ["We will not go"]),
        ("doesnt fit", ["does not fit"]),
        ("It's good", ["It is good"]),
        ("It is good", ["It's good"]),
        ("They're nice", ["They are nice"]),
        ("I'll go", ["I will go"]),
        ("DO NOT go", ["DON'T go"]),
        ("Do not go", ["Don't go"]),
        ("It's been good", []),
        ("Isn't it good", []),
        ("the film's cast", []),
        ("All that it is.", []),
        ("About it is a lie", []),
    ],
    "closing_mark": [
        ("Good.", ["Good"]),
        ("Good", ["Good."]),
        ("good .", ["good"]),
        ("Good. \n", ["Good \n"]),
        ("Good!", []),
        ("Good...", []),
        ("and so on, etc.", []),
        ("in the U.S.", []),
        ("", []),
        ("...", []),
        ("👍", []),
    ],
}


@pytest.mark.parametrize(
    ("rule", "text", "new_texts"),
    [(rule, text, new_texts) for rule, cases in CASES.items() for text, new_texts in cases],
)
def test_what_a_rule_makes_of_a_text(rule, text, new_texts):
    changes = RULES[rule].find(text)
    assert [apply(text, [change])[0] for change in changes] == new_texts
    assert all(change.rule == rule for change in changes)


def test_every_rule_is_in_the_table():
    assert set(RULES) == set(CASES)
    for name, rule in RULES.items():
        assert rule.name == name


def test_an_edit_names_its_rule():
    text = "This is good."
    (change,) = RULES["negation_added"].find(text)
    _, (edit,) = apply(text, [change])
    assert (edit.rule, edit.describe()) == ("negation_added", '"not" put in')


@pytest.mark.parametrize(
    ("rule", "text", "described", "size"),
    [
        ("antonym", "A brilliant film", '"A brilliant" → "An atrocious"', 1),
        ("intensifier_up", "It is a great film", '"absolutely" put in', 1),
        ("contrast_swapped", "good but slow", '"good but slow" → "slow but good"', 3),
        ("negation_added", "We really liked it", '"really liked" → "did not really like"', 4),
        ("contraction", "It isn't so", '"isn\'t" → "is not"', 2),
    ],
)
def test_one_place_is_one_edit(rule, text, described, size):
    (change,) = RULES[rule].find(text)
    _, (edit,) = apply(text, [change])
    assert (edit.describe(), edit.size) == (described, size)


def test_what_is_expected():
    assert {name: rule.expects for name, rule in RULES.items()} == {
        "negation_added": "opposite",
        "negation_removed": "opposite",
        "antonym": "opposite",
        "intensifier_up": "stronger",
        "intensifier_down": "weaker",
        "contrast_swapped": "weaker",
        "contraction": "invariance",
        "closing_mark": "invariance",
    }


@pytest.mark.parametrize(
    ("rule", "text", "testable"),
    [
        ("antonym", "The food is good.", True),
        ("antonym", "The food is good and the wine awful.", False),
        ("antonym", "The food is not good.", False),
        ("antonym", "The food is good, but we left.", False),
        ("antonym", "Is the food good?", False),
        ("antonym", "The food is slow.", False),
        ("negation_removed", "The food is not good.", True),
        ("negation_removed", "Good, and I do not care.", False),
        ("intensifier_up", "A good and lovely film.", True),
        ("intensifier_up", "A good and awful film.", False),
        ("intensifier_down", "A film.", False),
        ("closing_mark", "The food is good, but is it fresh?", True),
    ],
)
def test_when_what_is_expected_must_hold(rule, text, testable):
    assert RULES[rule].testable(text) is testable


def reviews() -> dict[str, str]:
    """The embedded reviews, and each one's label."""
    lines = embedded.reviews_path().read_text(encoding="utf-8").splitlines()[1:]
    return {text: label for text, label, *_ in (line.split("\t") for line in lines)}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_keeps_its_contract_on_the_embedded_reviews(name):
    check_rule(RULES[name], least=10)


@pytest.mark.parametrize("name", RULES)
def test_what_a_rule_writes_is_spelt_as_english_is(name):
    for text in reviews():
        for change in RULES[name].find(text):
            new_text, _ = apply(text, [change])
            assert not re.search(r"\s[.,;:!?]", new_text)
            assert not re.search(r"\b[aA] [aeio]|\b[aA]n [bcdfgjklmnpqrstvwxyz]", new_text)


def test_a_rule_that_turns_one_review_into_another_turns_its_label():
    labels = reviews()
    turned = 0
    for rule in RULES.values():
        for text, label in labels.items():
            for change in rule.find(text):
                new_text, _ = apply(text, [change])
                if new_text in labels:
                    assert rule.expects == "opposite"
                    assert labels[new_text] != label
                    turned += 1
    assert turned >= 30


def test_changes_of_several_rules_go_together_where_they_say_so():
    text = "A good but slow film, and I liked it."
    changes = [change for rule in RULES.values() for change in rule.find(text)]
    tried = 0
    for index, one in enumerate(changes):
        for other in changes[:index]:
            if compatible(one, other):
                new_text, edits = apply(text, [one, other])
                assert len(edits) >= 2
                assert "  " not in new_text
                tried += 1
            else:
                with pytest.raises(ValueError, match="overlap"):
                    apply(text, [one, other])
    assert tried > 10


@pytest.mark.parametrize("name", RULES)
def test_any_text_goes_through_every_rule(name):
    texts = ["", " ", "\n", ".", "?!", "not", "n't", "'s", "a", "no", "but", "too", "very", "never"]
    for text in [*texts, *random_texts(seed=3, count=150)]:
        for change in RULES[name].find(text):
            apply(text, [change])
        RULES[name].testable(text)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize(
    "words", ["It is not very good but slow. ", "good, bad and ", "not ", "nice film ", "so "]
)
def test_a_long_text_does_not_hang(name, words):
    text = words * (8000 // len(words.split()))
    RULES[name].find(text)
    RULES[name].testable(text)
