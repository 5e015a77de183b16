import pytest

from lit_plugins.errors import UserError
from lit_plugins.lit.layouts import LAYOUTS
from lit_plugins.lit.page_modules import PageModule, check_declaration, with_modules


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "some.js"
    path.write_text("")
    return path


def test_modules_stand_last_in_their_tab(script):
    layouts = with_modules(
        LAYOUTS,
        [
            PageModule("one-module", script, tab="Explanations", layouts=("debug", "compare")),
            PageModule("other-module", script, tab="New"),
        ],
    )
    assert layouts["debug"].lower["Explanations"][-1] == "one-module"
    assert layouts["debug"].lower["New"] == ["other-module"]
    assert "one-module" in str(layouts["compare"])
    assert "one-module" not in str(layouts["counterfactuals"])
    assert "one-module" not in str(LAYOUTS)


def test_an_unknown_layout_is_refused(script):
    with pytest.raises(UserError, match="names the layout 'other'; choose from debug"):
        check_declaration(PageModule("one-module", script, tab="A", layouts=("other",)))


@pytest.mark.parametrize("tag", ["plain", "Upper-Case", "x-<script>", "a b-c", ""])
def test_a_tag_that_names_no_element_is_refused(tag, script):
    with pytest.raises(UserError, match="lower-case words joined by hyphens"):
        PageModule(tag, script, tab="A")


def test_a_script_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UserError, match="There is no script"):
        PageModule("one-module", tmp_path / "none.js", tab="A")
