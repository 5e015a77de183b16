from dataclasses import replace

import numpy as np
import pytest

from lit_plugins import evaluate
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS
from lit_plugins.lit.dataset import lit_dataset_of
from lit_plugins.lit.interpreters import explanation_cache
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.interpreters.salience import ExplanationInterpreter
from lit_plugins.lit.metrics import explanations
from lit_plugins.lit.metrics.explanations import (
    AgreementMetrics,
    FaithfulnessMetrics,
    PlausibilityMetrics,
)
from lit_plugins.lit.metrics.of_methods import CHOSEN, titles
from lit_plugins.lit.metrics.on_demand import ASKED
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.runtime.cancellation import Stopped, stopping_when
from tests.lit.conftest import TEXTS, a_table

TITLES = titles()
METHODS_ASKED = ("occlusion", "input_x_gradient", "random")
RATIONALES = ("0 1 0 0 0 0 0 0 0", "", "1 1 0 0", "1", "nonsense", "0 1 0 0 0 0 0 1")
BYTES = 2**20


@pytest.fixture(scope="module")
def model(named_classifier):
    return LitTextClassifier(named_classifier("bert"))


@pytest.fixture(scope="module")
def table():
    made = a_table()
    return replace(
        made,
        columns={**made.columns, "rationale": RATIONALES},
        kinds={**made.kinds, "rationale": "text"},
    )


@pytest.fixture(scope="module")
def dataset(table):
    return lit_dataset_of(table, ("negative", "positive"))


def ask(metric, model, dataset, methods=METHODS_ASKED, examples=None, **options):
    config = {ASKED: True, CHOSEN: [TITLES.get(name, name) for name in methods], **options}
    found = metric.run(examples or dataset.examples, model, dataset, None, config)
    return {row["pred_key"]: {"texts": row["texts"], **row["metrics"]} for row in found}


def faithfulness():
    return FaithfulnessMetrics(Explanations(filler="review-filler"), BYTES)


def masked(name, missing="mask per token"):
    return f"{TITLES[name]} ({missing})"


def test_faithfulness_is_the_engines(model, table, dataset):
    shown = ask(faithfulness(), model, dataset)
    expected = evaluate.faithfulness(model.classifier, table, METHODS_ASKED).set_index("method")
    assert list(shown) == [masked(name) for name in METHODS_ASKED]
    for name in METHODS_ASKED:
        found = shown[masked(name)]
        assert found["texts"] == expected.loc[name, "n"]
        for measure, value in found.items():
            column = "n" if measure == "texts" else measure.replace(" ", "_")
            assert value == pytest.approx(expected.loc[name, column], abs=1e-5, nan_ok=True)


@pytest.mark.parametrize("missing", ["mask_per_word", "left_out", "infill"])
def test_faithfulness_with_other_missing_words_is_the_engines(model, table, dataset, missing):
    metric = faithfulness()
    ask(metric, model, dataset, ("occlusion",))  # the cache tells the two apart
    shown = ask(metric, model, dataset, ("occlusion",), missing=missing)
    expected = evaluate.faithfulness(
        model.classifier, table, ["occlusion"], missing=missing, infill_model="review-filler"
    ).iloc[0]
    assert expected["missing"] == missing
    values = shown[masked("occlusion", missing.replace("_", " "))]
    for measure in ("comprehensiveness", "normalised sufficiency", "insertion"):
        assert values[measure] == pytest.approx(expected[measure.replace(" ", "_")], abs=1e-5)


def test_plausibility_is_the_engines(model, table, dataset):
    shown = ask(PlausibilityMetrics(Explanations()), model, dataset)
    expected = evaluate.plausibility(model.classifier, table, METHODS_ASKED).set_index("method")
    for name in METHODS_ASKED:
        assert shown[TITLES[name]] == {
            "texts": expected.loc[name, "n"],
            "AUPRC": pytest.approx(expected.loc[name, "auprc"]),
            "token F1": pytest.approx(expected.loc[name, "token_f1"]),
        }


def test_agreement_is_the_engines(model, table, dataset):
    shown = ask(AgreementMetrics(Explanations()), model, dataset)
    expected = evaluate.agreement(model.classifier, table, METHODS_ASKED)
    assert len(shown) == len(expected) == 3
    for _, row in expected.iterrows():
        assert shown[f"{TITLES[row['first']]} / {TITLES[row['second']]}"] == {
            "texts": row["n"],
            "rank correlation": pytest.approx(row["rank_correlation"]),
            "top overlap": pytest.approx(row["top_overlap"]),
        }


