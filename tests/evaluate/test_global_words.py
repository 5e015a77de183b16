import numpy as np
import pytest

from lit_plugins import TextClassifier, UserError, evaluate
from lit_plugins.evaluate.global_words import gather, seen_words, strongest
from lit_plugins.explain import explain
from tests.evaluate.predictors import TableModel, linear
from tests.explain.toys import toy, weights

WEIGHTS = {"good": 0.2, "Good": 0.1, "bad": -0.1, "plot": 0.01}
TEXTS = ("good bad", "Good plot", "good , good", "bad plot")


def found(texts=TEXTS, **options):
    """A row a word, by occlusion, which takes a linear model's weights as they are."""
    table = evaluate.global_words(linear(WEIGHTS), texts, "occlusion", **options)
    return table.set_index("word")


def test_figures_by_hand():
    table = found(at_least=1)
    assert list(table.index) == ["good", "plot", ",", "bad"]
    assert table["n"].tolist() == [4, 2, 1, 2]
    assert table["texts"].tolist() == [3, 2, 1, 2]
    assert table["mean"].to_numpy() == pytest.approx([0.175, 0.01, 0, -0.1], abs=1e-6)
    assert table["positive"].to_numpy() == pytest.approx([1, 1, 0, 0])
    assert table["places"].tolist() == [(0, 1, 2), (1, 3), (2,), (0, 3)]
    assert set(table["target"]) == {"yes"}
    assert set(table["unit"]) == {"probability"}
    assert set(table["explained"]) == set(table["of"]) == {4}


def test_the_error_is_of_texts():
    table = found(at_least=1)
    # By text the scores of "good" are off the mean of 0.175 by 0.025, -0.075 and twice 0.025.
    spread = (0.025**2 + 0.075**2 + 0.05**2) * 3 / 2
    assert table.loc["good", "error"] == pytest.approx(spread**0.5 / 4, rel=1e-4)
    assert table.loc["bad", "error"] == pytest.approx(0, abs=1e-6)
    assert np.isnan(table.loc[",", "error"])


def test_the_error_of_a_word_that_stands_once_in_each_text_is_the_means():
    texts = ["good", "Good", "good plot", "Good bad"]
    scores = np.array([0.2, 0.1, 0.2, 0.1])
    assert found(texts, at_least=3).loc["good", "error"] == pytest.approx(
        scores.std(ddof=1) / 2, rel=1e-4
    )


def test_a_class_is_explained_whatever_is_predicted():
    against = found(target="no", at_least=1)
    assert list(against.index) == ["bad", ",", "plot", "good"]
    assert against["mean"].to_numpy() == pytest.approx([0.1, 0, -0.01, -0.175], abs=1e-6)
    assert found(target=1, at_least=1).equals(found(at_least=1))


def test_rare_words_are_left_out_and_the_strongest_picked():
    assert list(found().index) == ["good"]
    assert list(found(at_least=2).index) == ["good", "plot", "bad"]
    assert list(found(at_least=1, words=1).index) == ["good", "bad"]


def test_what_is_neither_for_nor_against_is_not_among_the_strongest():
    explanations = explain(linear({"a": 0.1}), ["a b"], "occlusion", 1)
    words = gather(explanations, [(0, 1)])
    assert [each.word for each in strongest(words, 5)] == ["a"]
    assert strongest([], 5) == []


def test_words_know_where_they_stand():
    explanations = explain(linear(WEIGHTS), ["Good bad good"], "occlusion", 1)
    good, bad = gather(explanations, [(0, 1, 2)])
    assert [(each.text, each.at) for each in good.occurrences] == [(0, 0), (0, 2)]
    assert [each.score for each in good.occurrences] == explanations[0].scores[[0, 2]].tolist()
    assert (bad.word, bad.texts, good.texts) == ("bad", 1, 1)
    assert np.isnan(good.error)


