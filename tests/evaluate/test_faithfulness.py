import numpy as np
import pytest

from lit_plugins import EMBEDDED_MODELS, TextClassifier, UserError, evaluate, explain
from lit_plugins.embedded import some_reviews
from lit_plugins.evaluate.faithfulness import measure
from tests.evaluate.predictors import TableModel, linear
from tests.explain.toys import toy

WEIGHTS = {"a": 0.2, "b": 0.1, "c": 0.05, "d": -0.1}
TRUE = np.array(list(WEIGHTS.values()))


def judge(model, text, scores, **options):
    (found,) = measure(model, [text], {"it": [np.asarray(scores)]}, **options).by_method["it"]
    return found


def test_the_true_order_of_a_linear_model_by_hand():
    found = judge(linear(WEIGHTS), "a b c d", TRUE)
    close = pytest.approx
    assert found.words == 4
    assert found.comprehensiveness == close((4 * 0.2 + 0.3) / 5, abs=1e-6)
    assert found.sufficiency == close((4 * 0.05 - 0.05) / 5, abs=1e-6)
    assert found.aopc == close((0.2 + 0.3 + 0.35 + 0.25) / 4, abs=1e-6)
    assert found.aopc_reversed == close((-0.1 - 0.05 + 0.05 + 0.25) / 4, abs=1e-6)
    np.testing.assert_allclose(
        found.deletion, [[0, 0.75], [0.25, 0.55], [0.5, 0.45], [0.75, 0.4], [1, 0.5]], atol=1e-6
    )
    np.testing.assert_allclose(
        found.insertion, [[0, 0.5], [0.25, 0.7], [0.5, 0.8], [0.75, 0.85], [1, 0.75]], atol=1e-6
    )
    assert found.deletion_area == close((0.375 + 0.55 + 0.45 + 0.4 + 0.25) / 4, abs=1e-6)
    assert found.insertion_area == close((0.25 + 0.7 + 0.8 + 0.85 + 0.375) / 4, abs=1e-6)
    assert found.limits is not None
    assert found.limits.exact
    assert found.limits.upper == close(found.aopc)
    assert found.limits.lower == close(found.aopc_reversed)


def test_the_best_order_has_1_and_the_worst_0():
    best = judge(linear(WEIGHTS), "d b c a", [-0.1, 0.1, 0.05, 0.2])
    worst = judge(linear(WEIGHTS), "d b c a", [0.1, -0.1, -0.05, -0.2])
    assert (best.normalised_comprehensiveness, best.normalised_sufficiency) == (1, 0)
    assert (worst.normalised_comprehensiveness, worst.normalised_sufficiency) == (0, 1)
    for seed in range(5):
        some = judge(linear(WEIGHTS), "d b c a", np.random.default_rng(seed).random(4))
        assert 0 <= some.normalised_comprehensiveness <= 1
        assert 0 <= some.normalised_sufficiency <= 1


def test_a_search_too_short_still_gives_shares():
    weights = {f"w{index}": 0.02 if index % 2 else -0.005 for index in range(40)}
    found = judge(linear(weights), " ".join(weights), list(weights.values()), search=1)
    assert not found.limits.exact
    assert found.normalised_comprehensiveness == pytest.approx(1)
    assert found.normalised_sufficiency == pytest.approx(0, abs=1e-6)


def test_what_is_asked_twice_is_run_once():
    model = linear(WEIGHTS)
    scores = {"one": [TRUE], "two": [TRUE], "three": [-TRUE]}
    found = measure(model, ["a b c d"], scores)
    # All sets of 4 words but the whole, which is run for the prediction.
    assert found.evaluations == (15,)
    assert model.rows_run == 16


def test_known_limits_are_not_searched_again():
    model = linear(WEIGHTS)
    first = judge(model, "a b c d", TRUE)
    model.rows_run = 0
    again = judge(model, "a b c d", -TRUE, limits=[first.limits])
    assert again.normalised_comprehensiveness == 0
    assert model.rows_run <= 1 + 7
    none = judge(model, "a b c d", TRUE, search=0)
    assert none.limits is None
    assert np.isnan(none.normalised_comprehensiveness)
    assert none.aopc == first.aopc


def test_one_word_and_none():
    one = judge(linear(WEIGHTS), "a", [0.3])
    assert one.comprehensiveness == pytest.approx(0.2, abs=1e-6)
    assert one.sufficiency == 0
    assert one.deletion_area == pytest.approx(0.6, abs=1e-6)
    assert np.isnan(one.normalised_comprehensiveness)
    none = judge(toy(), "", [])
    assert none.words == 0
    assert np.isnan([none.comprehensiveness, none.aopc, none.deletion_area]).all()


def test_the_target_may_be_given():
    found = judge(linear(WEIGHTS), "a b c d", -TRUE, targets=[0])
    assert found.deletion[0, 1] == pytest.approx(0.25, abs=1e-6)
    assert found.normalised_comprehensiveness == 1


