import csv
import json
import re

import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

from lit_plugins import TextClassifier, evaluate
from lit_plugins.data import TextTable
from lit_plugins.serve.page import own_address
from tests.browser.page import LitPage, make_slices, whole

MODELS = ("sentiment-small", "sentiment-bow")
FOR, AGAINST = "#words-for", "#words-against"


def open_module(lit: LitPage, model: str = MODELS[0]) -> Locator:
    lit.open_tab("Global Words")
    module = lit.module("global-words-module", model)
    expect(module).to_be_visible()
    return module


def fill_in(module: Locator, *, texts: int = 30, at_least: int = 2, **menus: str) -> None:
    """Fills in the form; menus by their labels."""
    module.get_by_label("at most").fill(str(texts))
    module.get_by_label("words at least").fill(str(at_least))
    for label, choice in menus.items():
        named = module.locator("label", has_text=re.compile(rf"^\s*{label}\b"))
        named.locator("select").select_option(label=choice)


def compute(lit: LitPage, module: Locator, **form: int | str) -> None:
    fill_in(module, **form)
    lit.button("Compute", module).click()
    expect(module.locator(".said", has_text=re.compile(r"\d+ words?, "))).to_be_visible()
    lit.wait_idle()


def rows(module: Locator, side: str) -> list[tuple[str, int, float, float | None]]:
    """The words of a list: how often they stand there, their means and standard errors."""
    lines = module.locator(f"{side} .line")
    texts = {
        name: [text.strip() for text in lines.locator(f".{name}").all_text_contents()]
        for name in ("word", "n", "mean", "error")
    }
    return [
        (word, int(n), float(mean), float(error.removeprefix("± ")) if error else None)
        for word, n, mean, error in zip(*texts.values(), strict=True)
    ]


def check(found: list[tuple[str, int, float, float | None]], expected: pd.DataFrame) -> None:
    assert [word for word, *_ in found] == expected["word"].tolist()[: len(found)]
    for (_, n, mean, error), (_, row) in zip(found, expected.iterrows(), strict=False):
        assert n == row["n"]
        assert mean == pytest.approx(row["mean"], abs=6e-3)
        assert error == (None if pd.isna(row["error"]) else pytest.approx(row["error"], abs=6e-3))


