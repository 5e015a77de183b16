import pytest
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import types as lit_types

from lit_plugins.errors import UserError
from lit_plugins.lit.generators.word_replacer import WordReplacer
from lit_plugins.runtime.progress import Runs

SPEC = {
    "title": lit_types.TextSegment(),
    "sentence": lit_types.TextSegment(),
    "edit": lit_types.StringLitType(default="", required=False),
    "label": lit_types.CategoryLabel(vocab=["bad", "good"]),
}
DATASET = lit_dataset.Dataset(spec=SPEC, examples=[])


def replaced(text, rules, **config):
    parent = {"title": "great", "sentence": text, "edit": "", "label": "good", "_id": "7"}
    config = {"Substitutions": rules, "Fields to replace": ["sentence"], **config}
    made = WordReplacer().generate(parent, None, DATASET, config)
    for each in made:
        assert set(each) == set(SPEC)
        assert each["edit"]
        assert each["label"] == "good"
    return [each["sentence"] for each in made]


@pytest.mark.parametrize(
    ("text", "rules", "expected"),
    [
        ("a great film", "great -> awful", ["a awful film"]),
        ("Great, great!", "great->awful", ["awful, great!", "Great, awful!"]),
        ("a great film", "great -> bad | poor", ["a bad film", "a poor film"]),
        ("a great film", "film -> book, great -> bad", ["a bad film", "a great book"]),
        ("a great film", "a great -> no", ["no film"]),
        ("a greater film", "great -> bad", []),
        ("fine. Fine.", ". -> !", ["fine! Fine.", "fine. Fine!"]),
        ("a very great film", "very ->", ["a great film"]),
        ("a great film", "great -> great", []),
        ("great great", "great -> great | bad", ["bad great", "great bad"]),
        ("İstanbul STRASSE", "istanbul -> x, straße -> y", ["x STRASSE"]),
        ("(great)", "(great -> bad", ["bad)"]),
        ("great", "great -> $1 \\g<0>", ["$1 \\g<0>"]),
        ("", "great -> bad", []),
        ("word", "great -> bad", []),
    ],
    ids=str,
)
def test_each_place_is_replaced_alone(text, rules, expected):
    assert replaced(text, rules) == expected


def test_case_counts_if_it_is_to():
    assert replaced("Great great", "great -> x", ignore_casing=False) == ["Great x"]
    assert replaced("GREAT", "Great -> x", ignore_casing=True) == ["x"]


def test_the_texts_that_are_ticked_are_replaced():
    config = {"Fields to replace": ["title", "sentence"]}
    assert replaced("no", "great -> x", **config) == ["no"]
    assert replaced("no", "great -> x", **{"Fields to replace": []}) == []
    parent = {"title": "great", "sentence": "great", "label": None}
    made = WordReplacer().generate(parent, None, DATASET, {"Substitutions": "great -> x"})
    assert [(each["title"], each["sentence"]) for each in made] == [("x", "great"), ("great", "x")]
    assert made[0]["edit"] == '"great" → "x"'


@pytest.mark.parametrize(
    "rules", ["", "great", "-> bad", "great -> bad ->", "great -> bad,", "a -> b -> c", ",", None]
)
def test_a_malformed_rule_is_one_sentence(rules):
    with pytest.raises(UserError, match=r"^A rule of Substitutions is .+; write rules like .+\.$"):
        replaced("great", rules)


def test_a_word_in_many_places_is_cut_short_and_says_so():
    runs = Runs()
    with runs.running("a"):
        made = replaced("a " * 5000, "a -> b")
    assert len(made) == 100
    assert made[1] == "a b " + "a " * 4998
    assert runs.get("a")["notes"] == ["Only the first 100 results of a text are shown."]
