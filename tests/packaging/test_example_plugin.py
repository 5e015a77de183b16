"""The example of a plug-in is installed, and all that it adds is there: Python, commands, page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "demos" / "plugin"


# One process, as all that it imports takes long.
LOOK = """
import contextlib, io, json
from lit_plugins import TextClassifier, evaluate, explain, counterfactuals
from lit_plugins.cli import main
from lit_plugins.counterfactual.rules import RULES
from lit_plugins.explain import METHODS
from lit_plugins.lit.build import build_app
from lit_plugins.testing import check_method, check_metric, check_rule


TEXT = "A good film."
classifier = TextClassifier.from_pretrained("sentiment-bow")
table = evaluate.texts([TEXT, "A bad film."], ["positive", "negative"], kind=["x", "y"])
check_method(METHODS["keep_one"], classifier)
check_rule(RULES["exclamation"])
check_metric(evaluate.METRICS["confidence"], classifier, table, by="kind")


def printed(*arguments):
    with contextlib.redirect_stdout(io.StringIO()) as output:
        main([*arguments, "--model", "sentiment-bow"])
    return output.getvalue()


app = build_app({"bow": classifier}, {"texts": table})
query = {"model": "bow", "dataset_name": "texts"}
inputs = json.loads(app.answer("/get_dataset", query, None))[:1]


def answered(route, config=None, **names):
    body = {"inputs": inputs, "config": config or {}}
    return json.loads(app.answer(route, {**query, **names}, body))


rule = {"rule": "exclamation", "flips_only": False}
((example,),) = answered("/get_generated", rule, generator="Rules")
print(json.dumps({
    "scores": list(explain(classifier, [TEXT], "keep_one")[0].scores),
    "new_texts": [
        each.new_text for each in counterfactuals(classifier, TEXT, "lexical", **rule)
    ],
    "confidence": list(evaluate.METRICS["confidence"](classifier, table)["mean_confidence"]),
    "explained": printed("explain", TEXT, "--method", "keep_one"),
    "changed": printed(
        "counterfactuals", TEXT, "--method", "lexical", "--rule", "exclamation", "--no-flips-only"
    ),
    "evaluated": printed("evaluate", "--metrics", "confidence", "--by", "label"),
    "info": json.loads(app.answer("/get_info", {}, None)),
    "salience": answered("/get_interpretations", interpreter="Keep one in"),
    "generated": example["data"]["sentence"],
    "measured": answered("/get_metrics", {"asked": True}, metrics="confidence"),
}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict:
    source = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("source") / "plugin")
    target = tmp_path_factory.mktemp("installed")
    flags = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    pip = [sys.executable, "-m", "pip", "install", *flags, "--target", str(target), str(source)]
    subprocess.run(pip, check=True)
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": f"{target}:{ROOT}"}
    look = subprocess.run(
        [sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=False
    )
    assert look.returncode == 0, look.stderr
    return json.loads(look.stdout)


def test_it_is_in_python(seen):
    assert len(seen["scores"]) == 4
    assert seen["scores"][1] == max(seen["scores"]) > 0
    assert seen["new_texts"] == ["A good film!"]
    assert 0.5 < seen["confidence"][0] <= 1


def test_it_is_on_the_command_line(seen):
    assert "keep_one" in seen["explained"]
    assert "exclamation" in seen["changed"]
    assert seen["evaluated"].startswith("confidence: How sure the models are.")


def test_it_is_in_the_page(seen):
    info = seen["info"]
    assert "Keep one in" in info["models"]["bow"]["interpreters"]
    assert "exclamation" in info["generators"]["Rules"]["configSpec"]["rule"]["vocab"]
    assert "confidence" in info["models"]["bow"]["metrics"]
    assert info["metrics"]["confidence"]["description"] == "Confidence: How sure the models are."
    assert seen["generated"] == "A good film!"
    (row,) = seen["measured"]["confidence"]
    assert row["pred_key"] == "Confidence"
    assert 0.5 < row["metrics"]["mean confidence"] <= 1
    (salience,) = seen["salience"]
    shown = [field["salience"] for field in salience.values() if isinstance(field, dict)]
    assert seen["scores"] in [pytest.approx(each) for each in shown]


def test_it_is_short():
    assert len((EXAMPLE / "example.py").read_text().splitlines()) < 80
