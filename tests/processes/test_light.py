"""What is imported: help, wrong flags and completion do without heavy libraries."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    *("torch", "transformers", "tokenizers", "huggingface_hub", "datasets", "safetensors"),
    *("lit_nlp", "werkzeug", "waitress"),
    *("captum", "shap", "scipy", "sklearn", "umap", "sacrebleu", "matplotlib"),
    *("pandas", "pyarrow"),
}
"""Libraries that take a noticeable time to import."""

PROGRAM = """
import json, sys
try:
    {code}
except SystemExit:
    pass
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def imported(code: str) -> set[str]:
    """The top-level packages that are imported after some code has run in a fresh process."""
    program = PROGRAM.format(code=code.replace("\n", "\n    "))
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


def running(*arguments: str) -> str:
    return f"from lit_plugins.cli import main\nmain({list(arguments)!r})"


@pytest.mark.parametrize(
    "code",
    [
        "import lit_plugins",
        "import lit_plugins.explain.registry as r\nassert 'shapley' in r.METHODS",
        "from lit_plugins import explain, counterfactuals, evaluate, UserError, EMBEDDED_MODELS",
        "from lit_plugins import lexicon, naming, options, text, runtime, models, data, serve, lit",
    ],
)
def test_importing_the_package_loads_no_heavy_library(code):
    assert not imported(code) & HEAVY


@pytest.mark.parametrize("command", ["", "serve", "explain", "counterfactuals", "evaluate"])
@pytest.mark.parametrize("flag", ["--help", "--no-such-flag"])
def test_help_and_wrong_flags_load_no_heavy_library(command, flag):
    assert not imported(running(*command.split(), flag)) & HEAVY


@pytest.mark.parametrize(
    "arguments",
    [
        ("--method", "integrated_gradients", "--help"),
        ("--method", "no_such_method", "a text"),
        ("--method", "lime", "--evaluations", "many", "a text"),
    ],
)
def test_the_options_of_a_method_load_no_heavy_library(arguments):
    assert not imported(running("explain", *arguments)) & HEAVY


def test_explaining_a_text_loads_neither_lit_nor_what_another_method_needs():
    names = imported(running("explain", "--model", "sentiment-bow", "Not bad."))
    assert "torch" in names
    assert not names & {
        *("lit_nlp", "captum", "matplotlib", "umap", "sacrebleu", "shap", "sklearn", "datasets"),
        *("werkzeug", "waitress", "pandas"),
    }


def test_everything_that_the_package_names_is_there():
    import lit_plugins

    assert all(getattr(lit_plugins, name) is not None for name in lit_plugins.__all__)
    assert set(lit_plugins.__all__) <= set(dir(lit_plugins))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        lit_plugins.nothing  # noqa: B018


def test_explain_is_a_function_and_a_package(classifier):
    import inspect

    import lit_plugins.explain.registry as registry
    from lit_plugins import explain

    (explanation,) = explain(classifier("bert"), ["good film"], "occlusion")
    assert explanation.words == ("good", "film")
    assert explain.METHODS is registry.METHODS
    assert inspect.signature(explain) == inspect.signature(registry.explain)
