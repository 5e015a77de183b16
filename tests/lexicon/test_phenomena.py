"""What a text shows: its length, negations, intensifiers, contrasts, questions, capitals."""

from __future__ import annotations

import pytest

from lit_plugins import embedded
from lit_plugins.lexicon.phenomena import LENGTH_BANDS, PHENOMENA
from tests.random_texts import random_texts


def shows(name: str, text: str) -> bool | int | str:
    return PHENOMENA[name].find(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("?! …", 0),
        ("👍", 0),
        ("Good.", 1),
        ("It isn't well-made, is it?", 5),
        ("it is n't 3.5 stars", 5),
        ("映画", 2),
    ],
)
def test_length(text, length):
    assert shows("length", text) == length


@pytest.mark.parametrize(
    ("words", "band"),
    [
        (0, "0"),
        (1, "1-5"),
        (5, "1-5"),
        (6, "6-10"),
        (10, "6-10"),
        (11, "11-20"),
        (20, "11-20"),
        (21, "21-40"),
        (40, "21-40"),
        (41, "41+"),
        (5000, "41+"),
    ],
)
def test_length_bands(words, band):
    assert shows("length_band", "word " * words) == band


NEGATION = {
    True: [
        "It is not good",
        "It isn't good",
        "It isn’t good",
        "it isnt good",
        "doesnt fit",
        "it is n't good",
        "We cannot go",
        "I can't",
        "Never again",
        "No.",
        "No plot, no point",
        "Nobody came",
        "no-one came",
        "No one came",
        "without charm",
        "hardly a page",
        "a not-so-good film",
        "a never-ending film",
        "NOT GOOD",
        "Not only slow, not good either",
        "neither here nor there",
    ],
    False: [
        "",
        "It is good",
        "not only good but cheap",
        "Not just good",
        "good, not to mention cheap",
        "no doubt good",
        "No. 5 is good",
        "a no-frills room",
        "a notable knot",
        "nothingness",
        "know nobodies",
    ],
}
INTENSIFIER = {
    True: [
        "very good",
        "VERY good",
        "It is really good",
        "absolutely",
        "so good",
        "so much better",
        "pretty slow",
        "too long",
        "a bit long",
        "kind of dull",
        "somewhat dull",
        "slightly",
        "rather dull",
        "sweet enough",
        "such a bore",
        "super-fast",
        "painfully slow",
        "hardly readable",
    ],
    False: [
        "",
        "good",
        "so we left",
        "me too",
        "a pretty cover",
        "I would rather go",
        "rather than go",
        "enough of it",
        "beautifully made",
        "hardly anybody",
        "super",
    ],
}
CONTRAST = {
    True: [
        "good but slow",
        "But it is slow",
        "Although it is slow",
        "It is slow, though.",
        "good, yet slow",
        "good yet slow",
        "and yet it works",
        "Yet it works",
        "despite the rain",
        "in spite of the rain",
        "However, it is slow",
        "However slow it is",
        "Still, it is good",
        "While it is slow, it is good",
        "even so",
        "That said, good",
    ],
    False: [
        "",
        "good and slow",
        "nothing but trouble",
        "all but one",
        "as though it rained",
        "not yet",
        "yet another one",
        "I have yet to go",
        "still good",
        "While reading, I slept",
        "a butter knife",
    ],
}
QUESTION = {
    True: ["Good?", "What? No.", "good ?", "Really?!", "¿Bueno?", "好？", 'He said "why?"'],
    False: ["", "Good.", "I wonder why", "see page?id=1"],
}
ALL_CAPS = {
    True: ["SO good", "DON'T buy", "GOOD!", "so so SO good", "NOT-GOOD"],
    False: ["", "I like it", "A film", "on TV", "an MP3 player", "iPhone", "USB and HDMI", "Good"],
}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (name, text, expected)
        for name, cases in (
            ("negation", NEGATION),
            ("intensifier", INTENSIFIER),
            ("contrast", CONTRAST),
            ("question", QUESTION),
            ("all_caps", ALL_CAPS),
        )
        for expected, texts in cases.items()
        for text in texts
    ],
)
def test_phenomena(name, text, expected):
    assert shows(name, text) is expected


def test_each_says_what_it_gives():
    for name, phenomenon in PHENOMENA.items():
        assert phenomenon.name == name
        assert phenomenon.title
        assert phenomenon.help.endswith(".")
        for text in random_texts(seed=2, count=100):
            value = phenomenon.find(text)
            kinds = {"boolean": bool, "number": int, "category": str}
            assert type(value) is kinds[phenomenon.kind]
            assert not phenomenon.values or value in phenomenon.values
    assert PHENOMENA["length_band"].values == LENGTH_BANDS


@pytest.mark.parametrize(
    ("name", "share"), [("negation", 0.95), ("intensifier", 0.8), ("contrast", 0.7)]
)
def test_most_reviews_that_are_written_for_a_phenomenon_show_it(name, share):
    lines = embedded.reviews_path().read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    texts = [row[0] for row in rows if name in row[3]]
    assert len(texts) >= 40
    assert sum(bool(shows(name, text)) for text in texts) >= share * len(texts)