def test_a_slices_sample_is_part_of_the_wholes(model, dataset):
    metric = faithfulness()
    whole = ask(metric, model, dataset, ("occlusion",), texts=3)
    picked = evaluate.sampling.sample(TEXTS, 3)
    alone = ask(
        metric, model, dataset, ("occlusion",), [dataset.examples[at] for at in picked], texts="3"
    )
    assert whole == alone
    assert whole[masked("occlusion")]["texts"] == 3


def count(monkeypatch):
    measured = []
    measure = explanations.measure

    def spy(classifier, texts, *arguments, **options):
        measured.append(len(texts))
        return measure(classifier, texts, *arguments, **options)

    monkeypatch.setattr(explanations, "measure", spy)
    return measured


def test_what_was_measured_is_not_measured_again(model, dataset, monkeypatch):
    measured = count(monkeypatch)
    metric = faithfulness()
    some = ask(metric, model, dataset, ("occlusion",), dataset.examples[:4])
    assert ask(metric, model, dataset, ("occlusion",), dataset.examples[:4]) == some
    assert sum(measured) == 4
    ask(metric, model, dataset, ("occlusion", "random"))
    assert sum(measured) == 4 + 2 + 6


def test_explanations_are_those_of_the_salience_maps(model, dataset, monkeypatch):
    kept = Explanations()
    monkeypatch.setattr(explanation_cache, "explain_each", None)
    row = ExplanationInterpreter(METHODS["occlusion"], kept)
    row.run(dataset.examples, model, dataset)
    assert ask(FaithfulnessMetrics(kept, BYTES), model, dataset, ("occlusion",))


def test_what_nobody_waits_for_stops(model, dataset):
    with stopping_when(lambda: True), pytest.raises(Stopped):
        ask(faithfulness(), model, dataset, ("shapley",))


def test_texts_without_words_are_not_counted(model, dataset):
    examples = [{"sentence": text, "label": "positive"} for text in ("", "   ", "good")]
    shown = ask(faithfulness(), model, dataset, ("occlusion",), examples)
    assert shown[masked("occlusion")]["texts"] == 1
    nothing = ask(faithfulness(), model, dataset, ("occlusion",), examples[:2])
    assert nothing[masked("occlusion")]["texts"] == 0
    assert nothing[masked("occlusion")]["comprehensiveness"] is None


def test_a_method_that_does_not_suit_has_no_line(model, dataset, monkeypatch):
    monkeypatch.setattr(model.classifier.network, "takes_embeddings", False)
    shown = ask(faithfulness(), model, dataset, ("occlusion", "input_x_gradient"))
    assert list(shown) == [masked("occlusion")]


@pytest.mark.parametrize(
    ("metric", "methods", "options", "sentence"),
    [
        (faithfulness(), (), {}, "No method is chosen"),
        (faithfulness(), ("occlusion",), {"texts": "0"}, "The option texts is '0'; give a whole"),
        (faithfulness(), ("magic",), {}, "no method 'magic'; choose from SHAP, "),
        (AgreementMetrics(Explanations()), ("occlusion",), {}, "Agreement needs two methods"),
    ],
)
def test_a_wrong_value_is_one_sentence(model, dataset, metric, methods, options, sentence):
    with pytest.raises(UserError, match=sentence):
        ask(metric, model, dataset, methods, **options)


def test_no_rationale_that_fits_is_one_sentence(model, dataset):
    with pytest.raises(UserError, match="No text here has a valid rationale"):
        ask(PlausibilityMetrics(Explanations()), model, dataset, examples=[dataset.examples[1]])


def test_caches_stay_within_their_bounds(model, dataset):
    metric = FaithfulnessMetrics(Explanations(), 16 * 1024)
    for number in range(20):
        examples = [{"sentence": f"{text} {number}"} for text in TEXTS]
        ask(metric, model, dataset, ("random",), examples)
    assert 0 < metric._measured._known.bytes <= 16 * 1024
    assert metric._limits.bytes <= 4 * 1024
    assert np.isfinite(metric._limits.bytes)
