"""A server that is busy, fails, or does not know the page: what users see of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from lit_plugins import EMBEDDED_MODELS
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, caption

MODEL = EMBEDDED_MODELS[0]
SHAP = re.compile(r"/get_interpretations\?.*interpreter=SHAP&")
BUSY = "The server is busy."


def answering(lit: LitPage, status: int, times: int, **given: str) -> list[str]:
    """Answers so many requests for SHAP in the server's place; all are noted."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > times:
            route.fallback()
            return
        headers = {name.replace("_", "-"): value for name, value in given.items()}
        body = json.dumps({"error": BUSY, "id": "0a1b2c"})
        route.fulfill(status=status, headers=headers, content_type="application/json", body=body)

    lit.page.route(SHAP, answer)
    return asked


def check_problems(lit: LitPage, status: int, count: int) -> None:
    """Takes upon itself what the browser notes of each refusal."""
    problems = lit.take_problems()
    assert sum(problem.startswith(f"status {status}:") for problem in problems) == count
    noted = (f"status {status}:", "console: Failed to load resource", "exception: ")
    assert [problem for problem in problems if not problem.startswith(noted)] == []


@pytest.mark.parametrize("status", [503, 429])
def test_a_busy_server_is_asked_again(lit: LitPage, reviews: TextTable, status: int):
    lit.select(reviews.texts[4])
    asked = answering(lit, status, 2, Retry_After="1")
    row = lit.explain(MODEL, "SHAP")
    expect(caption(row)).to_contain_text("evaluations")
    expect(lit.error()).to_have_count(0)
    assert len(asked) == 3
    assert len(set(asked)) == 1
    check_problems(lit, status, 2)


def test_what_is_busy_for_too_long_is_said(lit: LitPage, reviews: TextTable):
    lit.select(reviews.texts[4])
    asked = answering(lit, 503, 99, Retry_After="3600")
    lit.method(MODEL, "SHAP").locator(".expansion-label").click()
    expect(lit.error()).to_have_text(re.compile(rf"^\s*{re.escape(BUSY)}"))
    assert len(asked) == len(set(asked))
    check_problems(lit, 503, len(asked))


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (400, BUSY),
        (413, BUSY),
        (500, BUSY),
        (503, BUSY),  # without a word on when to come again
        (401, "The server no longer knows this browser; open the address that it printed."),
    ],
)
def test_a_refusal_is_one_sentence(lit: LitPage, reviews: TextTable, status: int, sentence: str):
    lit.select(reviews.texts[4])
    answering(lit, status, 99)
    lit.method(MODEL, "SHAP").locator(".expansion-label").click()
    expect(lit.error()).to_have_text(re.compile(rf"^\s*{re.escape(sentence)}"))
    lit.wait_idle()
    assert any(problem.startswith(f"status {status}:") for problem in lit.take_problems())


def answered_by(lit: LitPage, reviews: TextTable, handle: Callable[[Route], None]) -> None:
    lit.select(reviews.texts[4])
    lit.page.route(SHAP, handle)
    lit.method(MODEL, "SHAP").locator(".expansion-label").click()


def test_what_something_else_answers_is_a_sentence_too(lit: LitPage, reviews: TextTable):
    answered_by(
        lit, reviews, lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>\n\n502")
    )
    expect(lit.error()).to_have_text(re.compile(r"^\s*The server answered with status 502; try"))
    lit.wait_idle()
    assert lit.take_problems() != []


def test_a_server_that_is_gone_is_a_sentence(lit: LitPage, reviews: TextTable):
    answered_by(lit, reviews, lambda route: route.abort("connectionrefused"))
    expect(lit.error()).to_have_text(re.compile(r"^\s*The server cannot be reached; check whether"))
    lit.wait_idle()
    assert lit.take_problems() != []


def test_all_that_the_page_asks_is_posted_as_json(blank: LitPage, address: str, reviews: TextTable):
    asked: list[tuple[str, str, str | None]] = []

    def note(route: Route) -> None:
        request = route.request
        asked.append((request.method, request.url, request.header_value("content-type")))
        route.fallback()

    blank.page.route(re.compile(r"/(get|annotate|push|save|load)_"), note)
    blank.open(address)
    blank.select(reviews.texts[4])
    blank.open_tab("Attribution Chart")
    blank.wait_idle()
    blank.open_tab("Counterfactuals")
    module = blank.module("generator-module")
    form = blank.unfold("Word Replacer", module)
    form.locator(".option", has_text="Substitutions").locator("input").fill("a -> the")
    blank.button("Apply", form).click()
    blank.wait_idle()
    paths = {urlsplit(url).path for _, url, _ in asked}
    assert {"/get_preds", "/get_interpretations", "/get_generated", "/get_progress"} <= paths
    assert {(method, kind) for method, _, kind in asked} == {("POST", "application/json")}
