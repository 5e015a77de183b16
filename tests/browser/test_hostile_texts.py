"""Texts, classes and columns that are markup and scripts: they are shown, and nothing runs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier
from lit_plugins.lit.layouts import LAYOUTS
from lit_plugins.serve.factory import create_app
from tests.browser.page import VIEWPORT, LitPage, cells, shown
from tests.serving import serve_in_thread

# With quotes, or Markdown would not take it for markup.
IMAGE = '<img src=x onerror="window.ran=1">'
ATTRIBUTE = '"><script>window.ran=2</script>'
SCRIPT = "</script><script>window.ran=3</script>"
DRAWING = '<svg onload="window.ran=4">'
LINK = "[see](javascript:window.ran=5)"
ADDRESS = "javascript:window.ran=6"
FRAME = "<iframe srcdoc='<script>parent.ran=7</script>'>"
PICTURE = "![see](http://192.0.2.1/seen.png)"
PAYLOADS = [IMAGE, ATTRIBUTE, SCRIPT, DRAWING, LINK, ADDRESS, FRAME, PICTURE]

CLASSES = (f"bad {IMAGE}", f"good {ATTRIBUTE}")
KIND = f"kind {DRAWING}"
STARS = f"stars {IMAGE} {LINK}"
KINDS = (IMAGE, ATTRIBUTE, LINK, DRAWING)
BREAK = "\u200b"
"""Where LIT lets the browser break a long word."""


@pytest.fixture(scope="module")
def hostile(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a page over models and data in which all that has a name is markup."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sentence", "label", KIND, STARS])
        for at, payload in enumerate(PAYLOADS):
            for word, label in zip(("bad", "good"), CLASSES, strict=True):
                writer.writerow([f"A {word} one {payload}", label, KINDS[at // 2], at + 0.5])
    models = {
        name: TextClassifier.from_pretrained(name).with_labels(CLASSES) for name in EMBEDDED_MODELS
    }
    return serve_in_thread(create_app(models, {"texts": path}, log=None))


@pytest.fixture
def lit(browser: Browser, hostile: str) -> Iterator[LitPage]:
    page = browser.new_page(viewport=VIEWPORT)
    watched = LitPage.watched(page)
    page.goto(hostile)
    expect(watched.rows()).to_have_count(10)
    watched.wait_idle()
    yield watched
    watched.wait_idle()
    check_nothing_ran(watched)
    page.close()


def check_nothing_ran(lit: LitPage) -> None:
    assert lit.page.evaluate("() => window.ran") is None
    assert lit.page.locator(":is(img, a)[href^='javascript'], img[src*='192.0.2.1']").count() == 0
    assert lit.problems == []


def select(lit: LitPage, word: str, payload: str) -> None:
    """Selects a text on the data table's first page."""
    row = 2 * PAYLOADS.index(payload) + (word == "good")
    lit.rows().nth(row).click()
    lit.expect_shown(f"A {word} one {payload}")


def module_tabs(lit: LitPage) -> list[Locator]:
    return lit.page.locator("lit-modules .tab").all()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_in_every_tab_of_every_layout(blank: LitPage, hostile: str, layout: str):
    models = ",".join(EMBEDDED_MODELS)
    query = {"layout": layout, "models": models, "data_sentence": f"One more {SCRIPT}"}
    blank.page.goto(f"{hostile}?{urlencode(query)}")
    expect(blank.page.locator("lit-modules .tab").first).to_be_visible()
    blank.wait_idle()
    for tab in module_tabs(blank):
        tab.click()
        blank.wait_idle()
        check_nothing_ran(blank)


def test_texts_classes_and_columns_are_shown_as_written(lit: LitPage):
    heads = "".join(shown(lit.module("data-table-module").locator("th"))).replace(BREAK, "")
    assert KIND in heads
    assert STARS in heads
    for row, payload in zip(lit.rows().all()[::2], PAYLOADS, strict=False):
        written = [cell.replace(BREAK, "") for cell in cells(row)]
        assert written[1:3] == [f"A bad one {payload}", CLASSES[0]]
    select(lit, "bad", SCRIPT)
    prediction = lit.module("prediction-module")
    expect(prediction.locator(".words").first).to_have_text(f"A bad one {SCRIPT}")
    expect(prediction.locator(".gold")).to_contain_text(CLASSES[0])
    lit.open_tab("Predictions")
    panel = lit.module("classification-module").first
    expect(panel).to_contain_text(CLASSES[0])
    expect(panel).to_contain_text(CLASSES[1])


