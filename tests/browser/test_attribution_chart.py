"""The attribution chart, beside the engine's own figures."""

import json
import re
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Download, Locator, expect

from lit_plugins import TextClassifier
from lit_plugins.explain import METHODS, Explanation, explain
from lit_plugins.explain.scored_text import Group
from tests.browser.page import LitPage

PINNED, SELECTED = "No one leaves this bakery hungry.", "No one leaves this bakery happy."
SHAP, OWEN = METHODS["shapley"].title, METHODS["owen"].title
DIGITS = 6e-4
SVG = "{http://www.w3.org/2000/svg}"

_ROWS = """(rows) => rows.map((row) => {
  const part = (name) => row.querySelector(name);
  const { x, width } = (part('.bar') ?? part('.value')).getBBox();
  return {
    kind: row.dataset.kind,
    label: part('.label').textContent,
    figure: part('.figure').textContent,
    low: x,
    high: x + width,
    whisker: part('.whisker')?.getBBox().width ?? 0,
  };
})"""

_PAIRS = """(pairs) => pairs.map((pair) => {
  const arc = pair.querySelector('.arc');
  const { y, height } = arc.getBBox();
  return {
    label: pair.querySelector('.label').textContent,
    figure: pair.querySelector('.figure').textContent,
    title: pair.querySelector('title').textContent,
    top: y,
    bottom: y + height,
    color: arc.getAttribute('stroke'),
    width: Number(arc.getAttribute('stroke-width')),
  };
})"""
_MIDDLES = """(rows) => Object.fromEntries(rows.map((row) => {
  const { y, height } = row.querySelector('.band').getBBox();
  return [row.querySelector('.label').textContent, y + height / 2];
}))"""


@dataclass(frozen=True)
class Row:
    """A row as it is drawn: its figure, and from where to where its bar goes, in pixels."""

    kind: str
    label: str
    figure: str
    low: float
    high: float
    whisker: float

    @property
    def score(self) -> float:
        return float(self.figure.partition("±")[0])

    @property
    def start(self) -> float:
        return self.low if self.score >= 0 else self.high

    @property
    def end(self) -> float:
        return self.high if self.score >= 0 else self.low


def test_models_texts_and_methods_side_by_side(
    lit: LitPage, classifiers: dict[str, TextClassifier]
):
    chart = opened(lit)
    expect(chart).to_contain_text("Select a datapoint")
    pin_and_select(lit)
    lit.button("Add method", chart).click()
    choose_method(chart, 1, OWEN)
    expect(chart.locator("section")).to_have_count(8)
    for name, model in classifiers.items():
        for which, text in (("pinned", PINNED), ("selected", SELECTED)):
            for method in ("shapley", "owen"):
                (expected,) = explain(model, [text], method)
                expect_shown(column(chart, name, which, METHODS[method].title), expected)
    button = chart.get_by_role("button", name=f"Remove {SHAP}", exact=True)
    button.click()
    expect(chart.locator("section")).to_have_count(4)
    expect(button).to_have_count(0)


def test_bars_lead_from_base_value_to_output_on_one_scale(
    lit: LitPage, classifiers: dict[str, TextClassifier]
):
    lit.select(SELECTED)
    chart = opened(lit)
    places = []
    for name, model in classifiers.items():
        (expected,) = explain(model, [SELECTED], "shapley")
        (base, *words, output) = rows(column(chart, name, SHAP))
        assert [row.kind for row in words] == ["word"] * len(expected.words)
        assert words[0].start == pytest.approx(base.low, abs=1)
        for before, after in pairwise(words):
            assert after.start == pytest.approx(before.end, abs=1)
        assert words[-1].end == pytest.approx(output.low, abs=1)
        places += [(expected.base_value, base.low), (expected.output, output.low)]
    (first, left), *_, (last, right) = places = sorted(places)
    for value, place in places:
        expected_place = left + (value - first) / (last - first) * (right - left)
        assert place == pytest.approx(expected_place, abs=1)
    expect(chart.get_by_role("status")).to_contain_text("All columns share one scale.")