def test_words_that_the_model_does_not_see_do_not_count(checkpoint):
    classifier = TextClassifier.from_pretrained(checkpoint("bert"), max_length=6)
    texts = ["a film that never ends and never begins , a film"] * 2
    table = evaluate.global_words(classifier, texts, at_least=1)
    seen = [len(indices) for indices in seen_words(classifier, texts)]
    assert table["n"].sum() == sum(seen) < 2 * 11


def test_slices_and_samples():
    table = evaluate.texts(TEXTS, kind=["x", "x", "y", "y"])
    sliced = found(table, by="kind", at_least=1)
    assert sliced.loc["good", "kind"].tolist() == ["x", "y"]
    assert sliced.loc["good", "n"].tolist() == [2, 2]
    assert sliced.loc["good", "places"].tolist() == [(0, 1), (2,)]
    (place,) = evaluate.sampling.sample(TEXTS, 1)
    drawn = found(table, sample=1, at_least=1)
    assert set(drawn["places"]) == {(place,)}
    assert set(drawn["explained"]) == {1}
    assert set(drawn["of"]) == {4}


def test_two_models_and_progress():
    told = []
    table = evaluate.global_words(
        {"one": linear(WEIGHTS), "two": linear({"bad": 0.3})},
        TEXTS,
        "occlusion",
        at_least=1,
        progress=lambda *count: told.append(count),
    )
    assert table.groupby("model")["n"].sum().to_dict() == {"one": 9, "two": 9}
    assert table.loc[table["model"] == "two", "word"].iloc[0] == "bad"
    assert told == [(done, 8) for done in range(1, 9)]


def test_models_that_share_classes_are_asked_about_the_same_one():
    def model(*labels):
        return TableModel(labels, lambda words: (0.3, 0.7) if "good" in words else (0.6, 0.4))

    models = {"one": model("no", "yes"), "two": model("Yes", "No"), "three": model("ham", "spam")}
    found = evaluate.global_words(models, ["good"], "occlusion", at_least=1)
    assert dict(zip(found["model"], found["target"], strict=True)) == {
        "one": "yes",
        "two": "yes",
        "three": "spam",
    }


def test_an_index_is_refused_where_it_is_another_class_of_each_model():
    models = {
        name: TableModel(labels, lambda words: (0.3, 0.7))
        for name, labels in {"one": ("no", "yes"), "two": ("yes", "no")}.items()
    }
    for target in (1, "1"):
        with pytest.raises(UserError, match="is an index, .* give a name: no, yes"):
            evaluate.global_words(models, ["good"], "occlusion", target=target, at_least=1)
    found = evaluate.global_words(models, ["good"], "occlusion", target="no", at_least=1)
    assert set(found["target"]) == {"no"}


def test_the_default_method_finds_a_linear_models_weights():
    texts = ["good film", "good good plot", "film"]
    table = evaluate.global_words(toy(), texts, target=2, at_least=1).set_index("word")
    words = ["good", "film", "plot"]
    expected = weights(words, 2) - weights(["[MASK]"], 2)
    assert table.loc[words, "mean"].to_numpy() == pytest.approx(expected, abs=1e-4)
    assert set(table["unit"]) == {"logit"}


def test_options_are_the_methods():
    options = {"output": "probability", "pieces": "true"}
    table = evaluate.global_words(toy(), ["good film"], at_least=1, **options)
    assert set(table["unit"]) == {"probability"}


def test_texts_without_words_have_none():
    assert evaluate.global_words(linear(WEIGHTS), ["", " "], "occlusion").empty


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"method": "magic"}, "'magic'"),
        ({"at_least": 0}, "at_least is 0; give a number of at least 1"),
        ({"words": 0}, "words is 0"),
        ({"sample": 0}, "sample size is 0"),
        ({"by": "magic"}, "'magic' to slice by"),
        ({"steps": 3}, "'steps' is not known"),
        ({"target": "magic"}, "'magic' is none of this model's"),
    ],
)
def test_a_mistake_is_one_sentence(given, said):
    method = given.pop("method", "occlusion")
    with pytest.raises(UserError, match=said):
        evaluate.global_words(toy(), TEXTS, method, **given)
