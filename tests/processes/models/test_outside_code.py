"""With the package `kernels` installed, no model makes `transformers` ask it for one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from transformers.utils.import_utils import KERNELS_MIN_VERSION

KERNELS = """
import sys

class Anything:
    def __init__(self, *_, **__): pass
    def __call__(self, *_, **__): return self
    def __getattr__(self, _): return Anything()

def get_kernel(name, **_):
    print("ASKED FOR", name)
    raise FileNotFoundError(name)

def use_kernel_forward_from_hub(_): return lambda made: made
def use_kernelized_func(*_): return lambda made: made
def __getattr__(name):
    if name.startswith("__"): raise AttributeError(name)
    return Anything()
"""

ATTEMPT = """
import sys
from lit_plugins import TextClassifier, UserError
for folder in sys.argv[1:]:
    try:
        print("loaded", len(TextClassifier.from_pretrained(folder).predict(["a"]).logits))
    except UserError as error:
        print("refused", error)
"""


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with a package that says what would have been fetched."""
    folder = tmp_path / "packages"
    information = folder / f"kernels-{KERNELS_MIN_VERSION}.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: kernels\nVersion: {KERNELS_MIN_VERSION}\n"
    )
    (folder / "kernels").mkdir()
    (folder / "kernels" / "__init__.py").write_text(KERNELS)
    return folder


def test_no_kernel_is_fetched(checkpoint: Callable[..., Path], tmp_path: Path, packages: Path):
    def model(number: int, tokenizer: dict[str, Any], **config: Any) -> str:
        folder = shutil.copytree(checkpoint("bert"), tmp_path / f"model-{number}")
        for name, settings in (("config.json", config), ("tokenizer_config.json", tokenizer)):
            path = folder / name
            path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))
        return str(folder)

    kernel = {"attn_implementation": "org/kernel"}
    folders = [
        model(0, {}, **kernel),
        model(1, {}, attn_implementation="flash_attention_2"),
        model(2, {}, attn_implementation="paged|org/kernel:f@main"),
        model(3, {"tokenizer_class": "AutoModel"}, **kernel),
        model(4, {}, tokenizer_class="BertModel", **kernel),
        model(5, {}, quantization_config={"quant_method": "eetq", "weights": "int8"}),
    ]
    done = subprocess.run(
        [sys.executable, "-c", ATTEMPT, *folders],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(packages), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "ASKED FOR" not in done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        *("loaded", "loaded", "loaded", "refused", "refused", "refused")
    ]