def test_what_scores_leave_over_has_a_row_and_units_have_a_scale_each(
    lit: LitPage, classifiers: dict[str, TextClassifier]
):
    lit.select(SELECTED)
    chart = opened(lit)
    choose_method(chart, 0, METHODS["lime"].title)
    lit.button("Add method", chart).click()
    choose_method(chart, 1, METHODS["input_x_gradient"].title)
    name, model = next(iter(classifiers.items()))
    for method in ("lime", "input_x_gradient"):
        (expected,) = explain(model, [SELECTED], method)
        drawn = rows(column(chart, name, METHODS[method].title))
        delta = next(row for row in drawn if row.kind == "delta")
        assert delta.score == pytest.approx(expected.delta, rel=0.02)
        assert delta.end == pytest.approx(drawn[-1].low, abs=1)
        errors = [row.whisker for row in drawn if row.kind == "word"]
        sampled = expected.error is not None and expected.error.any()
        assert any(errors) == bool(sampled)
    expect(chart.get_by_role("status")).to_contain_text(
        "Probabilities and logits each have their own scale."
    )

    choose_method(chart, 0, METHODS["attention_rollout"].title)
    lit.wait_idle()
    (expected,) = explain(model, [SELECTED], "attention_rollout")
    drawn = rows(column(chart, name, METHODS["attention_rollout"].title))
    assert [row.score for row in drawn] == pytest.approx(expected.scores.tolist(), abs=DIGITS)
    assert {round(row.low) for row in drawn} == {round(drawn[0].low)}
    longest = max(drawn, key=lambda row: row.high)
    for row in drawn:
        share = (row.high - row.low) / (longest.high - longest.low)
        assert share == pytest.approx(row.score / longest.score, abs=0.02)


def test_phrases_are_the_engines_and_fold_by_keyboard(
    lit: LitPage, classifiers: dict[str, TextClassifier]
):
    lit.select(SELECTED)
    chart = opened(lit)
    choose_method(chart, 0, OWEN)
    name, model = next(iter(classifiers.items()))
    (expected,) = explain(model, [SELECTED], "owen")
    assert expected.groups is not None
    own = column(chart, name, OWEN)
    phrases = own.locator("button.fold")
    expect(phrases).not_to_have_count(0)
    shown = [
        (row.label, row.score, row.start, row.end) for row in rows(own) if row.kind == "phrase"
    ]
    groups = [group for group in expected.groups if 1 < words_in(group, expected) < 7]
    assert [label for label, *_ in shown] == [group.text for group in groups]
    assert [score for _, score, *_ in shown] == pytest.approx(
        [group.score for group in groups], abs=DIGITS
    )
    everything = rows(own)

    phrases.first.focus()
    lit.page.keyboard.press("ArrowLeft")
    expect(phrases.first).to_have_attribute("aria-expanded", "false")
    expect(phrases.first).to_be_focused()
    folded = rows(own)
    inside = [group for group in groups if group.offsets[1] <= groups[0].offsets[1]]
    words = [end for _, end in expected.offsets if end <= groups[0].offsets[1]]
    assert len(everything) - len(folded) == len(inside) - 1 + len(words)
    (phrase,) = (row for row in folded if row.label == groups[0].text)
    assert (phrase.start, phrase.end) == pytest.approx(shown[0][2:], abs=1)
    # The other model's column has the same phrase, and folds it too.
    other = column(chart, list(classifiers)[1], OWEN)
    expect(other.locator("button.fold").first).to_have_attribute("aria-expanded", "false")

    lit.page.keyboard.press("ArrowDown")
    expect(phrases.nth(1)).to_be_focused()
    lit.page.keyboard.press("ArrowUp")
    lit.page.keyboard.press("Enter")
    expect(phrases.first).to_have_attribute("aria-expanded", "true")
    assert [row.label for row in rows(own)] == [row.label for row in everything]
    chart.get_by_label("Phrases", exact=True).first.uncheck()
    assert [row.label for row in rows(own)][1:-1] == list(expected.words)


def test_the_largest_first(lit: LitPage, classifiers: dict[str, TextClassifier]):
    lit.select(SELECTED)
    chart = opened(lit)
    for name, model in classifiers.items():
        (expected,) = explain(model, [SELECTED], "shapley")
        column(chart, name, SHAP)
        chart.get_by_label("Order").select_option("size")
        _, *words, _ = rows(column(chart, name, SHAP))
        sizes = [abs(row.score) for row in words]
        assert sizes == sorted(sizes, reverse=True)
        assert words[0].label == expected.top(1)[0][0]