def test_in_explanations(lit: LitPage):
    select(lit, "good", IMAGE)
    for name in EMBEDDED_MODELS:
        for method in ("SHAP", "Integrated gradients", "LIME"):
            row = lit.explain(name, method)
            words = row.locator(".salient-token .pre-wrap").all_inner_texts()
            assert "".join(words).replace(" ", "") == f"A good one {IMAGE}".replace(" ", "")
    for tab in ("Attribution Chart", "Attention"):
        lit.open_tab(tab)
        lit.wait_idle()


def test_in_colours_and_their_tooltips(lit: LitPage):
    for column in (KIND, STARS, "label"):
        lit.color_by(column)
        legend = lit.module("embeddings-module").locator("color-legend")
        expect(legend.locator(".color-label")).to_have_text(column)
        for box in legend.locator(".legend-box").all():
            box.hover()
    # LIT's tooltips are Markdown, in which markup would stand as it is.
    tips = shown(legend.locator(".tooltip-text"))
    assert set(CLASSES) <= {tip.removesuffix(" (8)") for tip in tips}


def test_in_facets_slices_and_metrics(lit: LitPage):
    lit.open_tab("Metrics")
    metrics = lit.module("metrics-module")
    lit.button("Facets", metrics).click()
    metrics.locator("lit-checkbox", has_text=KIND).locator("input").click()
    expect(metrics.locator(".lit-data-table-row", has_text=IMAGE).first).to_be_visible()
    lit.rows().first.click()
    lit.button("Slices").click()
    slices = lit.module("lit-slice-module")
    slices.get_by_placeholder("Enter name").fill(FRAME)
    lit.button("Create slice", slices).click()
    expect(slices.locator(".selector-item", has_text=FRAME)).to_be_visible()


def test_in_scalars(lit: LitPage):
    select(lit, "good", ATTRIBUTE)
    lit.open_tab("Predictions")
    scalars = lit.module("scalar-module")
    for panel in scalars.locator(".plot-holder").all():
        panel.locator(".expansion-label").click()
    expect(scalars).to_contain_text(STARS)
    for plot in scalars.locator(".scatterplot").filter(visible=True).all():
        plot.hover()


def test_in_counterfactuals(lit: LitPage):
    select(lit, "good", IMAGE)
    lit.open_tab("Counterfactuals")
    module = lit.module("generator-module")
    form = lit.unfold("Word Replacer", module)
    form.locator(".option", has_text="Substitutions").locator("input").fill(f"good -> {DRAWING}")
    lit.button("Apply", form).click()
    expect(module.locator(".lit-data-table-row").first).to_be_visible()
    made = cells(module.locator(".lit-data-table-row").first)[0].replace(BREAK, "")
    assert made == f"A {DRAWING} one {IMAGE}"
    lit.button("Add and compare", module).click()
    lit.expect_selected(2, 2 * len(PAYLOADS) + 1)
    for tab in module_tabs(lit):
        tab.click()
        lit.wait_idle()


def test_in_the_descriptions_of_models_and_data(lit: LitPage):
    lit.button("Configure").click()
    settings = lit.page.locator("lit-global-settings")
    for tab in ("Models", "Dataset", "Layout"):
        settings.locator(".tab", has_text=tab).click()
        lit.wait_idle()
    settings.locator(".tab", has_text="Models").click()
    expect(settings.locator(".description-preview").first).to_contain_text(CLASSES[0])


@pytest.mark.parametrize("name", ["data_sentence", "models", "dataset", "color_by", "selection"])
def test_in_the_address(browser: Browser, hostile: str, name: str):
    payload = IMAGE + ATTRIBUTE
    query = {"models": ",".join(EMBEDDED_MODELS), "layout": "debug", name: payload}
    page = browser.new_page(viewport=VIEWPORT)
    lit = LitPage.watched(page)
    page.goto(f"{hostile}?{urlencode(query)}")
    expect(lit.rows().first).to_be_visible()
    lit.wait_idle()
    if name == "data_sentence":
        expect(lit.editor_text()).to_have_value(payload)
    check_nothing_ran(lit)
    page.close()


def test_in_the_names_of_layout_and_tabs(browser: Browser, hostile: str):
    names = ["layout", "tab", "upperTab", "leftTab", "hidden_modules", "maximized", "doc_open"]
    page = browser.new_page(viewport=VIEWPORT)
    lit = LitPage.watched(page)
    page.goto(f"{hostile}?{urlencode(dict.fromkeys(names, SCRIPT))}")
    expect(lit.rows().first).to_be_visible()
    lit.wait_idle()
    check_nothing_ran(lit)
    page.close()


def test_what_runs_would_be_seen(browser: Browser):
    page = browser.new_page()
    page.set_content(IMAGE)
    page.wait_for_function("() => window.ran === 1")
    page.close()
