"""A whole session, from a review to its counterfactual."""

from playwright.sync_api import expect

from lit_plugins import EMBEDDED_MODELS
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, caption, cells, saliences


def test_from_a_review_to_its_counterfactual(lit: LitPage, reviews: TextTable):
    text = reviews.texts[4]
    assert text == "No one leaves this bakery hungry."
    changed = text.replace("hungry", "happy")

    # Select a review and see both models' predictions.
    lit.select(text)
    before = {name: lit.probability(name, "positive") for name in EMBEDDED_MODELS}

    # Explain both.
    for name in EMBEDDED_MODELS:
        for title in ("SHAP", "Integrated gradients"):
            row = lit.explain(name, title)
            assert [word for word, _ in saliences(row)] == [*text[:-1].split(), "."]
            expect(caption(row)).to_contain_text("evaluations")

    # Make a counterfactual.
    lit.open_tab("Counterfactuals")
    module = lit.module("generator-module")
    form = lit.unfold("Word Replacer", module)
    form.locator(".option", has_text="Substitutions").locator("input").fill("hungry -> happy")
    lit.button("Apply", form).click()
    expect(module.locator(".lit-data-table-row")).to_have_count(1)
    assert cells(module.locator(".lit-data-table-row"))[0] == changed

    # Compare it with its parent.
    lit.button("Add and compare", module).click()
    lit.expect_selected(2, len(reviews.texts) + 1)
    expect(lit.button("Unpin datapoint 4")).to_be_visible()
    after = {}
    for name in EMBEDDED_MODELS:
        assert lit.probability(name, "positive", 2) == before[name]
        after[name] = lit.probability(name, "positive", 3)
    assert after != before
    lit.open_tab("Explanations")
    expect(lit.module("salience-map-module")).to_have_count(4)

    # Project all of them.
    embeddings = lit.module("embeddings-module")
    expect(embeddings.locator("select").first).to_have_value("pca")
    with lit.page.expect_response(lambda response: "interpreter=pca" in response.url) as answer:
        embeddings.locator("select").nth(1).select_option("sentiment-bow:pooled")
    assert len(answer.value.json()) == len(reviews.texts) + 1
