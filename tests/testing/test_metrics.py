"""What a metric breaks, the check names."""

from dataclasses import replace

import pandas as pd
import pytest

from lit_plugins import evaluate
from lit_plugins.evaluate import Measure, Metric
from lit_plugins.options import Integer
from lit_plugins.testing import check_metric
from tests.evaluate.predictors import linear

MODELS = {"one": linear({"good": 0.3}), "two": linear({"good": 0.1})}
TABLE = evaluate.texts(["a good film", "bad"], ["yes", "no"], kind=["x", "y"])


def counted(question):
    rows = [
        {"model": name, **({question.by: value} if question.by else {}), "texts": len(places)}
        for name in question.classifiers
        for value, places in evaluate.inputs.slices(question.table, question.by).items()
    ]
    return pd.DataFrame(rows)


METRIC = Metric(
    "count",
    "Count",
    "How many texts there are.",
    counted,
    measures=(Measure("texts", "A number."),),
)


def making(change):
    return replace(METRIC, make=lambda question: change(counted(question)))


def test_a_metric_that_keeps_its_contract_passes():
    check_metric(METRIC, MODELS, TABLE, by="kind")


calls = []


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        (making(lambda table: table[:0]), "has no row"),
        (making(lambda table: table.drop(columns="texts")), "lacks the column 'texts'"),
        (
            making(lambda table: table.assign(texts="many")),
            "holds a value that is not a finite number",
        ),
        (making(lambda table: table.assign(texts=calls.append(1) or len(calls))), "called again"),
        (making(lambda table: table.assign(texts=len(table))), "a model stands beside others"),
        (replace(METRIC, measures=(Measure("a: b", "A number."),)), "without colon and comma"),
        (replace(METRIC, fits=lambda question: False), "does not fit"),
        (replace(METRIC, options=(Integer("by", 1, "A number."),)), "cannot be called 'by'"),
        (
            replace(METRIC, make=lambda question: counted(replace(question, by=None))),
            "by 'kind' lacks that column",
        ),
    ],
)
def test_what_a_metric_breaks_is_one_sentence(metric, said):
    with pytest.raises(AssertionError, match=said):
        check_metric(metric, MODELS, TABLE, by="kind")
