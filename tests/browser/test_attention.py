import re

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from lit_plugins.explain import explain
from lit_plugins.lit.interpreters.attention import head_figures
from tests.browser.page import LitPage, shown, whole

MODEL = "sentiment-small"
TEXT = "No one leaves this bakery happy."
HAPPY = 8
OTHER = "So tense I forgot my popcorn."
WORDS = " ".join(f"The film is long, and chapter {index} is no better." for index in range(30))


@pytest.fixture
def classifier(classifiers: dict[str, TextClassifier]) -> TextClassifier:
    return classifiers[MODEL]


def opened(lit: LitPage, text: str = TEXT, model: str = MODEL) -> Locator:
    """Selects a text, and returns the module that shows a model's attention to it."""
    lit.select(text)
    lit.open_tab("Attention")
    module = lit.module("attention-module", model)
    expect(module.locator(".drawn .token").first).to_be_visible()
    lit.wait_idle()
    return module


def weights(classifier: TextClassifier, text: str = TEXT) -> np.ndarray:
    return classifier.attention(classifier.rows([text]))[0]


def head(module: Locator, layer: int, number: int) -> Locator:
    return module.get_by_role("gridcell", name=re.compile(rf"^Layer {layer}, head {number}:"))


def open_head(module: Locator, layer: int, number: int) -> None:
    head(module, layer, number).click()
    expect_menus(module, layer, number)


def expect_menus(module: Locator, layer: int, number: int) -> None:
    expect(module.get_by_label("layer", exact=True)).to_have_value(str(layer))
    expect(module.get_by_label("head", exact=True)).to_have_value(str(number))


def token(module: Locator, index: int, side: str = "from") -> Locator:
    return module.locator(f".lines .token.{side}").nth(index)


def shares(module: Locator, side: str) -> np.ndarray:
    """The shares beside one column's tokens."""
    return numbers(module.locator(f".lines .token.{side} .share"))


def numbers(elements: Locator) -> np.ndarray:
    return np.array([float(each.removesuffix("%")) / 100 for each in shown(elements)])


def headings(module: Locator) -> list[str]:
    return [each for each in shown(module.locator(".lines .heading")) if each]


def test_both_directions_of_a_token_are_the_classifiers(lit: LitPage, classifier: TextClassifier):
    module = opened(lit)
    exact = weights(classifier)
    labels = shown(module.locator(".lines .token.to .label"))
    assert labels == [
        "[CLS]",
        "No",
        "one",
        "leaves",
        "this",
        "ba",
        "##ker",
        "##y",
        "happy",
        ".",
        "[SEP]",
    ]
    for layer, number in ((1, 3), (2, 12)):
        open_head(module, layer, number)
        for index in (0, HAPPY):
            token(module, index).hover()
            expect(module.locator(".lines .active")).to_have_count(1)
            assert headings(module) == [
                f"attend to “{labels[index]}”",
                f"“{labels[index]}” attends to",
            ]
            matrix = exact[layer - 1, number - 1]
            np.testing.assert_allclose(shares(module, "to"), matrix[index], atol=6e-4)
            np.testing.assert_allclose(shares(module, "from"), matrix[:, index], atol=6e-4)


def test_figures_of_heads_show_on_hovering(lit: LitPage, classifier: TextClassifier):
    module = opened(lit)
    exact = weights(classifier)
    special = np.isin(np.arange(exact.shape[-1]), (0, exact.shape[-1] - 1))
    figures = head_figures(exact[0], special)
    for number in (1, 5):
        head(module, 1, number).hover()
        expect(module.locator(".head-figures .name")).to_have_text(whole(f"Layer 1, head {number}"))
        found = shown(module.locator(".head-figures dd"))
        assert float(found[0]) == pytest.approx(figures["entropy"][number - 1], abs=6e-3)
        for text, name in zip(found[1:], ("itself", "previous", "next", "special"), strict=True):
            assert text == f"{100 * figures[name][number - 1]:.1f}%"
    module.get_by_label("Shown for each head").select_option(label="to itself")
    expect(head(module, 1, 5)).to_have_text(whole(f"{100 * figures['itself'][4]:.0f}"))


def test_mean_and_rollout_are_the_engines(lit: LitPage, classifier: TextClassifier):
    module = opened(lit)
    (explanation,) = explain(classifier, [TEXT], "attention_rollout", 0)
    lit.button("Rollout", module).click()
    # The token that the classifier reads is the one to begin with.
    expect(module.locator(".lines .heading").last).to_have_text(whole("“[CLS]” consists of"))
    np.testing.assert_allclose(shares(module, "to"), explanation.token_scores, atol=6e-4)

    lit.button("Mean", module).click()
    expect(module.locator(".lines .heading").last).to_have_text(whole("“[CLS]” attends to"))
    mean = weights(classifier)[1].mean(0)
    np.testing.assert_allclose(shares(module, "to"), mean[0], atol=6e-4)
    np.testing.assert_allclose(shares(module, "from"), mean[:, 0], atol=6e-4)


