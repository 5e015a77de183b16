"""Takes the pictures of the page: `python -m tests.browser.screenshots [FOLDER]`.

The folder is demos/, where the README finds its picture, unless another is named. It needs the
browser that LIT_PLUGINS_CHROMIUM names.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import expect

from lit_plugins import EMBEDDED_MODELS
from tests.browser.page import PATIENCE_MS, VIEWPORT, LitPage
from tests.browser.server import CHROMIUM, chromium, demo_server

FOLDER = Path(__file__).parents[2] / "demos"
TEXT = "No one leaves this bakery happy."
"""One model reads the negation, the other does not."""


def main(arguments: list[str]) -> int:
    """Writes the pictures and says where; returns the exit code."""
    if not os.environ.get(CHROMIUM):
        print(f"{CHROMIUM} names no Chromium; make screenshots finds one.", file=sys.stderr)
        return 2
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with chromium() as browser, demo_server() as address:
        lit = LitPage.watched(browser.new_page(viewport=VIEWPORT))
        lit.open(address)
        take_page(lit, folder / "page.png")
    return 0


def take_page(lit: LitPage, path: Path) -> None:
    """What the first click gives: both models on one review."""
    lit.row(TEXT).click()
    rows = lit.module("prediction-module").locator("section[aria-busy=false]")
    expect(rows).to_have_count(len(EMBEDDED_MODELS))
    settle(lit)
    lit.page.screenshot(path=path)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def settle(lit: LitPage) -> None:
    """Waits until nothing moves, with the pointer where nothing reacts to it."""
    lit.page.mouse.move(0, VIEWPORT["height"] - 1)
    lit.wait_idle()
    expect(lit.page.locator("data-table-module tr.focused")).to_have_count(0)
    lit.page.evaluate("() => new Promise(requestAnimationFrame)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
