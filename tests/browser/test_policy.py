"""The page's content security policy: what the page does stays within it, all else is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.page import VIEWPORT, LitPage

ELSEWHERE = "http://192.0.2.1/"


def element(tag: str, **attributes: str) -> str:
    return f"document.body.append(Object.assign(document.createElement('{tag}'), {attributes}))"


# What each directive refuses.
ATTEMPTS = {
    "script-src-elem": element("script", text="window.ran = 1"),
    "script-src-attr": element("div", innerHTML="<img src=data:, onerror=window.ran=1>"),
    "script-src": "eval('window.ran = 1')",
    "worker-src": "new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])))",
    "style-src-elem": element("link", rel="stylesheet", href=ELSEWHERE),
    "img-src": element("img", src=ELSEWHERE),
    "media-src": element("video", src=ELSEWHERE),
    "object-src": element("embed", src=ELSEWHERE),
    "frame-src": element("iframe", src=ELSEWHERE),
    "base-uri": element("base", href=ELSEWHERE),
    "connect-src": f"fetch('{ELSEWHERE}').catch(() => null)",
    "form-action": element("form", action=ELSEWHERE) + "; document.forms[0].submit()",
}


@pytest.fixture
def visited(browser: Browser, address: str) -> Iterator[LitPage]:
    """The page's document, whose problems a test takes upon itself."""
    page = browser.new_page(viewport=VIEWPORT)
    lit = LitPage.watched(page)
    lit.open(address)
    assert lit.take_problems() == []
    yield lit
    page.close()


def violations(lit: LitPage) -> list[str]:
    """The directives that were violated."""
    seen = [problem.split() for problem in lit.take_problems() if "console: policy: " in problem]
    return [words[2] for words in seen]


def test_what_the_page_does_not_need_is_refused(visited: LitPage):
    for directive, attempt in ATTEMPTS.items():
        # In a turn of the page's own: what a debugger evaluates a policy lets pass.
        with visited.page.expect_console_message(lambda message: "policy: " in message.text):
            visited.page.evaluate(f"() => {{ setTimeout(() => {{ {attempt} }}); }}")
        assert directive in violations(visited)
        assert visited.page.evaluate("() => window.ran") is None, directive


def test_no_other_page_shows_this_one_in_a_frame(browser: Browser, address: str):
    page = browser.new_page()
    framing = f"<iframe src={address}></iframe>"
    page.route("http://other.test/", lambda route: route.fulfill(body=framing))
    page.goto("http://other.test/")  # and waits for its frames
    (frame,) = page.main_frame.child_frames
    assert frame.url == "chrome-error://chromewebdata/"
    page.close()


def test_the_policy_lets_the_page_do_what_no_other_test_does(lit: LitPage):
    # LIT's introduction has pictures.
    picture = lit.page.locator("lit-documentation img").first
    lit.page.wait_for_function("(img) => img.naturalWidth > 0", arg=picture.element_handle())
    # The projector is drawn by WebGL.
    lit.module("embeddings-module").locator("canvas").first.hover()
    lit.page.mouse.down()
    lit.page.mouse.move(700, 400, steps=3)
    lit.page.mouse.up()
