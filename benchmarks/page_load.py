"""The page's weight and the time until it answers, compared with LIT's own page and server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks.first_load import DATASET, MODEL, plain_app
from lit_plugins.data import load_table
from lit_plugins.errors import UserError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request

SIDES = ("LIT", "lit-plugins")
CHROMIUM = "LIT_PLUGINS_CHROMIUM"

_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""Flag that makes requests to other machines fail immediately, as they do offline."""

_COMPARED = ("bytes", "table", "selected", "answer")
_PATIENCE_MS = 120_000
_WEIGHT = """() => {
  const parts = performance.getEntriesByType('resource');
  const page = performance.getEntriesByType('navigation');
  return [...parts, ...page].reduce((sum, { transferSize }) => sum + transferSize, 0);
}"""


def table(model: str, texts: str, rounds: int) -> Iterator[str]:
    """Yields a table's lines in Markdown: each side's median over some alternating rounds.

    Raises:
        UserError: no browser is named.
    """
    if not os.environ.get(CHROMIUM):
        raise UserError(f"{CHROMIUM} names no Chromium; make bench finds or installs one.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ[CHROMIUM], args=["--no-sandbox", "--disable-gpu", _ALONE]
        )
        with served("LIT", model, texts) as stock, served("lit-plugins", model, texts) as ours:
            addresses = dict(zip(SIDES, (stock, ours), strict=True))
            for address in addresses.values():
                _visit(browser, address)  # makes the server predict everything once
            visits: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
            for _ in range(rounds):
                for side, address in addresses.items():
                    visits[side].append(_visit(browser, address))
        browser.close()
    yield (
        "| | requests | of these to other machines | weight, kB | texts shown, s | "
        "text selected by a click, s | its prediction shown, s |"
    )
    yield "|---|---|---|---|---|---|---|"
    middle = medians(visits)
    for side, row in middle.items():
        yield (
            f"| {side} | {row['requests']:.0f} | {row['outside']:.0f} | {row['bytes'] / 1000:,.0f} "
            f"| {row['table']:.2f} | {row['selected']:.2f} | {row['answer']:.2f} |"
        )
    ratio = {name: middle["LIT"][name] / middle["lit-plugins"][name] for name in _COMPARED}
    yield (
        f"| **ratio** | | | **{ratio['bytes']:.2f}** | **{ratio['table']:.2f}** "
        f"| **{ratio['selected']:.2f}** | **{ratio['answer']:.2f}** |"
    )


def medians(sides: Mapping[str, Sequence[Mapping[str, float]]]) -> dict[str, dict[str, float]]:
    """Computes each side's median of every figure over all of its rounds."""
    return {
        side: {name: median(figures[name] for figures in rounds) for name in rounds[0]}
        for side, rounds in sides.items()
    }


def _visit(browser: Browser, address: str) -> dict[str, float]:
    """Measures one visit, with nothing kept from an earlier one."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(_PATIENCE_MS)
    requests = {"requests": 0, "outside": 0}

    def count(request: Request) -> None:
        requests["requests"] += 1
        requests["outside"] += urlsplit(request.url).hostname not in ("127.0.0.1", None)

    try:
        page.on("request", count)
        start = time.perf_counter()
        page.goto(address, wait_until="commit")
        row = page.locator("data-table-module .lit-data-table-row").first
        row.wait_for()
        ready = time.perf_counter() - start
        row.click()
        page.locator("lit-main-toolbar #number-selected", has_text="1 of ").wait_for()
        selected = time.perf_counter() - start
        # The model's answer to the selected text.
        page.locator("classification-module .indicator", has_text="P").first.wait_for()
        answered = time.perf_counter() - start
        weight = page.evaluate(_WEIGHT)
        times = {"table": ready, "selected": selected, "answer": answered}
        return {"bytes": weight, **times, **requests}
    finally:
        page.close()


@contextmanager
def served(side: str, model: str, texts: str, token: str = "") -> Iterator[str]:
    """Starts one side's server for the length of the block, and yields its address.

    Args:
        side: whose page it is.
        model: the model to load.
        texts: the dataset to show.
        token: what our server asks of visitors, whom it then tells apart; it ends the address.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.page_load", model, texts, str(port)]
    if side == "lit-plugins":
        command = [sys.executable, "-m", "lit_plugins.cli", "serve", "--no-browser"]
        command += ["--model", f"{MODEL}={model}", "--dataset", f"{DATASET}={texts}"]
        command += ["--port", str(port)]
    process = subprocess.Popen(
        command,
        env={**os.environ, **({"LIT_PLUGINS_TOKEN": token} if token else {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}/" + (f"?token={token}" if token else "")
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError("A server did not start.")


def _serve_stock(model: str, texts: str, port: int) -> None:
    from lit_nlp.lib.wsgi_serving import BasicDevServer

    loaded = load_table(texts, label_names=("negative", "positive"))
    BasicDevServer(plain_app(model, loaded), port=port).serve()


if __name__ == "__main__":
    model, texts, port = sys.argv[1:]
    _serve_stock(model, texts, int(port))
