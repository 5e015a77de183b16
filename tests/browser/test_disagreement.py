import re
from collections.abc import Sequence
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Locator, Route, expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier
from lit_plugins.data import TextTable
from lit_plugins.explain import METHODS, Explanation, explain
from tests.browser.page import LitPage, cells, menu, whole

DISPUTED = "No one leaves this bakery happy."
"""One model reads the negation, the other does not."""

HALF_A_DIGIT = 5.1e-4
FIRST, SECOND = EMBEDDED_MODELS


@pytest.fixture
def compare(blank: LitPage, address: str) -> LitPage:
    """The layout that compares models, with nothing selected."""
    blank.open_layout(address, "compare")
    return blank


def module(lit: LitPage) -> Locator:
    return lit.module("disagreement-module")


def summary(within: Locator) -> Locator:
    return within.locator(".summary")


def table(within: Locator) -> dict[str, list[str]]:
    """The rows by their heads: both models' figures and the difference; the words are distinct."""
    rows = within.locator("tbody tr")
    expect(rows.first).not_to_contain_text("…")
    heads = [head.strip() for head in rows.locator("th").all_inner_texts()]
    figures = [cells(row)[:3] for row in rows.all()]
    assert len(set(heads)) == len(heads)
    return dict(zip(heads, figures, strict=True))


def expect_number(shown: str, value: float) -> None:
    """Equal to the digits that are shown."""
    written = shown.partition("±")[0].strip()
    decimals = len(written.partition(".")[2])
    assert float(written) == pytest.approx(value, abs=0.51 * 10**-decimals)


def expect_figures(
    within: Locator, difference: Explanation, own: Sequence[Explanation] = ()
) -> None:
    rows = table(within)
    for column, each in [(2, difference), *enumerate(own)]:
        expected = {
            "Output": each.output,
            "Base value": each.base_value,
            **dict(zip(each.words, each.scores, strict=True)),
        }
        for head, value in expected.items():
            expect_number(rows[head][column], value)


def explained(
    classifiers: dict[str, TextClassifier], text: str, label: str, method: str, **options: str
) -> tuple[Explanation, list[Explanation]]:
    """The difference, and each model's own by a method."""
    models = classifiers[FIRST], classifiers[SECOND]
    (difference,) = explain(models[0], [text], "difference", label, other=models[1], **options)
    return difference, [explain(model, [text], method, label, **options)[0] for model in models]


def test_scores_are_the_engines_and_the_sentence_says_the_most(
    compare: LitPage, classifiers: dict[str, TextClassifier]
):
    compare.row(DISPUTED).click()
    shown = module(compare)
    difference, own = explained(classifiers, DISPUTED, "negative", "shapley")
    expect_figures(shown, difference, own)
    for index, score in enumerate(difference.scores):
        assert score == pytest.approx(own[0].scores[index] - own[1].scores[index], abs=1e-6)
    (word, score), *_ = difference.top(1)
    expect(summary(shown)).to_contain_text(
        f"They differ by {difference.output:.3f} on negative: "
        f"{FIRST} gives it {own[0].output:.3f}, {SECOND} {own[1].output:.3f}."
    )
    expect(summary(shown)).to_contain_text(f"Largest differences: “{word}” ({score:+.3f})")
    expect(shown.locator("[aria-live=polite]")).to_contain_text("They differ by")


def test_words_are_coloured_by_what_they_add_to_the_difference(
    compare: LitPage, classifiers: dict[str, TextClassifier]
):
    compare.row(DISPUTED).click()
    difference, _ = explained(classifiers, DISPUTED, "negative", "shapley")
    text = module(compare).locator(".text")
    expect(text).to_have_text(DISPUTED)
    words = text.locator("span")
    expect(words).to_have_text(list(difference.words))
    titles = [float(word.get_attribute("title") or "") for word in words.all()]
    assert titles == pytest.approx(difference.scores.tolist(), abs=HALF_A_DIGIT)


def test_the_order_of_the_words_is_chosen_by_keyboard(
    compare: LitPage, classifiers: dict[str, TextClassifier]
):
    compare.row(DISPUTED).click()
    shown = module(compare)
    difference, _ = explained(classifiers, DISPUTED, "negative", "shapley")
    words = shown.locator("tbody tr:not(.whole) th")
    expect(words).to_have_text([word for word, _ in difference.top(99)])
    menu(shown, "Class").focus()
    compare.page.keyboard.press("Tab")
    expect(menu(shown, "Order")).to_be_focused()
    compare.page.keyboard.press("ArrowUp")
    expect(words).to_have_text(list(difference.words))


