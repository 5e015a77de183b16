import re

import pytest
from playwright.sync_api import expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier, evaluate
from lit_plugins.data import TextTable
from lit_plugins.lexicon.phenomena import PHENOMENA
from tests.browser.page import LitPage, cells, make_slices, shown

PAIR = " vs ".join(EMBEDDED_MODELS)
TEXT = "Nobody has ever been this bored, not even me, which I did not expect."


@pytest.fixture(scope="module")
def compared(classifiers: dict[str, TextClassifier], reviews: TextTable):
    return evaluate.by_text(classifiers, reviews)


@pytest.fixture
def side_by_side(blank: LitPage, address: str) -> LitPage:
    """The layout that compares models."""
    blank.open_layout(address, "compare")
    expect(blank.module("data-table-module").locator("th", has_text="divergence")).to_be_visible()
    blank.wait_idle()
    return blank


def test_slices_by_phenomenon_with_their_metrics(lit: LitPage, reviews: TextTable):
    counts = dict.fromkeys(("true", "false"), 0)
    for text in reviews.texts:
        counts[str(PHENOMENA["negation"].find(text)).lower()] += 1
    lit.open_tab("Metrics")
    metrics = lit.module("metrics-module")
    lit.button("Facets", metrics).click()
    lit.checkbox("negation (2)", metrics).click()
    rows = metrics.locator(".lit-data-table-row").filter(has_text="faceted")
    expect(rows).to_have_count(4)
    found = {(row[0], row[2]): int(row[4]) for row in map(cells, rows.all())}
    assert found == {
        (model, value): count for model in EMBEDDED_MODELS for value, count in counts.items()
    }


def test_a_slice_of_each_length_band(lit: LitPage, reviews: TextTable):
    bands = [PHENOMENA["length_band"].find(text) for text in reviews.texts]
    slices = make_slices(lit, "length_band")
    for band in set(bands):
        row = slices.locator(".selector-item", has_text=f"length_band:{band}")
        expect(row).to_contain_text(f"{bands.count(band)} datapoints")


def test_annotations_are_neither_in_the_way_nor_edited(lit: LitPage, reviews: TextTable):
    table = lit.module("data-table-module")
    for name in PHENOMENA:
        expect(table.locator("th", has_text=re.compile(rf"^\s*{name}\s*$"))).to_have_count(0)
    lit.row(reviews.texts[2]).click()
    expect(lit.editor_text()).to_have_value(reviews.texts[2])
    names = shown(lit.module("datapoint-editor-module").locator(".field-name"))
    assert names == ["*sentence", "label", *reviews.columns]


def test_a_new_text_is_annotated_and_compared(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.select(reviews.texts[2])
    lit.editor_text().fill(TEXT)
    lit.button("Add", lit.module("datapoint-editor-module")).click()
    lit.expect_selected(1, len(reviews.texts) + 1)
    table = lit.module("data-table-module")
    lit.button("Columns", table).click()
    for column in ("negation", "length", f"{PAIR}:difference"):
        lit.checkbox(column, table.locator(".column-dropdown")).click()
    lit.page.keyboard.press("Escape")
    table.get_by_text("Show generated").click()
    first, second = (model.predict([TEXT]).probabilities[0] for model in classifiers.values())
    labels = next(iter(classifiers.values())).labels
    target = labels.index(reviews.labels[2])
    row = lit.row(TEXT)
    expect(row).to_contain_text(f"{first[target] - second[target]:.3f}")
    assert "✔" in cells(row)
    assert str(PHENOMENA["length"].find(TEXT)) in cells(row)


def test_a_text_that_is_there_already_stays_as_it_is(lit: LitPage, reviews: TextTable):
    lit.select(reviews.texts[2])
    lit.editor_text().fill(TEXT)
    lit.button("Add", lit.module("datapoint-editor-module")).click()
    lit.expect_selected(1, len(reviews.texts) + 1)
    lit.editor_text().fill(reviews.texts[2])
    lit.button("Add", lit.module("datapoint-editor-module")).click()
    lit.expect_selected(1, len(reviews.texts) + 1)
    for model in EMBEDDED_MODELS:
        assert lit.probability(model, "negative") > 0


def test_where_models_part_stands_in_the_table(side_by_side: LitPage, compared):
    pair = "-".join(EMBEDDED_MODELS)
    for index, row in enumerate(side_by_side.rows().all()):
        values = cells(row)[3:9]
        expected = compared.iloc[index]
        classes = [value.removesuffix("✗").rstrip() for value in values[:2]]
        assert classes == [expected[f"{model} predicted"] for model in EMBEDDED_MODELS]
        assert values[2] == ("✔" if expected[f"{pair} agree"] else "")
        assert values[3] == expected[f"{pair} right"]
        for value, what in zip(values[4:], ("difference", "divergence"), strict=True):
            assert float(value) == pytest.approx(expected[f"{pair} {what}"], abs=6e-4)


def test_colour_and_facets_by_who_is_right(side_by_side: LitPage, compared):
    right = compared[f"{'-'.join(EMBEDDED_MODELS)} right"].tolist()
    side_by_side.color_by(f"{PAIR}:right")
    legend = side_by_side.module("embeddings-module").locator("color-legend")
    expect(legend.locator(".color-label")).to_have_text(f"{PAIR}:right")
    expect(legend.locator(".legend-box")).to_have_count(4)
    side_by_side.open_tab("Metrics")
    metrics = side_by_side.module("metrics-module")
    side_by_side.button("Facets", metrics).click()
    side_by_side.checkbox(f"{PAIR}:right (4)", metrics).click()
    rows = metrics.locator(".lit-data-table-row").filter(has_text="faceted")
    expect(rows).to_have_count(2 * len(set(right)))
    found = {(row[0], row[2]): (int(row[4]), row[5]) for row in map(cells, rows.all())}
    for who in set(right):
        assert found[EMBEDDED_MODELS[0], who][0] == right.count(who)
    assert float(found[EMBEDDED_MODELS[0], "both"][1]) == 1
    assert float(found[EMBEDDED_MODELS[1], "neither"][1]) == 0


def test_a_closed_models_columns_go_and_come_back(lit: LitPage):
    closed = EMBEDDED_MODELS[1]
    menu = lit.page.locator("lit-main-menu")

    def offered() -> list[str]:
        menu.get_by_text("Color by", exact=True).click()
        expect(menu.get_by_text("label", exact=True)).to_be_visible()
        names = menu.locator(".item-text:visible").all_inner_texts()
        menu.get_by_text("label", exact=True).click()
        return [name.strip() for name in names if closed in name]

    lit.page.locator("lit-app-toolbar").get_by_text(closed, exact=True).click()
    lit.wait_idle()
    columns = lit.module("data-table-module").locator("th", has_text="sentiment-")
    expect(columns).to_have_count(1)
    assert offered() == [f"unknown words {closed}"]
    lit.page.locator("lit-app-toolbar").get_by_text(closed, exact=True).click()
    expect(columns).to_have_count(2)
    lit.wait_idle()
    assert f"{PAIR}:agree" in offered()