def test_figures_of_a_slice_are_the_engines(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    make_slices(lit, "domain")
    lit.button("Slices").click()
    kept = [
        text
        for text, domain in zip(reviews.texts, reviews.columns["domain"], strict=True)
        if domain == "food"
    ]
    for name, label in zip(MODELS, ("positive", "negative"), strict=True):
        module = open_module(lit, name)
        scope = f"slice domain:food ({len(kept)})"
        compute(lit, module, Texts=scope, Class=label)
        expected = evaluate.global_words(
            classifiers[name], kept, target=label, sample=30, at_least=2
        )
        above, below = rows(module, FOR), rows(module, AGAINST)
        assert above
        assert below
        check(above, expected[expected["mean"] > 0])
        check(below, expected[expected["mean"] < 0].iloc[::-1])
        expect(module.locator(".said")).to_contain_text(
            f"{len(expected)} words, Integrated gradients, logit({label}), "
            f"30 of {len(kept)} texts of the slice domain:food."
        )


def test_a_words_sentences_are_one_click_away(lit: LitPage, reviews: TextTable):
    module = open_module(lit)
    compute(lit, module, texts=100)
    word, n, *_ = rows(module, FOR)[0]
    module.locator(f"{FOR} .line").first.click()
    marked = module.locator("#sentences mark")
    expect(marked).to_have_count(n)
    assert {text.casefold() for text in marked.all_text_contents()} == {word}

    sentence = module.locator("#sentences li").last
    shown = sentence.locator(".sentence > span").inner_text().strip("… ")
    sentence.click()
    lit.expect_shown(re.compile(re.escape(shown)))
    lit.expect_selected(1, len(reviews.texts))
    lit.button(f"Select all {n}", module).click()
    lit.expect_selected(n, len(reviews.texts))
    # Another of those that are selected is looked at, and they stay selected.
    module.locator("#sentences li").first.click()
    lit.expect_selected(n, len(reviews.texts))


def test_by_keyboard(lit: LitPage, reviews: TextTable):
    module = open_module(lit)
    fill_in(module)
    module.get_by_label("at most").press("Enter")
    words = module.locator(AGAINST)
    expect(words).to_be_visible()
    lit.wait_idle()
    names = [word for word, *_ in rows(module, AGAINST)]
    chosen = words.locator("[aria-selected=true] .word")
    for key, at in (("ArrowDown", 0), ("ArrowDown", 1), ("End", -1), ("ArrowUp", -2), ("Home", 0)):
        words.press(key)
        expect(chosen).to_have_text(names[at])
    expect(module.get_by_role("heading", name=f"Sentences with {names[0]}")).to_be_visible()
    words.press("Enter")
    sentences = module.locator("#sentences")
    expect(sentences).to_be_focused()
    sentences.press("ArrowDown")
    sentences.press("Enter")
    lit.expect_selected(1, len(reviews.texts))
    shown = sentences.locator("[aria-selected=true] .sentence > span").inner_text()
    lit.expect_shown(re.compile(re.escape(shown.strip("… "))))


def test_stop(lit: LitPage):
    module = open_module(lit)
    fill_in(module, texts=500, Method="SHAP")
    lit.button("Compute", module).click()
    expect(module.locator(".said")).to_have_text(re.compile(r"[1-9]\d* of 500 texts"))
    lit.button("Stop", module).click()
    stopped = re.compile(r"Stopped after [1-9]\d* of 500 texts; Compute continues from there\.")
    expect(module.locator(".said")).to_have_text(stopped)
    expect(lit.button("Compute", module)).to_be_focused()
    lit.wait_idle()
    # The server is free for what comes next, which has what was explained before.
    compute(lit, module, texts=2, at_least=1)
    assert rows(module, FOR)


def test_the_result_stays_and_says_what_it_is_of(lit: LitPage, reviews: TextTable):
    module = open_module(lit)
    lit.select(reviews.texts[0])
    compute(lit, module, at_least=1, Texts="selection (1)")
    found = rows(module, FOR)
    note = module.get_by_text("Texts or settings have changed since.")
    expect(note).to_have_count(0)
    lit.open_tab("Predictions")
    lit.open_tab("Global Words")
    assert rows(module, FOR) == found
    lit.select(reviews.texts[1])
    expect(note).to_be_visible()
    lit.select(reviews.texts[0])
    expect(note).to_have_count(0)
    fill_in(module, at_least=1, Class="negative")
    expect(note).to_be_visible()
    assert rows(module, FOR) == found


def test_words_are_found_and_put_in_order(lit: LitPage):
    module = open_module(lit, MODELS[1])
    compute(lit, module, texts=100)
    every = rows(module, FOR)
    module.get_by_label("Order of the words").select_option(label="by count")
    counts = [n for _, n, *_ in rows(module, FOR)]
    assert counts == sorted(counts, reverse=True)
    module.get_by_label("Order of the words").select_option(label="by mean")
    letters = every[-1][0][:2].upper()
    module.get_by_label("Find a word").fill(letters)
    assert rows(module, FOR) == [row for row in every if letters.lower() in row[0]]


def test_files(lit: LitPage):
    module = open_module(lit, MODELS[1])
    compute(lit, module)
    with lit.page.expect_download() as table:
        lit.button("CSV", module).click()
    with lit.page.expect_download() as data:
        lit.button("JSON", module).click()
    assert table.value.suggested_filename == "global-words-sentiment-bow-positive.csv"
    with table.value.path().open(newline="") as file:
        written = list(csv.DictReader(file))
    result = json.loads(data.value.path().read_text("utf-8"))
    assert [row["word"] for row in written] == [word["word"] for word in result["words"]]
    for row, word in zip(written, result["words"], strict=True):
        assert float(row["mean"]) == word["mean"]
        assert int(row["n"]) == word["n"] == len(word["occurrences"])
        assert row["model"] == "sentiment-bow"
    for word in result["words"]:
        for text, start, end, _ in word["occurrences"]:
            assert result["sentences"][text][start:end].casefold() == word["word"]


def test_a_spreadsheet_runs_no_word(lit: LitPage):
    words = ["=1+1", "+a", "-b", "@c", 'q"', "plain", "a;=1+1", 'a\t"-b', "-0.5"]
    made = lit.page.evaluate(
        """async ({ words, script }) => {
          const { asCsv } = await import(script);
          const row = { n: 1, texts: 1, mean: -0.5, error: null, positive: 0 };
          return asCsv({
            model: 'm', method: 'o', missing: null, target: 't', unit: 'logit', explained: ['a'],
            of: 2,
            words: words.map((word) => ({ ...row, word })),
          });
        }""",
        {"words": words, "script": f".{own_address('modules/global_words_export.js')}"},
    )
    cells = [row[5] for row in csv.reader(made.splitlines())]
    inert = ["'=1+1", "'+a", "'-b", "'@c", 'q"', "plain", "a;'=1+1", "a\t'\"-b", "-0.5"]
    assert cells == ["word", *inert]
    assert next(csv.DictReader(made.splitlines()))["mean"] == "-0.5"


def test_a_refusal_is_one_sentence(lit: LitPage):
    module = open_module(lit)
    fill_in(module, texts=0)
    lit.button("Compute", module).click()
    sentence = "The option texts is '0'; give a whole number from 1 to 10000."
    expect(module.locator(".said")).to_have_text(whole(sentence))
    lit.wait_idle()
    assert any("status 400" in problem for problem in lit.take_problems())
