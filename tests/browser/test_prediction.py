"""The module that shows why: predictions and words, the flip, similar texts and a changed text."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Route, expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier, evaluate
from lit_plugins.counterfactual import METHODS as COUNTERFACTUALS
from lit_plugins.counterfactual import counterfactuals
from lit_plugins.data import TextTable
from lit_plugins.explain import METHODS, explain
from lit_plugins.serve.factory import create_app
from tests.browser.page import VIEWPORT, LitPage, menu, shown
from tests.serving import serve_in_thread

FIRST, SECOND = EMBEDDED_MODELS
AT = 5
"""A review on which the two models differ."""

HEBREW = "הסרט הזה היה טוב מאוד, 10 מתוך 10."
HALF_A_DIGIT = 5.1e-4
REFUSAL = "This text cannot be read."
SIZES = [(1280, 720), (1440, 900), (1920, 1080), (940, 700)]


@pytest.fixture
def prediction(lit: LitPage) -> Locator:
    """The module, after one click on a row."""
    lit.rows().nth(AT).click()
    return module(lit)


def module(lit: LitPage) -> Locator:
    return lit.module("prediction-module")


def answer(within: Locator, model: str) -> Locator:
    """A model's row, once its words are there."""
    row = within.get_by_role("region", name=model, exact=True)
    expect(row).to_have_attribute("aria-busy", "false")
    return row


def scores(within: Locator) -> dict[str, list[float]]:
    """All words' scores by model, from the table for screen readers."""
    table = within.locator("table", has=within.page.locator("caption"))
    models = table.locator("thead th").all_text_contents()[1:]
    rows = [row.locator("td").all_text_contents() for row in table.locator("tbody tr").all()]
    return {
        model: [float(cells[place].partition("±")[0]) for cells in rows]
        for place, model in enumerate(models)
    }


