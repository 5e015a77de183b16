from playwright.sync_api import Locator, expect

from lit_plugins import EMBEDDED_MODELS
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, cells


def test_the_projector_is_coloured_by_the_chosen_column(lit: LitPage):
    legend = lit.module("embeddings-module").locator("color-legend")
    for column, colours in (("label", 2), ("domain", 6)):
        lit.color_by(column)
        expect(legend.locator(".color-label")).to_have_text(column)
        expect(legend.locator(".legend-box")).to_have_count(colours)


ORANGE, BLUE = "rgb(255, 146, 48)", "rgb(60, 125, 191)"
COLOURS = {"negative": ORANGE, "positive": BLUE}


def filled(shapes: Locator, style: str = "backgroundColor") -> list[str]:
    """The colour that each element is drawn in."""
    return shapes.evaluate_all(f"(all) => all.map((one) => getComputedStyle(one).{style})")


def test_a_class_has_one_colour_in_all_modules_and_for_both_models(lit: LitPage):
    legend = lit.module("embeddings-module").locator("color-legend")
    columns = ["label", *(f"{name}:probas:class" for name in EMBEDDED_MODELS)]
    expect(legend.locator(".color-label")).to_have_text(columns[1])
    lit.rows().first.click()
    bars = lit.module("classification-module").locator(".bar")
    for column in [*columns, "domain"]:
        lit.color_by(column)
        expect(legend.locator(".color-label")).to_have_text(column)
        if column != "domain":
            assert filled(legend.locator(".legend-box")) == [ORANGE, BLUE]
    # Also where the colours are those of another column.
    lit.open_tab("Predictions")
    expect(bars).to_have_count(2 * len(EMBEDDED_MODELS))
    assert filled(bars) == [ORANGE, BLUE] * len(EMBEDDED_MODELS)

    for row in lit.rows().all():
        marks = filled(row.locator(".class-mark"))
        assert marks == [COLOURS[cell.split()[0]] for cell in cells(row)[2:5]]
    lit.open_tab("Metrics")
    marks = lit.module("confusion-matrix-module").locator(".class-mark")
    expect(marks).to_have_count(4)
    assert filled(marks) == [ORANGE, BLUE, ORANGE, BLUE]
    lit.open_tab("Thresholds")
    curves = lit.module("curves-module")
    for label, colour in COLOURS.items():
        curves.locator("select").nth(1).select_option(label)
        lit.wait_idle()
        assert set(filled(curves.locator("path.line"), "stroke")) == {colour}


def test_metrics_for_each_value_of_a_facet(lit: LitPage, reviews: TextTable):
    domains = reviews.columns["domain"]
    lit.open_tab("Metrics")
    metrics = lit.module("metrics-module")
    lit.button("Facets", metrics).click()
    lit.checkbox("domain (6)", metrics).click()
    rows = metrics.locator(".lit-data-table-row").filter(has_text="faceted")
    expect(rows).to_have_count(2 * len(set(domains)))
    shown = {(row[0], row[2]): int(row[4]) for row in map(cells, rows.all())}
    assert shown == {
        (model, domain): domains.count(domain)
        for model in EMBEDDED_MODELS
        for domain in set(domains)
    }
