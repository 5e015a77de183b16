import re
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from lit_plugins import TextClassifier, evaluate
from lit_plugins.data import TextTable
from lit_plugins.lexicon.phenomena import PHENOMENA
from tests.browser.page import LitPage, cells


def test_accuracy_of_both_models(
    lit: LitPage, reviews: TextTable, predicted: dict[str, tuple[str, ...]]
):
    lit.open_tab("Metrics")
    rows = lit.module("metrics-module").locator(".lit-data-table-row")
    expect(rows).to_have_count(2)
    for row, (name, labels) in zip(rows.all(), predicted.items(), strict=True):
        right = np.array(labels) == np.array(reviews.labels)
        found = cells(row)
        assert found[:4] == [name, "dataset", "probas", str(len(reviews.texts))]
        assert float(found[4]) == pytest.approx(right.mean(), abs=6e-4)


def test_the_best_model_is_marked_in_each_slice(lit: LitPage, reviews: TextTable):
    lit.open_tab("Metrics")
    count = sum("never" in text for text in reviews.texts)
    lit.search("sentence:never")
    lit.select_found()
    rows = lit.module("metrics-module").locator(".lit-data-table-row")
    expect(rows.filter(has_text="selection")).to_have_count(2)
    assert {cells(row)[3] for row in rows.filter(has_text="selection").all()} == {str(count)}
    names = lit.module("metrics-module").locator("th .header-text").all_inner_texts()
    for place, name in enumerate(names[4:], 4):
        for part in ("selection", "dataset"):
            values, marks = zip(
                *(
                    (float(cells(row)[place]), place in bold(row))
                    for row in rows.all()
                    if cells(row)[1] == part
                ),
                strict=True,
            )
            best = (min if name.startswith("calibration") else max)(values)
            assert marks == tuple(value == best and min(values) < max(values) for value in values)


def bold(row: Locator) -> set[int]:
    """The places of a line's values that are marked as the best."""
    weights = row.locator("td").evaluate_all(
        "(all) => all.map((one) => one.querySelector('span')?.style.fontWeight)"
    )
    return {place for place, weight in enumerate(weights) if weight == "bold"}


def test_an_added_text_is_counted_in_the_facet_of_its_prediction(lit: LitPage, reviews: TextTable):
    lit.open_tab("Metrics")
    metrics = lit.module("metrics-module")
    lit.button("Facets", metrics).click()
    lit.checkbox("sentiment-small:probas:class (2)", metrics).click()
    rows = metrics.locator(".lit-data-table-row").filter(has_text="faceted")
    expect(rows).to_have_count(4)
    lit.rows().first.click()
    prediction = lit.module("prediction-module")
    lit.button("Edit", prediction).click()
    prediction.get_by_role("textbox").fill("A film that nobody has seen.")
    lit.button("Keep", prediction).click()
    lit.expect_selected(1, len(reviews.texts) + 1)
    lit.wait_idle()
    of_one = [cells(row) for row in rows.filter(has_text="sentiment-bow").all()]
    assert sum(int(line[4]) for line in of_one) == len(reviews.texts) + 1


def ask_for(lit: LitPage, *metrics: str, texts: int = 2) -> Locator:
    """Asks for metrics by the first word of their line in the form, and waits for them."""
    module = lit.module("metrics-module")
    lit.button("More metrics", module).click()
    for metric in metrics:
        group = module.locator(".more-metrics-group", has_text=f"{metric}:")
        group.locator("lit-checkbox input").set_checked(True)
        if metric != "Contrast":
            group.locator("input[type=number]").fill(str(texts))
    lit.button("Compute", module).click()
    return module


def values(module: Locator) -> dict[tuple[str, ...], dict[str, str]]:
    """Each line's N and measures by name, by its model, its facet if it has one, and its field."""
    names = module.locator("th .header-text").all_inner_texts()
    header = [" ".join(name.split()) for name in names]
    first = header.index("N")
    found = {}
    for row in module.locator(".lit-data-table-row").all():
        texts = cells(row)
        line = (texts[0], *texts[2:first])
        found[line] = dict(zip(header[first:], texts[first:], strict=True))
    return found