def test_a_class_and_options_are_chosen_and_refused(
    lit: LitPage, classifiers: dict[str, TextClassifier]
):
    lit.select(SELECTED)
    chart = opened(lit)
    chart.get_by_label("Class").select_option("positive")
    for name, model in classifiers.items():
        (expected,) = explain(model, [SELECTED], "shapley", target="positive")
        expect_shown(column(chart, name, SHAP), expected)
    lit.button("Options", chart).click()
    box = chart.get_by_label("evaluations")
    box.fill("60")
    box.press("Tab")
    for name, model in classifiers.items():
        own = column(chart, name, SHAP)
        expect(own).to_contain_text("evaluations 60,")
        (expected,) = explain(model, [SELECTED], "shapley", target="positive", evaluations=60)
        expect_shown(own, expected)
    box.fill("5")
    box.press("Tab")
    for name in classifiers:
        expect(column(chart, name, SHAP).locator(".problem")).to_contain_text("'5'")
    assert lit.take_problems()
    box.fill("500")
    box.press("Tab")
    expect(chart.locator(".problem")).to_have_count(0)


def test_another_selection_takes_the_place_of_what_was_asked_for(
    lit: LitPage, classifiers: dict[str, TextClassifier]
):
    chart = opened(lit)
    lit.row(PINNED).click()
    choose_method(chart, 0, METHODS["lime"].title)
    lit.row(SELECTED).click()
    for name, model in classifiers.items():
        (expected,) = explain(model, [SELECTED], "lime")
        own = column(chart, name, METHODS["lime"].title)
        expect(own.locator("svg")).to_contain_text("happy")
        expect_shown(own, expected)


def test_saved_as_svg_png_and_json(
    lit: LitPage, classifiers: dict[str, TextClassifier], tmp_path: Path
):
    pin_and_select(lit)
    chart = opened(lit)
    for name in classifiers:
        column(chart, name, "selected", SHAP)

    picture = ElementTree.fromstring(saved(lit, chart, "SVG").read_text("utf-8"))
    texts = [each.text for each in picture.iter(f"{SVG}text")]
    for name, model in classifiers.items():
        for which, text in (("pinned", PINNED), ("selected", SELECTED)):
            (expected,) = explain(model, [text], "shapley")
            assert f"{name} · {which} · {SHAP}" in texts
            assert set(expected.words) <= set(texts)
            assert f"{expected.output:.3f}" in texts
    described = picture.findtext(f"{SVG}desc")
    assert described is not None
    assert SELECTED in described
    # It stands alone: no style sheet, no font of the page's, nothing from elsewhere.
    assert {each.tag for each in picture.iter()} <= {
        SVG + tag for tag in ("svg", "title", "desc", "g", "rect", "path", "text")
    }
    assert {each.get("font-family") for each in picture.iter(f"{SVG}text")} == {"sans-serif"}

    header = saved(lit, chart, "PNG").read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    size = tuple(2 * int(picture.get(side, "0")) for side in ("width", "height"))
    assert struct.unpack(">II", header[16:]) == size

    data = json.loads(saved(lit, chart, "JSON").read_text("utf-8"))
    assert [(each["model"], each["text"]) for each in data] == [
        (name, text) for text in (PINNED, SELECTED) for name in classifiers
    ]
    for each in data:
        (expected,) = explain(classifiers[each["model"]], [each["text"]], "shapley")
        engines = json.loads(json.dumps(expected.to_dict()))
        assert set(each) == {*engines, "model", "title", "options", "compared"}
        for key, value in engines.items():
            floats = key in ("scores", "error", "output", "base_value", "delta")
            assert each[key] == (pytest.approx(value, abs=1e-5) if floats else value)


