import re

import pytest
from playwright.sync_api import Locator, Route, expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier
from lit_plugins.counterfactual.alignment import align
from lit_plugins.data import TextTable
from lit_plugins.explain import METHODS, Explanation, explain
from tests.browser.page import LitPage, cells, menu, whole

BEFORE = "No one leaves this bakery happy."
AFTER = "Everyone leaves this lovely bakery happy!"
FIRST, SECOND = EMBEDDED_MODELS
WHOLE = ("Base value", "Unexplained")
HALF_A_DIGIT = 5.1e-4
READ_OUT = re.compile(r"left out: |put in: |; ")


@pytest.fixture
def change(blank: LitPage, address: str) -> LitPage:
    """The layout of counterfactuals, with nothing selected."""
    blank.open_layout(address, "counterfactuals")
    return blank


def module(lit: LitPage) -> Locator:
    return lit.module("text-difference-module")


def compare(lit: LitPage, before: str, after: str) -> Locator:
    """Changes a text in the editor and compares it with what it was."""
    lit.row(before).click()
    lit.editor_text().fill(after)
    lit.button("Add and compare", lit.module("datapoint-editor-module")).click()
    shown = module(lit)
    expect(shown.locator(".text")).to_be_visible()
    return shown


def of_model(within: Locator, index: int = 0) -> Locator:
    section = within.locator("section").nth(index)
    expect(section.locator(".figures")).to_be_visible()
    return section


def rows(section: Locator, group: int) -> list[tuple[str, list[str]]]:
    """Heads and figures of the classes (0) or of the words (1), without the bars."""
    shown = section.locator("tbody").nth(group).locator("tr:not(.heading)")
    heads = shown.locator("th").all_text_contents()
    return [
        (READ_OUT.sub("", head).strip(), [re.sub("^P", "", cell) for cell in cells(row)[:3]])
        for head, row in zip(heads, shown.all(), strict=True)
    ]


def number(shown: str) -> float | None:
    return None if shown == "–" else float(shown.partition("±")[0])


def scores(section: Locator) -> list[tuple[float | None, float | None]]:
    """Each word's score before and after, in the order shown; None where it is not."""
    words = [figures for head, figures in rows(section, 1) if head not in WHOLE]
    return [(number(before), number(after)) for before, after, _ in words]


def expect_scores(section: Locator, before: Explanation, after: Explanation) -> None:
    """The table in the texts' order has both explanations' words and scores in theirs."""
    for column, each in enumerate((before, after)):
        shown = [pair[column] for pair in scores(section) if pair[column] is not None]
        assert shown == pytest.approx(each.scores.tolist(), abs=HALF_A_DIGIT)
    for _, (one, other, change) in rows(section, 1):
        expected = (number(other) or 0) - (number(one) or 0)
        assert number(change) == pytest.approx(expected, abs=2 * HALF_A_DIGIT)
    base = [number(each) for each in rows(section, 1)[0][1]]
    expected_base = [before.base_value, after.base_value, after.base_value - before.base_value]
    assert base == pytest.approx(expected_base, abs=HALF_A_DIGIT)


def marks(within: Locator, tag: str) -> list[str]:
    shown = within.locator(".text").locator(tag).all_text_contents()
    return [READ_OUT.sub("", each).strip() for each in shown]


def expect_marked(shown: Locator, before: str, after: str) -> None:
    expect(shown.locator(".text del, .text ins")).not_to_have_count(0)
    segments = [each for each in align(before, after) if each.kind != "equal"]
    gone = [before[slice(*each.old)] for each in segments if each.kind != "insert"]
    come = [after[slice(*each.new)] for each in segments if each.kind != "delete"]
    assert marks(shown, "del") == gone
    assert marks(shown, "ins") == come


def test_marks_predictions_and_scores_are_the_engines(
    change: LitPage, classifiers: dict[str, TextClassifier]
):
    shown = compare(change, BEFORE, AFTER)
    expect_marked(shown, BEFORE, AFTER)
    menu(shown, "Order").select_option(label="as in the text")
    for index, model in enumerate(classifiers.values()):
        section = of_model(shown, index)
        probabilities = model.predict([BEFORE, AFTER]).probabilities
        classes = dict(rows(section, 0))
        for place, label in enumerate(model.labels):
            before, after = (float(each) for each in probabilities[:, place])
            assert [number(each) for each in classes[label]] == pytest.approx(
                [before, after, after - before], abs=HALF_A_DIGIT
            )
        predicted = int(probabilities[0].argmax())
        expect(section).to_contain_text(f"Words, in P({model.labels[predicted]})")
        expect_scores(section, *explain(model, [BEFORE, AFTER], "shapley", predicted))


def test_the_sentence_says_what_was_done_and_who_flips(
    change: LitPage, classifiers: dict[str, TextClassifier]
):
    shown = compare(change, BEFORE, AFTER)
    before, after = classifiers[FIRST].predict([BEFORE, AFTER]).probabilities
    expect(shown.locator("[aria-live=polite] .summary")).to_contain_text(
        "“No one” → “Everyone”, “lovely” put in, “.” → “!”. "
        f"{FIRST} flips from negative ({before[0]:.3f}) to positive ({after[1]:.3f}); "
        f"{SECOND} stays positive"
    )
    expect(shown.locator("h3")).to_have_text(
        [whole(f"{FIRST} flips from negative to positive"), whole(f"{SECOND} stays positive")]
    )
    expect(of_model(shown).locator(".predicted")).to_have_count(2)
    expect(shown.get_by_text("Datapoint 548 compared with 5, which is pinned")).to_be_visible()


