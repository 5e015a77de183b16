import pytest
from playwright.sync_api import Request, expect

from lit_plugins.data import TextTable
from tests.browser.page import LitPage


@pytest.mark.alone
def test_a_slow_explanation_holds_up_no_other_answer(lit: LitPage, reviews: TextTable):
    longest = max(reviews.texts, key=len)
    lit.select(longest)
    row = lit.explain("sentiment-small", "SHAP")
    lit.wait_idle()

    answered: list[str] = []

    def note(request: Request) -> None:
        answered.append("slow" if "interpreter=SHAP" in request.url else "other")

    lit.page.on("requestfinished", note)
    with lit.page.expect_request(lambda request: "interpreter=SHAP" in request.url):
        lit.set_option(row, "evaluations", "2000")
    # Asked for only after it, and answered before it.
    lit.explain("sentiment-bow", "Integrated gradients")
    lit.open_tab("Metrics")
    expect(lit.module("metrics-module").locator(".lit-data-table-row")).not_to_have_count(0)
    lit.wait_idle()
    assert answered.count("slow") == 1
    assert answered.index("slow") >= 2
