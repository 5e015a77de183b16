"""What a page module breaks, the check names."""

from pathlib import Path

import pytest

from lit_plugins.lit.page_modules import PageModule
from lit_plugins.testing import check_page_module

MARGIN = Path(__file__).parents[2] / "demos" / "page_module" / "margin.js"


def test_the_example_of_a_page_module_passes():
    check_page_module(PageModule("margin-module", MARGIN, tab="Predictions"))


@pytest.mark.parametrize(
    ("script", "layouts", "said"),
    [
        ("define('other-module', Other);", ("debug",), "does not define it"),
        ("define('some-module', Some);", ("mine",), "names the layout 'mine'; choose from debug"),
        (
            "import x from 'https://elsewhere/x.js'; define('some-module', Some);",
            ("debug",),
            "loads from another address",
        ),
    ],
)
def test_what_a_page_module_breaks_is_one_sentence(tmp_path, script, layouts, said):
    path = tmp_path / "some.js"
    path.write_text(script)
    with pytest.raises(AssertionError, match=said):
        check_page_module(PageModule("some-module", path, tab="Some", layouts=layouts))
