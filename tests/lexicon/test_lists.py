"""The word lists: in order, and their forms spelled as they are in English."""

from __future__ import annotations

import pytest

from lit_plugins.lexicon import antonym_forms as forms
from lit_plugins.lexicon.adjectives import ADJECTIVES, NEGATIVE, POSITIVE, comparative, superlative
from lit_plugins.lexicon.antonyms import PAIRS
from lit_plugins.lexicon.articles import article_for
from lit_plugins.lexicon.coverage import unknown_share
from lit_plugins.lexicon.function_words import is_adverb, roles
from lit_plugins.lexicon.polarity import DESCRIPTIVE, polarity
from lit_plugins.lexicon.verbs import forms_of
from lit_plugins.lexicon.words import words_of
from lit_plugins.text.encoded import EncodedText, Row


def test_there_are_enough_antonyms():
    assert sum(len(pairs) for pairs in PAIRS.values()) >= 250


@pytest.mark.parametrize("kind", PAIRS)
def test_antonyms_are_two_words_of_opposite_worth(kind):
    pairs = PAIRS[kind]
    assert len(set(pairs)) == len(pairs)
    better, worse = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    assert not better & worse


@pytest.mark.parametrize(
    "antonyms", [forms.ADJECTIVES, forms.ADVERBS, forms.VERBS, forms.NOUNS, forms.PLURALS]
)
def test_every_antonym_has_one_too(antonyms):
    assert set(antonyms.values()) <= set(antonyms)


def test_no_adjective_both_praises_and_blames():
    assert not POSITIVE & NEGATIVE
    assert POSITIVE | NEGATIVE <= ADJECTIVES


@pytest.mark.parametrize(
    ("adjective", "more", "most"),
    [
        ("good", "better", "best"),
        ("bad", "worse", "worst"),
        ("funny", "funnier", "funniest"),
        ("nice", "nicer", "nicest"),
        ("slow", "slower", "slowest"),
        ("sad", "sadder", "saddest"),
        ("pricey", "pricier", "priciest"),
        ("cheap", "cheaper", "cheapest"),
        ("boring", "more boring", "most boring"),
    ],
)
def test_grades(adjective, more, most):
    assert (comparative(adjective), superlative(adjective)) == (more, most)


@pytest.mark.parametrize(
    ("base", "others"),
    [
        ("work", "works worked worked working"),
        ("love", "loves loved loved loving"),
        ("try", "tries tried tried trying"),
        ("enjoy", "enjoys enjoyed enjoyed enjoying"),
        ("stop", "stops stopped stopped stopping"),
        ("regret", "regrets regretted regretted regretting"),
        ("visit", "visits visited visited visiting"),
        ("fix", "fixes fixed fixed fixing"),
        ("go", "goes went gone going"),
        ("have", "has had had having"),
        ("break", "breaks broke broken breaking"),
        ("forget", "forgets forgot forgotten forgetting"),
        ("quit", "quits quit quit quitting"),
        ("agree", "agrees agreed agreed agreeing"),
        ("die", "dies died died dying"),
        ("be", "is was been being"),
    ],
)
def test_verbs(base, others):
    assert forms_of(base) == (base, *others.split())


@pytest.mark.parametrize(
    ("noun", "plural"),
    [("gem", "gems"), ("mess", "messes"), ("misery", "miseries"), ("joy", "joys")],
)
def test_plurals(noun, plural):
    assert forms.plural(noun) == plural


@pytest.mark.parametrize(
    ("word", "article"),
    [
        ("good", "a"),
        ("awful", "an"),
        ("honest", "an"),
        ("useful", "a"),
        ("unique", "a"),
        ("uninspired", "an"),
        ("unkind", "an"),
        ("one-way", "a"),
        ("European", "a"),
        ("USB", "a"),
        ("MP", "an"),
        ("8-hour", "an"),
        ("", "a"),
    ],
)
def test_articles(word, article):
    assert article_for(word) == article


@pytest.mark.parametrize(
    ("word", "adverb"),
    [("slowly", True), ("very", True), ("friendly", False), ("fly", False), ("good", False)],
)
def test_adverbs(word, adverb):
    assert is_adverb(word) is adverb


@pytest.mark.parametrize(
    ("word", "sign"),
    [("better", 1), ("loved", 1), ("gems", 1), ("worst", -1), ("boring", -1), ("like", 0), ("", 0)],
)
def test_polarity(word, sign):
    assert polarity(word) == sign


def test_words_are_looked_up_in_small_letters_with_straight_apostrophes():
    assert [word.key for word in words_of("It ISN’T, no")] == ["it", "isn't", ",", "no"]
    assert [word.is_mark for word in words_of("It 👍 !!")] == [False, True, True]


def encoded(words: list[str], tokens: list[tuple[str, int | None]]) -> EncodedText:
    spans, at = [], 0
    for word in words:
        spans.append((at, at + len(word)))
        at += len(word) + 1
    return EncodedText(
        text=" ".join(words),
        words=tuple(spans),
        row=Row((0,) * len(tokens), (0,) * len(tokens)),
        tokens=tuple(name for name, _ in tokens),
        token_spans=(None,) * len(tokens),
        token_words=tuple(word for _, word in tokens),
        cut=(),
    )


def test_words_of_several_tokens_and_unknown_ones_are_not_covered():
    text = encoded(
        ["good", "filmic", "zzz", "fun"],
        [("[CLS]", None), ("good", 0), ("film", 1), ("##ic", 1), ("[UNK]", 2), ("fun", 3)],
    )
    assert unknown_share(text, "[UNK]") == 0.5
    assert unknown_share(text, None) == 0.25


def test_a_text_without_words_is_covered():
    assert unknown_share(encoded([], [("[CLS]", None)]), "[UNK]") == 0


def test_words_that_may_only_describe_are_known_in_all_their_forms():
    assert {"slow", "slower", "slowest", "lost"} <= DESCRIPTIVE
    assert not {"good", "awful", "loved"} & DESCRIPTIVE


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("and", {"conjunction"}),
        ("that", {"pronoun", "determiner", "conjunction"}),
        ("might", {"auxiliary"}),
        ("never", {"adverb"}),
        ("slowly", {"adverb"}),
        ("film", {"content"}),
        ("friendly", {"content"}),
        ("映画", {"content"}),
    ],
)
def test_roles(word, expected):
    assert roles(word) == expected
