"""A selection that changes while its explanations are computed: only the last costs time."""

import time
from collections import Counter
from collections.abc import Iterator
from contextvars import ContextVar

import pytest
from playwright.sync_api import Browser, expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from lit_plugins.lit.build import CLIENT_ROOT, build_app
from lit_plugins.lit.interpreters import explanation_request
from lit_plugins.runtime import cancellation
from lit_plugins.serve.api import api
from lit_plugins.serve.page import with_own_assets
from lit_plugins.text.encoded import find_words
from tests.browser.page import VIEWPORT, LitPage
from tests.serving import queued, serve_in_thread

WATCHED = "sentiment-small"
BEFORE_IT_IS_GIVEN_UP = 3


class Runs:
    """Counts the model's runs by the text that is explained, and holds some of them up."""

    def __init__(self, classifier: TextClassifier, monkeypatch: pytest.MonkeyPatch):
        self.counted: Counter[str] = Counter()
        self.explained: list[str] = []
        self.held_up: set[str] = set()
        # The batches of a request run in another thread, but in its context.
        self._text: ContextVar[str | None] = ContextVar("text", default=None)
        self._run = classifier.network.run
        self._explain_each = explanation_request.explain_each
        monkeypatch.setattr(classifier.network, "run", self.run)
        monkeypatch.setattr(classifier, "batch_tokens", 128)
        monkeypatch.setattr(explanation_request, "explain_each", self.explain_each)

    def explain_each(self, classifier, texts, *arguments, **options) -> Iterator:
        (text,) = texts
        self._text.set(text)
        try:
            yield from self._explain_each(classifier, texts, *arguments, **options)
            self.explained.append(text)
        finally:
            self._text.set(None)

    def run(self, *arguments, **options):
        text = self._text.get()
        if text is not None:
            self.counted[text] += 1
            if text in self.held_up and self.counted[text] == BEFORE_IT_IS_GIVEN_UP:
                self._until_given_up()
        return self._run(*arguments, **options)

    def _until_given_up(self) -> None:
        # This run takes until the server knows that the page waits for it no more.
        while True:
            try:
                cancellation.check()
            except cancellation.Stopped:
                return
            time.sleep(0.01)


@pytest.fixture
def runs(classifiers: dict[str, TextClassifier], monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(classifiers[WATCHED], monkeypatch)


@pytest.fixture
def lit(
    browser: Browser, classifiers: dict[str, TextClassifier], reviews: TextTable, runs: Runs
) -> Iterator[LitPage]:
    """A page of a server in this process, so that the model's runs can be counted."""
    app = build_app(classifiers, {"reviews": reviews})
    opening = f"models={','.join(classifiers)}"
    page = browser.new_page(viewport=VIEWPORT)
    watched = LitPage.watched(page)
    try:
        page_app = with_own_assets(api(app), CLIENT_ROOT, opening)
        # A layout without the module that explains each selection by itself.
        watched.open(f"{serve_in_thread(queued(page_app))}?layout=attention")
        watched.open_tab("Salience Maps")
        yield watched
        watched.wait_idle()
    finally:
        page.close()
    assert watched.problems == []


def test_only_the_last_selection_is_explained(lit: LitPage, reviews: TextTable, runs: Runs):
    first, given_up, last = reviews.texts[3:6]
    lit.row(first).click()
    row = lit.explain(WATCHED, "SHAP")
    runs.held_up = {given_up}
    with lit.page.expect_request(lambda request: "interpreter=SHAP" in request.url):
        lit.row(given_up).click()
    while runs.counted[given_up] < BEFORE_IT_IS_GIVEN_UP:
        lit.page.wait_for_timeout(10)
    expect(row.locator("lit-spinner")).to_have_count(1)

    lit.row(last).click()
    expect(row.locator(".salient-token .pre-wrap")).to_have_text(words(last))
    lit.wait_idle()
    expect(lit.error()).to_have_count(0)
    assert runs.explained == [first, last]
    assert runs.counted[given_up] == BEFORE_IT_IS_GIVEN_UP

    # What was given up is explained when it is selected again.
    runs.held_up = set()
    lit.row(given_up).click()
    expect(row.locator(".salient-token .pre-wrap")).to_have_text(words(given_up))
    assert runs.explained == [first, last, given_up]


def test_a_row_that_was_closed_shows_nothing_of_the_text_before(
    lit: LitPage, reviews: TextTable, runs: Runs
):
    given_up, last = reviews.texts[4:6]
    runs.held_up = {given_up}
    lit.row(given_up).click()
    row = lit.method(WATCHED, "SHAP")
    row.locator(".expansion-label").click()
    while runs.counted[given_up] < BEFORE_IT_IS_GIVEN_UP:
        lit.page.wait_for_timeout(10)
    row.locator(".expansion-label").click()
    lit.row(last).click()
    lit.wait_idle()
    assert runs.explained == []
    row.locator(".expansion-label").click()
    expect(row.locator(".salient-token .pre-wrap")).to_have_text(words(last))
    assert runs.explained == [last]


def test_a_selection_asks_once_for_each_open_row(lit: LitPage, reviews: TextTable, runs: Runs):
    lit.row(reviews.texts[3]).click()
    row = lit.explain(WATCHED, "SHAP")
    lit.wait_idle()
    asked: Counter[str] = Counter()
    lit.page.on("request", lambda request: asked.update([request.url]))
    lit.row(reviews.texts[5]).click()
    expect(row.locator(".salient-token .pre-wrap")).to_have_text(words(reviews.texts[5]))
    lit.wait_idle()
    explained = {url: times for url, times in asked.items() if "=SHAP&" in url or "=Grad" in url}
    assert len(explained) == 3
    assert set(explained.values()) == {1}


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in find_words(text)]