def test_calibration_of_both_models_and_nothing_that_takes_long(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.open_tab("Metrics")
    module = lit.module("metrics-module")
    expect(module.locator("th", has_text="Brier")).to_be_visible()
    expected = evaluate.calibration(classifiers, reviews).set_index("model")
    for name in classifiers:
        found = values(module)[name, "probas"]
        for measure in ("Brier", "ECE", "NLL"):
            value = float(found[f"calibration {measure}"])
            assert value == pytest.approx(expected.loc[name, measure.lower()], abs=6e-4)
    costly = re.compile("faithfulness|agreement|rules")
    expect(module.locator("th .header-text", has_text=costly)).to_have_count(0)


def test_faithfulness_of_two_methods_by_slice(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.open_tab("Metrics")
    module = lit.module("metrics-module")
    lit.button("Facets", module).click()
    lit.checkbox("negation (2)", module).click()
    expect(module.locator(".lit-data-table-row").filter(has_text="faceted")).to_have_count(4)
    ask_for(lit, "Faithfulness")
    # Two models, two methods, the dataset and two slices of it.
    rows = module.locator(".lit-data-table-row").filter(
        has_text=re.compile("SHAP|Integrated gradients")
    )
    expect(rows).to_have_count(12)
    lit.wait_idle()
    found = values(module)
    titles = {"shapley": "SHAP", "integrated_gradients": "Integrated gradients"}
    methods = {name: f"{title} (mask per token)" for name, title in titles.items()}
    negated = [str(PHENOMENA["negation"].find(text)).lower() for text in reviews.texts]
    table = replace(
        reviews,
        columns={**reviews.columns, "negation": tuple(negated)},
        kinds={**reviews.kinds, "negation": "category"},
    )
    expected = evaluate.faithfulness(classifiers, table, list(methods), by="negation", sample=2)
    for _, row in expected.iterrows():
        line = found[row["model"], row["negation"], methods[row["method"]]]
        assert line["N"] == f"{row['n']} of {negated.count(row['negation'])}"
        for measure in ("comprehensiveness", "normalised comprehensiveness", "insertion"):
            value = float(line[f"faithfulness {measure}"])
            assert value == pytest.approx(row[measure.replace(" ", "_")], abs=2e-3)

    # Methods compete for one model, in one slice.
    names = [" ".join(name.split()) for name in module.locator("th .header-text").all_inner_texts()]
    place = names.index("faithfulness insertion")
    lines = [(cells(row), bold(row)) for row in rows.all()]
    for line, marked in lines:
        rivals = [other[place] for other, _ in lines if other[:3] == line[:3]]
        assert len(rivals) == len(methods)
        assert (place in marked) == (line[place] == max(rivals) > min(rivals))


def test_behaviour_and_agreement(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.open_tab("Metrics")
    module = ask_for(lit, "Contrast", "Rules", "Agreement", texts=4)
    for name in classifiers:
        row = module.locator(".lit-data-table-row", has_text="contrast pairs").filter(has_text=name)
        expect(row).to_have_count(1)
    agreement = module.locator(".lit-data-table-row", has_text="SHAP / Integrated gradients")
    expect(agreement).to_have_count(2)
    lit.wait_idle()
    expected = evaluate.contrast(classifiers, reviews).set_index("model")
    for name in classifiers:
        found = values(module)[name, "contrast pairs"]
        assert found["contrast pairs"] == str(expected.loc[name, "n"])
        value = float(found["contrast both right"])
        assert value == pytest.approx(expected.loc[name, "both_right"], abs=6e-4)
    rules = values(module)[next(iter(classifiers)), "Closing mark (invariance)"]
    assert rules["N"] == f"4 of {len(reviews.texts)}"


def test_a_wrong_sample_size_is_one_sentence(lit: LitPage):
    lit.open_tab("Metrics")
    ask_for(lit, "Faithfulness", texts=0)
    expect(lit.error()).to_have_text(
        "The option texts is '0'; give a whole number from 1 to 10000."
    )
    lit.wait_idle()
    assert any("status 400" in problem for problem in lit.take_problems())


def test_what_takes_long_can_be_stopped(lit: LitPage):
    lit.open_tab("Metrics")
    module = ask_for(lit, "Faithfulness", texts=500)
    lit.button("Stop", module).click()
    lit.wait_idle()
    expect(module.locator(".lit-data-table-row")).to_have_count(2)
    expect(module.get_by_text("Stop", exact=True)).to_have_count(0)
