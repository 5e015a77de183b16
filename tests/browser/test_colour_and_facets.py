from playwright.sync_api import expect

from lit_plugins import EMBEDDED_MODELS
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, cells


def test_the_projector_is_coloured_by_the_chosen_column(lit: LitPage):
    legend = lit.module("embeddings-module").locator("color-legend")
    for column, colours in (("label", 2), ("domain", 6)):
        lit.color_by(column)
        expect(legend.locator(".color-label")).to_have_text(column)
        expect(legend.locator(".legend-box")).to_have_count(colours)


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
