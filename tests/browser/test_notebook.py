"""The page in a notebook's frame, as another origin of this machine shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from lit_plugins.serve import show
from lit_plugins.serve.notebook import Shown
from lit_plugins.serve.responses import answer
from tests.browser.page import VIEWPORT
from tests.serving import serve_in_thread


@pytest.fixture(scope="module")
def shown() -> Iterator[Shown]:
    served = show(["sentiment-small", "sentiment-bow"], {"texts": ["so good", "not bad at all"]})
    yield served
    served.stop()


def notebook(shown: Shown) -> int:
    """The port of a page that has what a notebook shows of it."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        html = f"<!doctype html><title>Notebook</title>{shown._repr_html_()}"
        return answer(environ, start_response, 200, html.encode(), "text/html")

    return urlsplit(serve_in_thread(app)).port or 0


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_notebook_of_this_machine_shows_predictions(
    browser: Browser, shown: Shown, host: str
) -> None:
    page = browser.new_page(viewport=VIEWPORT)
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto(f"http://{host}:{notebook(shown)}/")
    frame = page.frame_locator("iframe")
    rows = frame.locator(".lit-data-table-row")
    expect(rows).to_have_count(2)
    rows.first.click()
    expect(frame.locator("prediction-module")).to_contain_text("positive")
    assert [each for each in problems if "favicon" not in each and "404" not in each] == []
    page.close()


def test_pages_of_other_hosts_may_not_show_it(browser: Browser, shown: Shown) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"http://evil.localhost:{notebook(shown)}/")
    expect(page.frame_locator("iframe").locator(".lit-data-table-row")).to_have_count(0)
    assert any("frame-ancestors" in each for each in said), said
    page.close()