def test_a_click_keeps_a_token_and_special_ones_may_be_hidden(
    lit: LitPage, classifier: TextClassifier
):
    module = opened(lit)
    open_head(module, 1, 1)
    token(module, HAPPY, "to").click()
    lit.page.mouse.move(0, 0)
    expect(module.locator(".lines .active")).to_have_text(re.compile("happy"))
    expect(token(module, HAPPY, "to")).to_have_attribute("aria-pressed", "true")
    module.get_by_label("Hide special tokens").check()
    expect(module.locator(".lines .token.to")).to_have_count(9)
    exact = weights(classifier)[0, 0, :, HAPPY]
    np.testing.assert_allclose(shares(module, "from"), exact[1:-1], atol=6e-4)
    # What it has kept is hidden now: all tokens are shown, and averages.
    module.get_by_label("Hide special tokens").uncheck()
    token(module, 0).click()
    module.get_by_label("Hide special tokens").check()
    lit.page.mouse.move(0, 0)
    expect(module.locator(".lines .heading").last).to_have_text(
        whole("tokens, on average, attend to")
    )
    average = weights(classifier)[0, 0].mean(0)
    np.testing.assert_allclose(shares(module, "to"), average[1:-1], atol=6e-4)


def test_everything_goes_by_keyboard(lit: LitPage):
    module = opened(lit)
    expect_menus(module, 2, 1)
    keys = lit.page.keyboard
    module.locator(".head-cell[tabindex='0']").focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowRight"):
        keys.press(key)
    expect(head(module, 1, 3)).to_be_focused()
    expect(module.locator(".head-figures .name")).to_have_text(whole("Layer 1, head 3"))
    expect_menus(module, 2, 1)
    keys.press("Enter")
    expect_menus(module, 1, 3)
    expect(module.get_by_role("status")).to_contain_text("[CLS]” attends to")
    keys.press("End")
    keys.press("Space")
    expect_menus(module, 2, 12)

    module.locator(".lines .token[tabindex='0']").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        keys.press(key)
    expect(token(module, 2, "to")).to_be_focused()
    expect(module.locator(".lines .heading").last).to_have_text(whole("“one” attends to"))
    keys.press("Enter")
    expect(token(module, 2, "to")).to_have_attribute("aria-pressed", "true")
    keys.press("Escape")
    expect(module.locator(".lines .heading").last).to_have_text(
        whole("tokens, on average, attend to")
    )


def test_a_long_text_stays_in_its_place(lit: LitPage, classifier: TextClassifier):
    lit.row(TEXT).click()
    lit.editor_text().fill(WORDS)
    lit.button("Add").click()
    lit.open_tab("Attention")
    module = lit.module("attention-module", MODEL)
    expect(module.locator(".flow .token")).to_have_count(classifier.max_length)
    expect(module.locator(".caption")).to_contain_text("its end is left out")
    exact = weights(classifier, WORDS)[1, 0]
    first = module.locator(".ranks p").first
    largest = np.sort(exact[0])[::-1]
    np.testing.assert_allclose(numbers(first.locator(".share")), largest[:20], atol=6e-4)

    module.locator(".flow .token").nth(5).focus()
    lit.page.keyboard.press("End")
    last = module.locator(".flow .token").last
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport()
    lit.button("Lines", module).click()
    token(module, 0).focus()
    for _ in range(4):
        lit.page.keyboard.press("PageDown")
    expect(token(module, 40)).to_be_focused()
    expect(token(module, 40)).to_be_in_viewport()
    np.testing.assert_allclose(shares(module, "to"), exact[40], atol=6e-4)
    # The page itself has not moved.
    expect(module.locator(".detail-bar")).to_be_in_viewport(ratio=1)
    assert lit.page.evaluate("() => document.scrollingElement.scrollTop") == 0


def test_two_models_and_a_pinned_text_stand_side_by_side(
    lit: LitPage, classifiers: dict[str, TextClassifier]
):
    lit.select(OTHER)
    lit.page.locator("lit-main-toolbar").get_by_text(re.compile("^Pin datapoint")).click()
    lit.row(TEXT).click()
    lit.open_tab("Attention")
    for name, model in classifiers.items():
        modules = lit.module("attention-module", name)
        expect(modules).to_have_count(2)
        for module, text in zip((modules.nth(0), modules.nth(1)), (OTHER, TEXT), strict=True):
            exact = weights(model, text)
            expect(module.locator(".head-cell")).to_have_count(exact.shape[0] * exact.shape[1])
            expect(module.locator(".lines .token.to")).to_have_count(exact.shape[-1])
            np.testing.assert_allclose(shares(module, "to"), exact[-1, 0, 0], atol=6e-4)


def test_only_what_is_shown_is_asked_for(lit: LitPage, reviews: TextTable):
    asked: list[str] = []
    lit.page.on(
        "request",
        lambda request: (
            asked.append(request.post_data_json["config"]["view"])
            if "interpreter=attention" in request.url
            else None
        ),
    )
    lit.row(OTHER).click()
    lit.wait_idle()
    assert asked == []
    module = opened(lit)
    assert asked == ["overview", "overview", "head", "head"]  # of two models
    open_head(module, 1, 5)
    assert asked[4:] == ["head"]


def test_a_refusal_is_shown_and_the_next_text_is_not_lost(lit: LitPage):
    module = opened(lit)
    sentence = "The layer is 9; give a number from 1 to 2."
    refusal = {"error": sentence, "id": "0123456789ab"}
    requests = "**/get_interpretations?*interpreter=attention*"
    lit.page.route(requests, lambda route: route.fulfill(status=400, json=refusal))
    head(module, 1, 1).click()
    expect(module.get_by_role("alert")).to_have_text(whole(sentence))
    assert lit.take_problems()
    lit.page.unroute(requests)
    lit.row(OTHER).click()
    expect(module.get_by_text("popcorn").first).to_be_visible()
    expect(module.get_by_role("alert")).to_have_count(0)


def test_without_a_selection_it_says_what_to_do(lit: LitPage):
    module = opened(lit)
    lit.button("Clear selection").click()
    expect(module).to_contain_text("Select a datapoint")
