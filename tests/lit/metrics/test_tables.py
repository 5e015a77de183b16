from __future__ import annotations

from dataclasses import replace

import pytest

from lit_plugins.evaluate import Measure, Metric
from lit_plugins.evaluate.tables import frame
from lit_plugins.lit.dataset import lit_dataset_of
from lit_plugins.lit.metrics.on_demand import ASKED
from lit_plugins.lit.metrics.tables import TableMetrics
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.options import Integer, LanguageModel
from tests.lit.conftest import a_table


def count(question):
    (model,) = question.classifiers
    domains = question.table.columns["domain"]
    least = question.options["least"]
    return frame(
        [
            {"model": model, "domain": domain, "a_count": domains.count(domain) + least, "n": 7}
            for domain in sorted(set(domains))
        ]
    )


METRIC = Metric(
    "count",
    "Count",
    "How many texts there are.",
    count,
    (Integer("least", 0, "A number that is added."),),
    fits=lambda question: "domain" in question.table.columns,
    measures=(Measure("a count", "The number of texts.", "highest"),),
)


@pytest.fixture(scope="module")
def model(named_classifier):
    return LitTextClassifier(named_classifier("bert"))


@pytest.fixture(scope="module")
def dataset():
    return lit_dataset_of(a_table(), ("negative", "positive"))


def test_a_line_for_each_row_has_the_measures_and_the_name_of_the_row(model, dataset):
    metric = TableMetrics(METRIC)
    shown = metric.run(dataset.examples[:3], model, dataset, config={ASKED: True, "least": "10"})
    assert [(row["pred_key"], row["texts"], row["metrics"]) for row in shown] == [
        ("film", 7, {"a count": 12}),
        ("food", 7, {"a count": 11}),
    ]
    assert metric.run(dataset.examples, model, dataset) == []


def test_the_page_chooses_no_masked_language_model(model, dataset):
    used = []
    metric = replace(
        METRIC,
        make=lambda question: used.append(question.options) or count(question),
        options=(*METRIC.options, LanguageModel("infill_model", "auto", "A model.")),
    )
    shown = TableMetrics(metric, "review-filler")
    assert [option.name for option in shown.options] == ["least"]
    assert "infill_model" not in shown.config_spec()
    shown.run(dataset.examples, model, dataset, config={ASKED: True, "infill_model": "/etc"})
    assert used == [{"least": 0, "infill_model": "review-filler"}]


def test_it_is_offered_where_the_metric_fits(model, dataset):
    assert TableMetrics(METRIC).is_compatible(model, dataset)
    other = lit_dataset_of(a_table(), None)
    del other._spec["domain"]
    assert not TableMetrics(METRIC).is_compatible(model, other)
