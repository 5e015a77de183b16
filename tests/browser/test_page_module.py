"""A module that another package brings along, and one whose script fails."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from tests.browser.page import VIEWPORT, LitPage
from tests.browser.server import demo_server

EXAMPLE = Path(__file__).parents[2] / "demos" / "page_module"
BROKEN = """
from pathlib import Path
from lit_plugins.lit.page_modules import PageModule
MODULE = PageModule("broken-module", Path(__file__).with_suffix(".js"), tab="Broken")
"""


@pytest.fixture(scope="module")
def installed(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("source") / "page_module")
    target = tmp_path_factory.mktemp("installed")
    flags = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    pip = [sys.executable, "-m", "pip", "install", *flags, "--target", str(target), str(source)]
    subprocess.run(pip, check=True)
    (target / "broken.py").write_text(BROKEN)
    (target / "broken.js").write_text("throw new Error('broken on purpose');")
    info = target / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lit_plugins.modules]\nbroken = broken:MODULE\n")
    return target


@pytest.fixture
def lit(browser: Browser, installed: Path) -> Iterator[LitPage]:
    page = browser.new_page(viewport=VIEWPORT)
    with demo_server(str(installed)) as address:
        lit = LitPage.watched(page)
        lit.open(address)
        yield lit
        lit.wait_idle()
    page.close()


def test_modules_of_others(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.open_tab("Predictions")
    module = lit.module("margin-module")
    expect(module).to_have_count(len(classifiers))
    expect(module.first).to_contain_text("Select a text.")
    for text in reviews.texts[3:6]:
        lit.row(text).click()
        for name, model in classifiers.items():
            probabilities = sorted(model.predict([text]).probabilities[0])
            margin = probabilities[-1] - probabilities[-2]
            expect(lit.module("margin-module", name)).to_contain_text(f"{margin:.3f}")

    # The page goes on without what failed, and says so where it would stand.
    (problem,) = lit.take_problems()
    assert "broken on purpose" in problem
    lit.open_tab("Broken")
    expect(lit.module("broken-module").first).to_contain_text("The script of broken-module failed")
