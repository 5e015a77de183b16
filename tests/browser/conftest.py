from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier
from lit_plugins.data import TextTable, load_table
from lit_plugins.serve.factory import create_app
from tests.browser.page import PATIENCE_MS, VIEWPORT, LitPage
from tests.browser.server import CHROMIUM, chromium
from tests.serving import serve_in_thread


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if not os.environ.get(CHROMIUM):
        pytest.skip(f"{CHROMIUM} names no Chromium; make test finds or installs one")
    expect.set_options(timeout=PATIENCE_MS)
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="package")
def address(browser: Browser, classifiers: dict[str, TextClassifier], reviews: TextTable) -> str:
    """The demo's page, of a server in this process: one of its own would load all once more."""
    return serve_in_thread(create_app(classifiers, {"reviews": reviews}, log=None))


@pytest.fixture(scope="package")
def address_of(
    browser: Browser, classifiers: dict[str, TextClassifier]
) -> Callable[[TextTable], str]:
    """The address of such a page over texts of a test's own."""
    return lambda table: serve_in_thread(create_app(classifiers, {"texts": table}, log=None))


@pytest.fixture
def blank(browser: Browser) -> Iterator[LitPage]:
    """A page for a test to open, which fails on any problem that the test has not taken."""
    page = browser.new_page(viewport=VIEWPORT)
    watched = LitPage.watched(page)
    try:
        yield watched
        watched.wait_idle()
    finally:
        page.close()
    assert watched.problems == []


@pytest.fixture
def lit(blank: LitPage, address: str) -> LitPage:
    """The demo's page, newly opened."""
    blank.open(address)
    return blank


@pytest.fixture(scope="package")
def reviews() -> TextTable:
    return load_table("reviews")


@pytest.fixture(scope="package")
def classifiers() -> dict[str, TextClassifier]:
    """The models that the page shows, for figures to compare the page's with."""
    return {name: TextClassifier.from_pretrained(name) for name in EMBEDDED_MODELS}


@pytest.fixture(scope="package")
def predicted(
    classifiers: dict[str, TextClassifier], reviews: TextTable
) -> dict[str, tuple[str, ...]]:
    """The class that each model predicts for each review."""
    return {
        name: tuple(model.labels[index] for index in model.predict(reviews.texts).logits.argmax(1))
        for name, model in classifiers.items()
    }