def test_the_class_is_that_on_which_they_part_or_a_chosen_one(
    compare: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = "No one leaves this bakery hungry."
    label = reviews.labels[reviews.texts.index(text)]
    predictions = [model.predict([text]) for model in classifiers.values()]
    predicted = classifiers[FIRST].labels[int(predictions[0].logits[0].argmax())]
    assert label == "positive" != predicted
    compare.row(text).click()
    shown = module(compare)
    choices = {"the datapoint’s label": label, f"predicted by {FIRST}": predicted}
    for choice, explains in {**choices, "negative": "negative", "positive": "positive"}.items():
        menu(shown, "Class").select_option(label=choice)
        expect(summary(shown)).to_contain_text(f" on {explains}: ")
        expect_figures(shown, *explained(classifiers, text, explains, "shapley"))


def test_each_model_by_a_method_of_choice_and_options_that_both_share(
    compare: LitPage, classifiers: dict[str, TextClassifier]
):
    compare.row(DISPUTED).click()
    shown = module(compare)
    menu(shown, "Each model by").select_option(label=METHODS["occlusion"].title)
    expect(shown.locator(".figures")).to_contain_text(f"{FIRST}: Leave one out")
    expect_figures(shown, *explained(classifiers, DISPUTED, "negative", "occlusion"))

    compare.button("Options", shown).click()
    menu(shown, "output").select_option(label="logit")
    expect(summary(shown)).to_contain_text("the logit of negative")
    heads = shown.locator("thead th")
    expect(heads).to_contain_text(["Word", *["logit(negative)"] * 3])
    expect_figures(
        shown, *explained(classifiers, DISPUTED, "negative", "occlusion", output="logit")
    )


def test_another_text_takes_the_place_of_the_one_before(
    compare: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    for text in (DISPUTED, reviews.texts[3], reviews.texts[4]):
        compare.row(text).click()
    text = reviews.texts[4]
    shown = module(compare)
    expect(shown.locator(".text")).to_have_text(text)
    first, second = (model.predict([text]).probabilities[0] for model in classifiers.values())
    label = classifiers[FIRST].labels[int(first.argmax())]
    assert np.ptp(np.abs(first - second)) < 1e-6
    expect_figures(shown, *explained(classifiers, text, label, "shapley"))


def test_a_pinned_text_has_its_own(compare: LitPage, reviews: TextTable):
    pinned, selected = DISPUTED, reviews.texts[3]
    compare.row(pinned).click()
    compare.page.locator("lit-main-toolbar").get_by_text("Pin datapoint").click()
    compare.row(selected).click()
    expect(module(compare)).to_have_count(2)
    expect(module(compare).locator(".text")).to_have_text([pinned, selected])
    expect(summary(module(compare))).to_have_count(2)


def test_one_sentence_where_there_is_nothing_to_compare(compare: LitPage):
    shown = module(compare)
    notice = shown.locator("lit-interstitial")
    expect(notice).to_have_text(
        whole(f"Select a datapoint to see on which words {FIRST} and {SECOND} differ.")
    )
    compare.row(DISPUTED).click()
    expect(summary(shown)).to_be_visible()

    toolbar = compare.page.locator("lit-app-toolbar")
    toolbar.get_by_text(SECOND, exact=True).click()
    expect(notice).to_have_text(
        whole("Open a second model in the toolbar to see on which words the two differ.")
    )
    toolbar.get_by_text(SECOND, exact=True).click()
    expect(summary(shown)).to_contain_text("They differ by")


def test_a_refused_option_says_why_and_the_next_one_is_taken(compare: LitPage):
    compare.row(DISPUTED).click()
    shown = module(compare)
    expect(summary(shown)).to_be_visible()
    compare.button("Options", shown).click()
    box = shown.locator("label", has_text=re.compile(r"^\s*evaluations")).locator("input")
    box.fill("5")
    box.press("Enter")
    expect(shown.locator(".problem")).to_contain_text("'5'")
    assert compare.take_problems()
    box.fill("64")
    box.press("Enter")
    expect(shown.locator(".problem")).to_have_count(0)
    expect(shown.locator(".figures")).to_contain_text("Difference: P(negative)")


def test_models_of_different_classes_are_not_compared(blank: LitPage, address: str):
    def renamed(route: Route) -> None:
        answer = route.fetch()
        info = answer.json()
        info["models"][SECOND]["spec"]["output"]["probas"]["vocab"] = ["bad", "good"]
        route.fulfill(response=answer, json=info)

    blank.page.route("**/get_info*", renamed)
    blank.open_layout(address, "compare")
    blank.row(DISPUTED).click()
    expect(module(blank).locator("lit-interstitial")).to_have_text(
        whole(
            f"{FIRST} has the classes negative, positive, {SECOND} has bad, good: only models "
            "with the same classes can be compared."
        )
    )


def test_words_after_an_emoji_are_on_their_own_colours(
    blank: LitPage, address: str, classifiers: dict[str, TextClassifier]
):
    text = "Great 😀 food, never 👍🏽 dull."
    query = urlencode({"layout": "compare", "models": f"{FIRST},{SECOND}", "data_sentence": text})
    blank.page.goto(f"{address}?{query}")
    coloured = module(blank).locator(".text span")
    expect(coloured.first).to_be_visible()
    (each,) = explain(classifiers[FIRST], [text])
    assert coloured.all_text_contents() == list(each.words)
    assert module(blank).locator(".text").text_content() == text