def test_copied_where_the_browser_lets(lit: LitPage, classifiers: dict[str, TextClassifier]):
    lit.select(SELECTED)
    chart = opened(lit)
    for name in classifiers:
        column(chart, name, SHAP)
    lit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chart.get_by_role("combobox", name="As", exact=True).select_option("JSON")
    lit.button("Copy", chart).click()
    expect(chart.get_by_role("status")).to_contain_text("Copied.")
    copied = json.loads(lit.page.evaluate("() => navigator.clipboard.readText()"))
    assert [each["model"] for each in copied] == list(classifiers)
    chart.get_by_role("combobox", name="As", exact=True).select_option("PNG")
    expect(chart.get_by_role("status")).not_to_contain_text("Copied.")
    lit.button("Copy", chart).click()
    expect(chart.get_by_role("status")).to_contain_text("Copied.")
    kinds = lit.page.evaluate("async () => (await navigator.clipboard.read())[0].types")
    assert kinds == ["image/png"]


def test_arcs_join_the_words_that_act_together(
    lit: LitPage, classifiers: dict[str, TextClassifier]
):
    lit.select(SELECTED)
    chart = opened(lit)
    ask_for_pairs(lit, chart)
    for order in ("text", "size"):
        chart.get_by_label("Order").select_option(order)
        for name, model in classifiers.items():
            (expected,) = explain(model, [SELECTED], "shapley", interactions=True)
            own = column(chart, name, SHAP)
            drawn = own.locator(".pair").evaluate_all(_PAIRS)
            strongest = expected.top_pairs(len(drawn))
            assert [pair["label"] for pair in drawn] == [f"{a} × {b}" for a, b, _ in strongest]
            assert [float(pair["figure"]) for pair in drawn] == pytest.approx(
                [value for *_, value in strongest], abs=DIGITS
            )
            middles = own.locator(".row[data-kind=word]").evaluate_all(_MIDDLES)
            for pair, (first, second, value) in zip(drawn, strongest, strict=True):
                ends = sorted(middles[word] for word in (first, second))
                assert [pair["top"], pair["bottom"]] == pytest.approx(ends, abs=2)
                assert pair["color"] == {True: "#1F6180", False: "#B7166A"}[value > 0]
                assert pair["label"] in pair["title"]
            widths = [pair["width"] for pair in drawn]
            assert widths == sorted(widths, reverse=True)
            summary = own.get_by_role("img").get_attribute("aria-label")
            assert summary is not None
            assert f"Strongest pair: {drawn[0]['label']} {drawn[0]['figure']}." in summary
            table = own.locator("table.pairs tbody tr")
            assert table.locator("th").all_text_contents() == [pair["label"] for pair in drawn]
            assert table.locator("td").all_text_contents() == [pair["figure"] for pair in drawn]


def test_pairs_of_words_are_saved_with_the_words(
    lit: LitPage, classifiers: dict[str, TextClassifier]
):
    lit.select(SELECTED)
    chart = opened(lit)
    ask_for_pairs(lit, chart)
    for name in classifiers:
        expect(column(chart, name, SHAP).locator(".pair").first).to_be_visible()
    picture = ElementTree.fromstring(saved(lit, chart, "SVG").read_text("utf-8"))
    texts = [each.text for each in picture.iter(f"{SVG}text")]
    data = json.loads(saved(lit, chart, "JSON").read_text("utf-8"))
    for (name, model), each in zip(classifiers.items(), data, strict=True):
        (expected,) = explain(model, [SELECTED], "shapley", interactions=True)
        assert each["model"] == name
        for part, values in expected.to_dict()["interactions"].items():
            for row, expected_row in zip(each["interactions"][part], values, strict=True):
                assert row == pytest.approx(expected_row, abs=1e-5)
        first, second, _ = expected.top_pairs(1)[0]
        assert f"{first} × {second}" in texts


