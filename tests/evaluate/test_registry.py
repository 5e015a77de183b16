import pytest

from lit_plugins import evaluate
from lit_plugins.errors import UserError
from lit_plugins.evaluate import METRICS
from lit_plugins.testing import check_metric
from tests.evaluate.predictors import linear
from tests.explain.estimators.test_missing_words import Copyist

MODELS = {
    "one": linear({"good": 0.3, "bad": -0.3, "dull": -0.1, "not": -0.15}),
    "two": linear({"good": 0.1, "bad": -0.2, "film": 0.05, "not": -0.1}),
}
TABLE = evaluate.texts(
    ["a good film", "not a good film", "bad film", "dull and bad", "good", "bad"],
    ["yes", "no", "no", "no", "yes", "yes"],
    kind=["x", "x", "y", "y", "x", "y"],
    pair=["p", "p", "", "", "q", "q"],
    rationale=["0 1 0", "1 0 1 0", "1 0", "1 0 1", "1", "1"],
)
ASKED = {
    "behaviour": {"rules": ["negation_added", "closing_mark"]},
    "faithfulness": {"methods": ["occlusion", "random"], "search": 20},
    "faithfulness_curves": {"methods": ["occlusion", "random"]},
    "agreement": {"methods": ["occlusion", "random"]},
    "missing_words": {"methods": ["occlusion"], "infill_model": Copyist()},
    "plausibility": {"methods": ["occlusion", "random"]},
    "global_words": {"methods": ["occlusion"], "at_least": 1},
}


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_keeps_its_contract(name):
    by = None if name == "by_text" else "kind"
    check_metric(METRICS[name], MODELS, TABLE, by=by, **ASKED.get(name, {}))


def test_a_metric_is_called_by_name_with_the_options_it_declares():
    made = METRICS["contrast"](MODELS, TABLE, pair_column="pair", by="kind")
    expected = evaluate.contrast(MODELS, TABLE, column="pair", by="kind")
    assert made.equals(expected)
    one = METRICS["plausibility"](MODELS["one"], TABLE, methods=["occlusion"], sample=2, seed=3)
    assert set(one["of"]) == {6}
    assert set(one["n"]) <= {1, 2}
    with pytest.raises(UserError, match="'magic' is not"):
        METRICS["calibration"](MODELS, TABLE, magic=1)