def test_words_that_are_cut_do_not_count():
    short, long = toy(max_length=5), toy()
    cut = judge(short, "the good film and a bad plot", np.arange(7.0))
    np.testing.assert_allclose(
        cut.deletion, judge(long, "the good film", np.arange(3.0)).deletion, atol=1e-6
    )


def test_scores_must_fit_the_words():
    with pytest.raises(ValueError, match="3 scores for 4 words"):
        judge(linear(WEIGHTS), "a b c d", [1, 2, 3])


def test_texts_side_by_side_change_nothing():
    classifier = toy(bend=True)
    texts = ["the good film", "", "bad", "not a very good film and a bad plot", "good bad"] * 5
    scores = [each.scores for each in explain(classifier, texts, "occlusion")]
    together = measure(classifier, texts, {"it": scores}, search=60)
    for index in range(5):
        alone = judge(classifier, texts[index], scores[index], search=60)
        np.testing.assert_allclose(
            together.by_method["it"][index].insertion, alone.insertion, atol=1e-6
        )
        again = together.by_method["it"][index + 20]
        assert again.aopc == pytest.approx(alone.aopc, abs=1e-6, nan_ok=True)


def test_the_order_of_classes_does_not_matter():
    def model(order):
        def said(words):
            sure = 0.4 + sum(WEIGHTS.get(word, 0) for word in words)
            return np.array([sure, (1 - sure) / 2, (1 - sure) / 2])[order]

        return TableModel(np.array(["x", "y", "z"])[order].tolist(), said)

    first, second = (judge(model(order), "a b c d", TRUE) for order in ([0, 1, 2], [2, 1, 0]))
    np.testing.assert_allclose(first.deletion, second.deletion, atol=1e-6)
    assert first.normalised_comprehensiveness == second.normalised_comprehensiveness == 1


TABLE = evaluate.texts(["a b", "c d", "b", "", "a c d"], kind=["x", "x", "y", "y", "y"])


def test_table_by_model_method_and_slice():
    told = []
    found = evaluate.faithfulness(
        {"one": linear(WEIGHTS), "two": linear({"a": 0.3})},
        TABLE,
        ["shapley", "integrated_gradients", "random"],
        by="kind",
        progress=lambda done, total: told.append((done, total)),
    )
    assert list(found.columns) == [
        *("model", "method", "missing", "kind", "n", "of"),
        *("comprehensiveness", "sufficiency"),
        *("normalised_comprehensiveness", "normalised_sufficiency", "normalised"),
        *("deletion", "insertion"),
    ]
    assert len(found) == 2 * 3 * 2
    shapley = found[(found["model"] == "one") & (found["method"] == "shapley")]
    assert shapley["n"].tolist() == [2, 2]
    assert shapley["of"].tolist() == [2, 3]
    assert shapley["normalised"].tolist() == [2, 1]
    assert shapley["normalised_comprehensiveness"].tolist() == [1, 1]
    inside = found[found["method"] == "integrated_gradients"]
    assert inside["n"].tolist() == [0] * 4
    assert np.isnan(inside["deletion"]).all()
    assert told[-1][0] == told[-1][1] == 2 * 5 * 3
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_slices_sample_says_its_size():
    found = evaluate.faithfulness(linear(WEIGHTS), TABLE, ["random"], sample=2)
    assert found["of"].tolist() == [5]
    assert found["n"][0] <= 2
    again = evaluate.faithfulness(linear(WEIGHTS), TABLE, ["random"], sample=2)
    assert found.equals(again)


def test_curves_at_shares():
    found = evaluate.faithfulness_curves(
        linear(WEIGHTS), evaluate.texts(["a b c d"]), ["shapley"], sample=None
    )
    assert found["share"].tolist() == [each / 10 for each in range(11)]
    assert found["deletion"][0] == pytest.approx(0.75, abs=1e-6)
    assert found["deletion"][1] == pytest.approx(0.75 - 0.4 * 0.2, abs=1e-6)
    assert found["insertion"][10] == pytest.approx(0.75, abs=1e-6)


def test_methods_that_cannot_be_judged_are_refused():
    for name in ("difference", "magic"):
        with pytest.raises(UserError, match=f"method '{name}' cannot be judged"):
            evaluate.faithfulness(linear(WEIGHTS), TABLE, [name])


@pytest.mark.parametrize("name", EMBEDDED_MODELS)
def test_shapley_values_beat_chance_on_the_embedded_models(name):
    classifier = TextClassifier.from_pretrained(name)
    table = evaluate.texts(some_reviews(6))
    found = evaluate.faithfulness(classifier, table, ["shapley", "random"], search=128)
    shapley, random = found.to_dict("records")
    assert shapley["n"] == random["n"] == 6
    assert shapley["comprehensiveness"] > random["comprehensiveness"] + 0.1
    assert shapley["sufficiency"] < random["sufficiency"] - 0.05
    assert shapley["normalised_comprehensiveness"] > random["normalised_comprehensiveness"] + 0.2
    assert shapley["deletion"] < random["deletion"]
    assert shapley["insertion"] > random["insertion"]
