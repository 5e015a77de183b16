"""The page below a path, as a reverse proxy shows it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from lit_plugins import EMBEDDED_MODELS
from lit_plugins.data import TextTable
from lit_plugins.serve.factory import create_app
from tests.browser.page import VIEWPORT, LitPage, caption
from tests.serving import serve_in_thread

PREFIX = "/tools/lit"


@pytest.fixture(scope="module")
def origin(browser: Browser) -> str:
    """The server's address, without the prefix and without a slash at its end."""
    return serve_in_thread(create_app(path_prefix=PREFIX, log=None)).rstrip("/")


@pytest.fixture
def lit(browser: Browser, origin: str) -> Iterator[LitPage]:
    page = browser.new_page(viewport=VIEWPORT)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched = LitPage.watched(page)
    watched.open(f"{origin}{PREFIX}")
    yield watched
    watched.wait_idle()
    assert watched.problems == []
    page.close()


def test_all_stays_below_it(lit: LitPage, origin: str, reviews: TextTable):
    assert lit.page.url.startswith(f"{origin}{PREFIX}/?")
    asked: list[str] = []
    lit.page.on("request", lambda request: asked.append(request.url))
    lit.page.reload()
    lit.select(reviews.texts[4])
    lit.explain(EMBEDDED_MODELS[0], "SHAP")
    expect(caption(lit.method(EMBEDDED_MODELS[0], "SHAP"))).to_contain_text("evaluations")
    assert 0 < lit.probability(EMBEDDED_MODELS[0], "positive") < 1
    assert len(asked) > 40
    inside = [url for url in asked if urlsplit(url).scheme == "http"]
    assert [url for url in inside if not url.startswith(f"{origin}{PREFIX}/")] == []


def test_links_keep_it(lit: LitPage, origin: str, reviews: TextTable):
    lit.open_layout(f"{origin}{PREFIX}/", "compare")
    assert lit.page.url.startswith(f"{origin}{PREFIX}/?")
    lit.rows().first.click()
    lit.wait_idle()
    lit.button("Copy Link").click()
    copied = lit.page.evaluate("() => navigator.clipboard.readText()")
    assert copied == lit.page.url
    assert copied.startswith(f"{origin}{PREFIX}/?")
    lit.page.goto(copied)
    lit.expect_selected(1, len(reviews.texts))


def test_there_is_nothing_beside_it(browser: Browser, origin: str):
    page = browser.new_page()
    for path in ("/", "/main.js", "/tools/", "/tools/literature/", "/tools/lit/../main.js"):
        answer = page.request.get(f"{origin}{path}")
        assert answer.status == 404, path
        assert set(answer.json()) == {"error", "id"}
    page.close()
