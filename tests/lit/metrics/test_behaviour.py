from dataclasses import replace

import pytest
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.lib import caching

from lit_plugins import evaluate
from lit_plugins.counterfactual.rules import RULES
from lit_plugins.errors import UserError
from lit_plugins.evaluate import inputs
from lit_plugins.lit.dataset import lit_dataset_of
from lit_plugins.lit.metrics import behaviour
from lit_plugins.lit.metrics.behaviour import ContrastMetrics, RuleMetrics
from lit_plugins.lit.metrics.on_demand import ASKED
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.runtime.cancellation import Stopped, stopping_when
from tests.lit.conftest import a_table

PAIRS = ("a", "a", "b", "c", "", "b")


@pytest.fixture(scope="module")
def model(named_classifier):
    return LitTextClassifier(named_classifier("bert"))


@pytest.fixture(scope="module")
def table():
    made = a_table()
    return replace(
        made, columns={**made.columns, "pair": PAIRS}, kinds={**made.kinds, "pair": "text"}
    )


@pytest.fixture(scope="module")
def dataset(table):
    made = lit_dataset_of(table, ("negative", "positive"))
    return lit_dataset.IndexedDataset(base=made, id_fn=caching.input_hash)


def ask(metric, model, dataset, examples=None, **options):
    config = {ASKED: True, **options}
    found = metric.run(examples or dataset.examples, model, dataset, None, config)
    return {row["pred_key"]: {"texts": row["texts"], **row["metrics"]} for row in found}


def test_contrast_consistency_is_the_engines(model, table, dataset):
    expected = evaluate.contrast(model.classifier, table).iloc[0]
    (shown,) = ask(ContrastMetrics(), model, dataset).values()
    assert shown == {
        "texts": 4,
        "pairs": 2,
        "both right": pytest.approx(expected["both_right"]),
        "changed": pytest.approx(expected["changed"]),
    }


def test_a_pair_is_in_each_slice_that_one_of_its_texts_is_in(model, table, dataset):
    expected = evaluate.contrast(model.classifier, table, by="domain").set_index("domain")
    for domain in ("film", "food"):
        examples = [each for each in dataset.examples if each["domain"] == domain]
        (shown,) = ask(ContrastMetrics(), model, dataset, examples).values()
        assert shown["pairs"] == expected.loc[domain, "n"]
        assert shown["both right"] == pytest.approx(expected.loc[domain, "both_right"])


def test_what_was_made_of_a_pair_is_none_of_it(model, dataset):
    child = {**dataset.examples[0], "sentence": "made from it", "_id": "new"}
    with_child = ask(ContrastMetrics(), model, dataset, [*dataset.examples, child])
    assert with_child == ask(ContrastMetrics(), model, dataset)
    (alone,) = ask(ContrastMetrics(), model, dataset, [child]).values()
    assert alone == {"texts": 0, "pairs": 0, "both right": None, "changed": None}


def test_rules_are_the_engines(model, table, dataset):
    shown = ask(RuleMetrics(2**20), model, dataset)
    expected = evaluate.behaviour(model.classifier, table).set_index("rule")
    assert len(shown) == len(RULES)
    for name, rule in RULES.items():
        row = expected.loc[name]
        assert shown[f"{rule.title} ({rule.expects})"] == {
            "texts": row["of"],
            "edits": row["edits"],
            "tested": row["tested"],
            "flip rate": none_or(row["flip_rate"]),
            "direction errors": none_or(row["direction_errors"]),
        }


def none_or(value):
    return None if value != value else pytest.approx(value)


def test_what_was_tried_is_not_tried_again(model, dataset, monkeypatch):
    tried = []
    probabilities = inputs.probabilities

    def spy(classifier, texts):
        tried.extend(texts)
        return probabilities(classifier, texts)

    monkeypatch.setattr(inputs, "probabilities", spy)
    metric = RuleMetrics(2**20)
    first = ask(metric, model, dataset)
    count = len(tried)
    assert count > 0
    assert ask(metric, model, dataset) == first
    ask(metric, model, dataset, dataset.examples[:3])
    assert len(tried) == count


def test_a_text_that_no_rule_applies_to_has_no_rates(model, dataset):
    shown = ask(RuleMetrics(2**20), model, dataset, [{"sentence": "..."}, {"sentence": ""}])
    for values in shown.values():
        assert values["texts"] == 2
        if not values["edits"]:
            assert values["flip rate"] is None


def test_long_texts_are_grouped_apart():
    long = "x" * 30_000
    groups = list(behaviour._groups(["a", "b", long, "c", "d"]))
    assert groups == [["a", "b"], [long], ["c", "d"]]


def test_long_texts_are_tried_a_few_edits_at_a_time(model, dataset, monkeypatch):
    sizes = []
    probabilities = inputs.probabilities

    def spy(classifier, texts):
        sizes.append(len(texts))
        return probabilities(classifier, texts)

    monkeypatch.setattr(inputs, "probabilities", spy)
    monkeypatch.setattr(inputs, "_AT_ONCE", 8)
    examples = [{"sentence": f"{at} " + "a good film and a bad one " * 6} for at in range(2)]
    shown = ask(RuleMetrics(2**20), model, dataset, examples)
    assert max(values["edits"] for values in shown.values()) > 16
    assert max(sizes) == 8


def test_what_nobody_waits_for_stops(model, dataset):
    with stopping_when(lambda: True), pytest.raises(Stopped):
        ask(RuleMetrics(2**20), model, dataset)


def test_a_wrong_sample_is_one_sentence(model, dataset):
    with pytest.raises(UserError, match="The option texts is 'many'; give a whole number"):
        ask(RuleMetrics(2**20), model, dataset, texts="many")
