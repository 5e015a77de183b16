"""Saved models that the tests share."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from transformers import FillMaskPipeline

    from lit_plugins.models import MaskedLanguageModel


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A saved masked language model of a kind."""
    from transformers import AutoModelForMaskedLM

    from tests.checkpoints import save_checkpoint

    made: dict[str, Path] = {}

    def make(kind: str) -> Path:
        if kind not in made:
            path = tmp_path_factory.mktemp(f"filler-{kind}")
            made[kind] = save_checkpoint(kind, path, auto=AutoModelForMaskedLM)
            # The real ones' mask takes the space before it; training drops that.
            saved = (path / "tokenizer.json").read_text()
            assert saved.count('"content": "<mask>"') <= 1
            saved = re.sub(r'("content": "<mask>",[^}]*"lstrip": )false', r"\1true", saved)
            (path / "tokenizer.json").write_text(saved)
        return made[kind]

    return make


@pytest.fixture(scope="session")
def filler(folder: Callable[[str], Path]) -> Callable[[str], MaskedLanguageModel]:
    """Such a model, loaded."""
    from lit_plugins.models import MaskedLanguageModel

    made: dict[str, MaskedLanguageModel] = {}

    def load(kind: str) -> MaskedLanguageModel:
        if kind not in made:
            made[kind] = MaskedLanguageModel.from_pretrained(folder(kind))
        return made[kind]

    return load


@pytest.fixture(scope="session")
def pipe(folder: Callable[[str], Path]) -> Callable[[str], FillMaskPipeline]:
    """The same model as the fill-mask pipeline of `transformers`, which gives every token."""
    from transformers import AutoModelForMaskedLM, AutoTokenizer, FillMaskPipeline

    def load(kind: str) -> FillMaskPipeline:
        tokenizer = AutoTokenizer.from_pretrained(folder(kind))
        model = AutoModelForMaskedLM.from_pretrained(folder(kind)).eval()
        return FillMaskPipeline(model=model, tokenizer=tokenizer, top_k=len(tokenizer))

    return load


@pytest.fixture
def saved(checkpoint: Callable[..., Path], tmp_path: Path) -> Path:
    """A good checkpoint of BERT's kind, to be spoiled."""
    return Path(shutil.copytree(checkpoint("bert"), tmp_path / "model"))


@pytest.fixture
def refusal(capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The one sentence that refuses to load a model, with nothing printed besides."""

    def refuse(name: object, **options: Any) -> str:
        from lit_plugins import TextClassifier, UserError

        capfd.readouterr()
        with pytest.raises(UserError) as caught:
            TextClassifier.from_pretrained(str(name), **options)
        assert tuple(capfd.readouterr()) == ("", "")
        sentence = str(caught.value)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert ". " not in sentence
        assert len(sentence.replace(str(name), "")) < 250
        return sentence

    return refuse