def test_a_click_shows_predictions_marks_and_words_of_all_models(
    prediction: Locator, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    assert reviews.labels is not None
    text, label = reviews.texts[AT], reviews.labels[AT]
    marks = []
    for name, model in classifiers.items():
        row = answer(prediction, name)
        (probabilities,) = model.predict([text]).probabilities
        predicted = model.labels[probabilities.argmax()]
        marks.append("right" if predicted == label else "wrong")
        verdict = row.locator(".verdict")
        expect(verdict).to_contain_text(f"{predicted} {probabilities.max():.3f}")
        expect(verdict.locator(".mark")).to_have_text(re.compile(rf"{marks[-1]}\s*$"))
        (expected,) = explain(model, [text], "shapley")
        expect(row.locator(".words")).to_have_text(text)
        expect(row.locator(".words .word")).to_have_text(list(expected.words))
        expect(row.locator(".quiet")).to_contain_text(
            f"SHAP for {predicted} · base value {expected.base_value:.3f}"
        )
        assert scores(prediction)[name] == pytest.approx(expected.scores, abs=HALF_A_DIGIT)
    assert sorted(marks) == ["right", "wrong"]
    expect(prediction.locator(".gold")).to_contain_text(str(label))


def test_a_word_under_the_pointer_has_its_score_in_all_models(
    prediction: Locator, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    row = answer(prediction, SECOND)
    answer(prediction, FIRST)
    row.locator(".word", has_text="happy").hover()
    tip = prediction.locator(".tip")
    expect(tip.locator("b")).to_have_text("happy")
    for line, (name, model) in zip(tip.locator("span").all(), classifiers.items(), strict=True):
        (expected,) = explain(model, [reviews.texts[AT]], "shapley")
        assert line.inner_text().startswith(name)
        figure = float(line.locator("i").inner_text().partition("±")[0])
        at = expected.words.index("happy")
        assert figure == pytest.approx(expected.scores[at], abs=HALF_A_DIGIT)
    expect(prediction.locator(".word.pointed")).to_have_text(["happy", "happy"])
    prediction.locator(".verdict").first.hover()
    expect(tip).to_be_hidden()
    expect(prediction.locator(".word.pointed")).to_have_count(0)


def test_arrow_keys_move_from_word_to_word(prediction: Locator):
    text = answer(prediction, FIRST).locator(".words")
    answer(prediction, SECOND)
    tip = prediction.locator(".tip b")
    text.focus()
    for key, word in (("ArrowRight", "No"), ("ArrowRight", "one"), ("End", "."), ("Home", "No")):
        text.press(key)
        expect(tip).to_have_text(word)
    text.press("Escape")
    expect(tip).to_be_hidden()


def test_another_method_and_class_are_explained(
    prediction: Locator, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    menu(prediction, "Method").select_option(METHODS["occlusion"].title)
    menu(prediction, "Class").select_option("positive")
    for name, model in classifiers.items():
        quiet = answer(prediction, name).locator(".quiet")
        expect(quiet).to_contain_text(f"{METHODS['occlusion'].title} for positive")
        (expected,) = explain(model, [reviews.texts[AT]], "occlusion", "positive")
        assert scores(prediction)[name] == pytest.approx(expected.scores, abs=HALF_A_DIGIT)


def test_a_text_that_was_asked_before_is_not_asked_again(lit: LitPage, prediction: Locator):
    for name in EMBEDDED_MODELS:
        answer(prediction, name)
    lit.rows().nth(AT + 1).click()
    for name in EMBEDDED_MODELS:
        answer(prediction, name)
    lit.wait_idle()
    asked: list[str] = []
    lit.page.on("request", lambda request: asked.append(request.url))
    lit.rows().nth(AT).click()
    for name in EMBEDDED_MODELS:
        answer(prediction, name)
    lit.wait_idle()
    assert [url for url in asked if "interpreter=explanation&" in url] == []


def test_a_second_click_flips_the_prediction_by_the_smallest_edit(
    lit: LitPage,
    prediction: Locator,
    reviews: TextTable,
    classifiers: dict[str, TextClassifier],
):
    text = reviews.texts[AT]
    lit.button("Flip it", prediction).click()
    flip = prediction.get_by_role("region", name=f"Flip {FIRST}")
    expect(flip).to_contain_text("smallest edit: ")
    found = [
        made
        for method in COUNTERFACTUALS
        for made in counterfactuals(classifiers[FIRST], text, method, limit=1)
        if made.flips
    ]
    expect(flip).to_contain_text(f"smallest edit: {min(made.edit_size for made in found)} word")
    new_text = "".join(re.sub("<del.*?</del>|<[^>]*>", "", diff(flip)).split("; "))
    assert new_text in {made.new_text for made in found}
    for row, model in zip(flip.locator(".effects tr").all(), classifiers.values(), strict=True):
        before, after = model.predict([text, new_text]).probabilities
        said = [f"{model.labels[each.argmax()]} {each.max():.3f}" for each in (before, after)]
        words = " → ".join(said).split()
        expect(row.locator("td").last).to_have_text(re.compile(r"\s+".join(words)))
        outcome = "stays" if before.argmax() == after.argmax() else "flips"
        expect(row.locator("td").first).to_have_text(outcome)
    expect(flip.locator(".effects tr").first).to_contain_text("flips")

    menu(flip, "Model").select_option(SECOND)
    flip = prediction.get_by_role("region", name=f"Flip {SECOND}")
    expect(flip.locator(".effects tr").last).to_contain_text("flips")
    lit.wait_idle()
    lit.button("Keep", flip).click()
    lit.expect_selected(1, len(reviews.texts) + 1)
    expect(prediction.get_by_role("region", name="What was changed")).to_be_visible()


def diff(within: Locator) -> str:
    """The marked text as HTML, without what is only read out."""
    return str(
        within.locator(".text").evaluate(
            """(text) => {
              const copy = text.cloneNode(true);
              for (const hidden of copy.querySelectorAll('.only-read-out')) hidden.remove();
              return copy.innerHTML.replaceAll(/<!--.*?-->/g, '');
            }"""
        )
    )


def test_more_like_this_has_the_nearest_texts_with_their_marks(
    lit: LitPage,
    prediction: Locator,
    reviews: TextTable,
    classifiers: dict[str, TextClassifier],
):
    assert reviews.labels is not None
    lit.button("More like this", prediction).click()
    near = prediction.get_by_role("region", name="Similar texts")
    expect(near.locator("tbody tr")).to_have_count(5)
    pooled = classifiers[FIRST].predict(reviews.texts, embeddings=True).embeddings
    order = np.argsort(np.linalg.norm(pooled - pooled[AT], axis=1), kind="stable")
    expected = [index for index in order if index != AT][:5]
    assert shown(near.locator("td:first-child")) == [reviews.texts[index] for index in expected]
    for row, index in zip(near.locator("tbody tr").all(), expected, strict=True):
        expect(row.locator("td").nth(1)).to_have_text(str(reviews.labels[index]))
        for place, model in enumerate(classifiers.values()):
            (probabilities,) = model.predict([reviews.texts[index]]).probabilities
            label = model.labels[probabilities.argmax()]
            mark = "right" if label == reviews.labels[index] else "wrong"
            expect(row.locator("td").nth(2 + place)).to_have_text(
                re.compile(rf"^\s*{label}\s+{probabilities.max():.3f}\s+. {mark}\s*$")
            )
    near.get_by_role("button", name=reviews.texts[expected[0]]).click()
    expect(answer(prediction, FIRST).locator(".words")).to_have_text(reviews.texts[expected[0]])


def test_predictions_and_words_follow_what_one_types_and_keep_adds_it(
    lit: LitPage,
    prediction: Locator,
    reviews: TextTable,
    classifiers: dict[str, TextClassifier],
):
    text = "No one leaves this lovely bakery unhappy."
    lit.button("Edit", prediction).click()
    field = prediction.get_by_role("textbox")
    expect(field).to_be_focused()
    expect(field).to_have_value(reviews.texts[AT])
    expect(lit.button("Keep", prediction)).to_be_disabled()
    field.fill(text)
    for name, model in classifiers.items():
        before, after = model.predict([reviews.texts[AT], text]).probabilities
        verdict = prediction.get_by_role("region", name=name, exact=True).locator(".verdict")
        expect(verdict).to_contain_text(f"{model.labels[after.argmax()]} {after.max():.3f}")
        expect(verdict).to_contain_text(f"{model.labels[before.argmax()]} {before.max():.3f}")
        expect(verdict.locator(".mark")).to_have_count(0)
        row = answer(prediction, name)
        expect(row.locator(".words")).to_have_text(text)
        (expected,) = explain(model, [text], "shapley")
        assert scores(prediction)[name] == pytest.approx(expected.scores, abs=HALF_A_DIGIT)
    lit.button("Keep", prediction).click()
    lit.expect_selected(1, len(reviews.texts) + 1)
    expect(field).to_have_count(0)
    change = prediction.get_by_role("region", name="What was changed")
    expect(change.locator("ins")).to_contain_text(["lovely", "unhappy"])
    expect(change.locator("del")).to_contain_text(["happy"])
    expect(change.locator(".effects tr")).to_have_count(2)


def test_an_edit_can_be_left(lit: LitPage, prediction: Locator, reviews: TextTable):
    lit.button("Edit", prediction).click()
    prediction.get_by_role("textbox").fill("Something else.")
    prediction.get_by_role("textbox").press("Escape")
    expect(lit.button("Edit", prediction)).to_be_focused()
    expect(answer(prediction, FIRST).locator(".words")).to_have_text(reviews.texts[AT])
    lit.expect_selected(1, len(reviews.texts))


def test_a_model_that_fails_on_a_text_leaves_the_others_their_rows(
    lit: LitPage, reviews: TextTable
):
    def refuse(route: Route) -> None:
        body = '{"error": "' + REFUSAL + '", "id": "0a1b2c"}'
        route.fulfill(status=400, content_type="application/json", body=body)

    of_first = re.compile(rf"/get_(preds|interpretations)\?.*model={FIRST}\b")
    lit.wait_idle()
    lit.page.route(of_first, refuse)
    lit.rows().nth(AT).click()
    failed = answer(module(lit), FIRST)
    expect(failed.get_by_role("alert")).to_contain_text(REFUSAL)
    expect(failed.locator(".words")).to_have_text(reviews.texts[AT])
    expect(answer(module(lit), SECOND).locator(".word")).not_to_have_count(0)
    lit.page.unroute(of_first)
    lit.button("Try again", failed).click()
    expect(failed.locator(".word")).not_to_have_count(0)
    expect(failed.locator(".mark")).to_have_count(1)
    lit.take_problems()


def test_a_server_that_is_gone_is_said_where_one_looks(lit: LitPage, prediction: Locator):
    answer(prediction, FIRST)
    answer(prediction, SECOND)
    lit.wait_idle()
    lit.page.route(re.compile("/get_|/annotate"), lambda route: route.abort())
    for name in ("Flip it", "More like this"):
        lit.button(name, prediction).click()
        expect(prediction.locator(".panel .problem")).to_contain_text("cannot be reached")
    lit.button("Edit", prediction).click()
    prediction.get_by_role("textbox").fill("Something else.")
    lit.button("Keep", prediction).click()
    expect(prediction.locator(".actions .problem")).to_contain_text("cannot be reached")
    lit.rows().nth(AT + 1).click()
    expect(answer(prediction, FIRST).get_by_role("alert")).to_contain_text("cannot be reached")
    lit.rows().nth(AT).click()
    expect(answer(prediction, FIRST).locator(".word")).not_to_have_count(0)
    lit.take_problems()


def test_what_a_model_does_not_read_is_marked(
    blank: LitPage, address_of: Callable[[TextTable], str], classifiers: dict[str, TextClassifier]
):
    text = " ".join(["Good film, if a little long."] * 60)
    blank.open(address_of(evaluate.texts([text], ["positive"])))
    blank.rows().first.click()
    menu(module(blank), "Method").select_option(METHODS["occlusion"].title)
    for name, model in classifiers.items():
        (encoded,) = model.encode([text])
        assert encoded.truncated
        row = answer(module(blank), name)
        expect(row.locator(".limit")).to_have_text(f"not read by {name}")
        unread = "".join(row.locator(".unread").all_text_contents())
        assert unread == text[encoded.seen[1] :]


def test_a_text_is_read_from_the_side_where_it_begins(
    blank: LitPage, address_of: Callable[[TextTable], str]
):
    blank.open(address_of(evaluate.texts([HEBREW], ["positive"])))
    blank.rows().first.click()
    row = answer(module(blank), FIRST)
    lefts = row.locator(".word").evaluate_all(
        "(all) => all.map((word) => word.getBoundingClientRect().left)"
    )
    assert lefts[0] == max(lefts)
    text = row.locator(".words")
    text.focus()
    text.press("ArrowRight")  # no word is chosen yet, and to the right there is none
    text.press("Home")
    text.press("ArrowLeft")
    expect(module(blank).locator(".tip b")).to_have_text(HEBREW.split()[1])


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_beside_four_models(
    browser: Browser, four_models: str, width: int, height: int
):
    page = browser.new_page(viewport={"width": width, "height": height})
    lit = LitPage.watched(page)
    page.goto(four_models)
    expect(lit.rows().first).to_be_visible()
    lit.rows().nth(AT).click()
    shown_module = module(lit)
    rows = shown_module.locator("section.answer")
    expect(rows).to_have_count(4)
    for row in rows.all():
        expect(row).to_have_attribute("aria-busy", "false")
    for name in ("Flip it", "More like this", "Edit"):
        expect(lit.button(name, shown_module)).to_be_in_viewport(ratio=1)
    expect(shown_module).to_be_in_viewport(ratio=1)
    cut = shown_module.locator(".module-results-area").evaluate(
        """(area) => [...area.querySelectorAll('*')].filter((each) =>
             !each.closest('.only-read-out') &&
             each.getBoundingClientRect().right > area.getBoundingClientRect().right + 1,
           ).map((each) => each.outerHTML)"""
    )
    assert cut == []
    last = rows.last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    page.close()
    assert lit.problems == []


@pytest.fixture(scope="module")
def four_models(
    browser: Browser, classifiers: dict[str, TextClassifier], reviews: TextTable
) -> str:
    """A page over two models and the same two under long names."""
    more = {f"{name}-of-last-year": model for name, model in classifiers.items()}
    models = {**classifiers, **more}
    address = serve_in_thread(create_app(models, {"reviews": reviews}, log=None))
    return f"{address}?models={','.join(models)}"


def test_without_a_selection_it_says_what_to_do(lit: LitPage):
    expect(module(lit)).to_contain_text("Click a row of the table")
    assert lit.page.viewport_size == VIEWPORT


def test_a_dark_scheme_turns_the_page_over(browser: Browser, address: str):
    lightness = {}
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport=VIEWPORT, color_scheme=scheme)
        lit = LitPage.watched(page)
        lit.open(address)
        lit.rows().nth(AT).click()
        answer(module(lit), FIRST)
        picture = Image.open(io.BytesIO(module(lit).screenshot())).convert("L")
        lightness[scheme] = np.median(np.asarray(picture))
        page.close()
    assert lightness["light"] > 240
    assert lightness["dark"] < 40
