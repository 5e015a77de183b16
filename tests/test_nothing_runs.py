"""No code that comes with a model or a dataset is run, and nothing is ever unpickled."""

from __future__ import annotations

import ast
import json
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

import lit_plugins
from lit_plugins import TextClassifier, UserError
from lit_plugins.data import load_table
from lit_plugins.models import MaskedLanguageModel
from tests.checkpoints import TEXTS

PACKAGE = Path(lit_plugins.__file__).parent
DEMOS = PACKAGE.parent / "demos"

CODE = """
import pathlib
pathlib.Path({marker!r}).touch()
raise SystemExit("this code was run")
"""

LOADERS: dict[str, Callable[[str], Any]] = {
    "classifier": TextClassifier.from_pretrained,
    "filler": MaskedLanguageModel.from_pretrained,
}

OWN = {
    "AutoConfig": "modeling_evil.Config",
    "AutoModel": "modeling_evil.Model",
    "AutoModelForMaskedLM": "modeling_evil.Model",
    "AutoModelForSequenceClassification": "modeling_evil.Model",
    "AutoTokenizer": ["modeling_evil.Tokenizer", "modeling_evil.Tokenizer"],
}


class Payload:
    """Makes a folder when it is unpickled."""

    def __init__(self, marker: Path):
        self.marker = marker

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.marker),)


@pytest.fixture
def marker(tmp_path: Path) -> Iterator[Path]:
    """A path that is there if anything was run."""
    path = tmp_path / "was-run"
    yield path
    assert not path.exists()


@pytest.fixture
def folder(checkpoint: Callable[..., Path], tmp_path: Path, marker: Path) -> Path:
    """A good checkpoint with a module beside it that must not be run."""
    copied = Path(shutil.copytree(checkpoint("bert"), tmp_path / "model"))
    (copied / "modeling_evil.py").write_text(CODE.format(marker=str(marker)))
    return copied