def test_a_text_that_only_lost_words_reads_well(change: LitPage):
    shown = compare(change, BEFORE, "One leaves this bakery.")
    expect_marked(shown, BEFORE, "One leaves this bakery.")
    assert marks(shown, "del") == ["No", "one", "happy"]
    visible = shown.locator(".text").text_content()
    assert READ_OUT.sub("", visible or "") == "No oneOne leaves this bakery happy."


def test_the_class_and_the_method_are_the_same_for_both_texts(
    change: LitPage, classifiers: dict[str, TextClassifier]
):
    shown = compare(change, BEFORE, AFTER)
    menu(shown, "Order").select_option(label="as in the text")
    menu(shown, "Class").select_option(label="positive")
    menu(shown, "Method").select_option(label=METHODS["occlusion"].title)
    for index, model in enumerate(classifiers.values()):
        section = of_model(shown, index)
        expect(section).to_contain_text("Words, in P(positive)")
        expect(section.locator(".figures")).to_contain_text("Leave one out: ")
        before, after = explain(model, [BEFORE, AFTER], "occlusion", "positive")
        assert "Unexplained" in dict(rows(section, 1))
        expect_scores(section, before, after)


def test_a_generated_text_is_compared_with_what_it_was_made_of(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = "No one leaves this bakery hungry."
    made = text.replace("hungry", "cheerful")
    lit.row(text).click()
    lit.open_tab("Counterfactuals")
    form = lit.panel("Word Replacer", lit.module("generator-module"))
    form.locator(".expansion-label").first.click()
    form.locator(".option input").first.fill("hungry -> cheerful")
    lit.button("Apply", form).click()
    add = lit.button("Add all", lit.module("generator-module"))
    add.click()
    lit.expect_selected(2, len(reviews.texts) + 1)

    shown = module(lit)
    expect(
        shown.get_by_text("Datapoint 548 compared with 4, from which it was generated")
    ).to_be_visible()
    expect_marked(shown, text, made)
    menu(shown, "Order").select_option(label="as in the text")
    predicted = int(classifiers[FIRST].predict([text]).logits[0].argmax())
    pair = explain(classifiers[FIRST], [text, made], "shapley", predicted)
    expect_scores(of_model(shown), *pair)


def test_two_texts_of_the_dataset_and_one_model(
    change: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    change.page.locator("lit-app-toolbar").get_by_text(SECOND, exact=True).click()
    before, after = reviews.texts[3], reviews.texts[2]
    change.row(before).click()
    change.button("Pin datapoint 3").click()
    shown = module(change)
    expect(shown.locator("lit-interstitial")).to_contain_text(
        "The pinned datapoint is the selected"
    )
    change.row(after).click()
    expect_marked(shown, before, after)
    expect(shown.locator("section")).to_have_count(1)
    menu(shown, "Order").select_option(label="as in the text")
    predicted = int(classifiers[FIRST].predict([before]).logits[0].argmax())
    pair = explain(classifiers[FIRST], [before, after], "shapley", predicted)
    expect_scores(of_model(shown), *pair)

    change.button("Unpin datapoint 3").click()
    expect(shown.locator("lit-interstitial")).to_contain_text("Pin this datapoint and select")


def test_one_sentence_before_anything_is_selected(change: LitPage):
    expect(module(change).locator("lit-interstitial")).to_have_text(
        whole("Select a datapoint to compare it with a pinned one.")
    )


def test_the_largest_changes_come_first_and_keys_change_the_order(change: LitPage):
    shown = compare(change, BEFORE, AFTER)
    section = of_model(shown)
    changes = [abs(number(change) or 0) for _, (*_, change) in rows(section, 1)[1:]]
    assert changes == sorted(changes, reverse=True)
    assert len(changes) == 9
    change.button("Options", shown).focus()
    change.page.keyboard.press("Tab")
    expect(menu(shown, "Order")).to_be_focused()
    change.page.keyboard.press("ArrowUp")
    assert [word for word, _ in rows(section, 1)[1:4]] == ["No", "one", "Everyone"]
    scroller = shown.get_by_role("region", name="Changes", exact=True)
    scroller.focus()
    change.page.keyboard.press("End")
    expect(section.locator("tr").last).to_be_in_viewport()


def test_a_model_without_the_class_says_so(blank: LitPage, address: str):
    def renamed(route: Route) -> None:
        answer = route.fetch()
        info = answer.json()
        info["models"][SECOND]["spec"]["output"]["probas"]["vocab"] = ["bad", "good"]
        route.fulfill(response=answer, json=info)

    blank.page.route("**/get_info*", renamed)
    blank.open_layout(address, "counterfactuals")
    shown = compare(blank, BEFORE, AFTER)
    menu(shown, "Class").select_option(label="positive")
    expect(shown.locator("section").nth(1)).to_contain_text(f"{SECOND} has no class positive.")
    expect(of_model(shown)).to_contain_text("Words, in P(positive)")


def test_words_after_an_emoji_are_marked_whole(change: LitPage):
    after = "No 😀 one leaves this 👍🏽 lovely bakery happy!"
    shown = compare(change, BEFORE, after)
    expect_marked(shown, BEFORE, after)