def test_a_long_text_shows_its_largest_words_until_all_are_wanted(
    lit: LitPage, classifiers: dict[str, TextClassifier]
):
    text = " ".join(f"Part {part} was dull, but its people were warm." for part in range(30))
    lit.row(SELECTED).click()
    lit.editor_text().fill(text)
    lit.button("Add", lit.module("datapoint-editor-module")).click()
    chart = opened(lit)
    name, model = next(iter(classifiers.items()))
    choose_method(chart, 0, METHODS["occlusion"].title)
    (expected,) = explain(model, [text], "occlusion")
    assert len(expected.words) > 300
    own = column(chart, name, METHODS["occlusion"].title)
    expect(own).to_contain_text("longer than the model reads")
    base, *parts, output = rows(own)
    kinds = [row.kind for row in parts]
    assert kinds == ["word"] * 20 + ["rest", "delta"]
    assert parts[20].label == f"{len(expected.words) - 20} other words"
    largest = {abs(score) for _, score in expected.top(20)}
    rest = sum(score for score in expected.scores if abs(score) < min(largest))
    assert parts[20].score == pytest.approx(rest, abs=0.01)
    for before, after in pairwise(parts):
        assert after.start == pytest.approx(before.end, abs=1)
    assert parts[-1].end == pytest.approx(output.low, abs=1)

    chart.get_by_label("Largest 20 words only").uncheck()
    expect(own.locator(".row")).to_have_count(len(expected.words) + 3)
    area = chart.get_by_role("region")
    area.focus()
    lit.page.keyboard.press("End")
    expect(own.locator(".row").last).to_be_in_viewport()
    assert lit.page.evaluate("() => document.scrollingElement.scrollTop") == 0


def test_screen_readers_get_the_same_numbers(lit: LitPage, classifiers: dict[str, TextClassifier]):
    lit.select(SELECTED)
    chart = opened(lit)
    for name, model in classifiers.items():
        (expected,) = explain(model, [SELECTED], "shapley")
        own = column(chart, name, SHAP)
        words = own.locator("tbody th").all_text_contents()
        assert words == ["base value", *expected.words, "output"]
        assert own.locator("tbody td:nth-child(2)").all_text_contents() == [
            row.figure for row in rows(own)
        ]
        summary = own.get_by_role("img").get_attribute("aria-label")
        assert summary is not None
        assert f"({expected.target_label}) of {name}" in summary
        assert f"Largest: {expected.top(1)[0][0]} " in summary


def opened(lit: LitPage) -> Locator:
    lit.open_tab("Attribution Chart")
    return lit.module("attribution-chart-module")


def ask_for_pairs(lit: LitPage, chart: Locator) -> None:
    lit.button("Options", chart).click()
    chart.get_by_label("interactions").check()
    expect(chart.locator("section[aria-busy='false']")).to_have_count(2)


def pin_and_select(lit: LitPage) -> None:
    lit.row(PINNED).click()
    lit.button("Pin datapoint 4").click()
    lit.row(SELECTED).click()


def words_in(group: Group, explanation: Explanation) -> int:
    start, end = group.offsets
    return sum(start <= first and last <= end for first, last in explanation.offsets)


def choose_method(chart: Locator, at: int, title: str) -> None:
    chart.get_by_role("group", name=f"Method {at + 1}").get_by_label("Method").select_option(title)


def column(chart: Locator, *names: str) -> Locator:
    """A column by its heading, once it is there."""
    found = chart.locator(f"section[aria-label='{' · '.join(names)}'][aria-busy='false']")
    expect(found).to_have_count(1)
    return found


def rows(own: Locator) -> list[Row]:
    return [Row(**row) for row in own.locator(".row").evaluate_all(_ROWS)]


def expect_shown(own: Locator, expected: Explanation) -> None:
    figures = own.locator(".figures")
    unit = "P" if expected.unit == "probability" else "logit"
    expect(figures).to_contain_text(f"{unit}({expected.target_label})")
    expect(figures).to_contain_text(f"{expected.evaluations:,} evaluations")
    said = re.search(r"\) (\S+), base value (\S+), delta (\S+),", figures.inner_text())
    assert said is not None
    assert [float(each) for each in said.groups()] == pytest.approx(
        [expected.output, expected.base_value, expected.delta], abs=DIGITS
    )
    # A phrase's words may be folded away, and the table has no ellipses.
    words = [row for row in rows(own) if row.kind == "word"]
    assert [row.score for row in words] == pytest.approx(expected.scores.tolist(), abs=DIGITS)
    table = own.locator("tbody th").all_text_contents()
    assert [word for word in table if word in expected.words] == list(expected.words)


def saved(lit: LitPage, chart: Locator, kind: str) -> Path:
    chart.get_by_role("combobox", name="As", exact=True).select_option(kind)
    with lit.page.expect_download() as waited:
        lit.button("Save", chart).click()
    download: Download = waited.value
    assert download.suggested_filename == f"attributions.{kind.lower()}"
    return download.path()