def edit(path: Path, **values: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def refusal(call: Callable[..., Any], given: object) -> str:
    with pytest.raises(UserError) as caught:
        call(str(given))
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert ". " not in sentence
    assert "\n" not in sentence
    return sentence


def own_code(folder: Path) -> str:
    return (
        f"The model {str(folder)!r} comes with its own code, which is never run; "
        "give a model whose architecture is part of transformers."
    )


@pytest.mark.parametrize("load", LOADERS.values(), ids=LOADERS)
def test_a_models_own_code(folder, load):
    edit(folder / "config.json", model_type="evil", auto_map=OWN)
    assert refusal(load, folder) == own_code(folder)


@pytest.mark.parametrize("auto_map", [OWN, OWN["AutoTokenizer"]])
def test_a_tokenizers_own_code(checkpoint, folder, auto_map):
    # Of an architecture that transformers has no tokenizer of its own for.
    shutil.copytree(checkpoint("llama"), folder, dirs_exist_ok=True)
    edit(folder / "tokenizer_config.json", auto_map=auto_map, tokenizer_class="EvilTokenizer")
    assert refusal(TextClassifier.from_pretrained, folder) == own_code(folder)


@pytest.mark.parametrize("upstream", ["", "someone/else--"])
def test_code_of_a_known_architecture_is_passed_over_for_transformers_own(
    folder, classifier, upstream
):
    def named(value: Any) -> Any:
        return [named(each) for each in value] if isinstance(value, list) else upstream + value

    auto_map = {key: named(value) for key, value in OWN.items()}
    edit(folder / "config.json", auto_map=auto_map)
    edit(folder / "tokenizer_config.json", auto_map=auto_map)
    ours = TextClassifier.from_pretrained(folder).predict(TEXTS).logits
    assert (ours == classifier("bert").predict(TEXTS).logits).all()


@pytest.mark.parametrize("load", LOADERS.values(), ids=LOADERS)
def test_a_pickle_in_place_of_weights(folder, marker, load):
    (folder / "model.safetensors").unlink()
    with (folder / "pytorch_model.bin").open("wb") as file:
        pickle.dump(Payload(marker), file)
    sentence = refusal(load, folder)
    auto = {
        TextClassifier.from_pretrained: "AutoModelForSequenceClassification",
        MaskedLanguageModel.from_pretrained: "AutoModelForMaskedLM",
    }[load]
    assert sentence.startswith(f"The model {str(folder)!r} has its weights only as pytorch_model")
    assert f"transformers.{auto}.from_pretrained({str(folder)!r}).save_pretrained(" in sentence


@pytest.mark.parametrize("load", LOADERS.values(), ids=LOADERS)
@pytest.mark.parametrize("named", ["adapter_model.bin", "pytorch_model.bin", "../x.bin", 3])
def test_a_pickle_that_the_configuration_names(folder, marker, monkeypatch, load, named):
    edit(folder / "config.json", transformers_weights=named)
    with (folder / "adapter_model.bin").open("wb") as file:
        pickle.dump(Payload(marker), file)
    monkeypatch.setattr(torch, "load", None)  # not even with weights_only
    assert refusal(load, folder) == (
        f"The model {str(folder)!r} names {str(named)!r} as its weights, which is not a "
        "safetensors file; save it again with save_pretrained."
    )


def test_a_pickle_that_the_index_of_shards_names(folder, marker, monkeypatch):
    index = {"metadata": {}, "weight_map": {"classifier.weight": "shard.bin"}}
    (folder / "model.safetensors").rename(folder / "other.safetensors")
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with (folder / "shard.bin").open("wb") as file:
        pickle.dump(Payload(marker), file)
    monkeypatch.setattr(torch, "load", None)
    assert "names 'shard.bin' as its weights" in refusal(TextClassifier.from_pretrained, folder)


@pytest.mark.parametrize("named", ["../model.safetensors", "/etc/model.safetensors"])
def test_weights_elsewhere_on_this_machine(folder, named):
    edit(folder / "config.json", transformers_weights=named)
    assert refusal(TextClassifier.from_pretrained, folder) == (
        f"The model {str(folder)!r} names weights in another folder, {named!r}; save it again with "
        "save_pretrained."
    )


def test_an_adapter_which_may_name_any_model_and_be_a_pickle(folder):
    (folder / "adapter_config.json").write_text('{"base_model_name_or_path": "someone/else"}')
    assert refusal(TextClassifier.from_pretrained, folder) == (
        f"The model {str(folder)!r} is an adapter of another one; merge them with "
        "merge_and_unload() of peft, and save the result with save_pretrained."
    )


@pytest.mark.parametrize("script", ["reviews.py", "script.py"])
def test_a_datasets_script(tmp_path, marker, script):
    path = tmp_path / "reviews"
    path.mkdir()
    (path / script).write_text(CODE.format(marker=str(marker)))
    assert refusal(load_table, path)
    assert refusal(load_table, path / script)


def test_a_dataset_that_is_a_pickle(tmp_path, marker):
    path = tmp_path / "reviews"
    path.mkdir()
    for name in ("train.pkl", "train.pickle", "train.npy", "train.pt"):
        with (path / name).open("wb") as file:
            pickle.dump(Payload(marker), file)
        assert refusal(load_table, path / name)
    assert refusal(load_table, path)


def sources() -> list[Path]:
    return sorted([*PACKAGE.rglob("*.py"), *DEMOS.rglob("*.py")])


UNPICKLERS = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
READERS = {"torch.load", "torch.save", "np.save", "np.savez", "numpy.save", "numpy.savez"}


def refused_in(tree: ast.AST) -> Iterator[str]:
    """What of a source reads or writes pickles, or could."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute):
            names = [ast.unparse(node)]
            if node.attr in ("read_pickle", "to_pickle", "__reduce__", "__reduce_ex__"):
                yield node.attr
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                is_false = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
                if keyword.arg in ("allow_pickle", "trust_remote_code") and not is_false:
                    yield f"{keyword.arg}={ast.unparse(keyword.value)}"
                if keyword.arg == "weights_only":
                    yield keyword.arg
        elif isinstance(node, ast.Constant) and node.value in UNPICKLERS:
            yield repr(node.value)  # as import_module takes it
        for name in names:
            if name.partition(".")[0] in UNPICKLERS or name in READERS:
                yield name


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE.parent)))
def test_no_source_reads_or_writes_a_pickle(path):
    assert list(refused_in(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "import joblib.numpy_pickle as x",
        "from marshal import loads",
        "from torch import load",
        "torch.load(path)",
        "np.load(path, allow_pickle=True)",
        "pd.read_pickle(path)",
        "AutoConfig.from_pretrained(x, trust_remote_code=given)",
        "import_module('dill')",
    ],
)
def test_the_test_of_the_sources_sees_it(source):
    assert list(refused_in(ast.parse(source)))


def test_each_loader_of_transformers_is_told_not_to_run_code():
    for path in sources():
        if "training" in path.parts:
            continue  # how the embedded models were made, which nobody who uses them runs
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = ast.unparse(node.func.value)
            if node.func.attr == "from_pretrained" and owner.startswith(("Auto", "task.auto")):
                assert "trust_remote_code" in {keyword.arg for keyword in node.keywords}, path
