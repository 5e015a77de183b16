"""Models come from folders and the hub, or one sentence says why not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest
import torch
import transformers
from huggingface_hub.errors import (
    GatedRepoError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from sentencepiece import SentencePieceProcessor, SentencePieceTrainer
from transformers import (
    AutoModel,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    ByT5Tokenizer,
    T5EncoderModel,
    ViTConfig,
)

from lit_plugins import EMBEDDED_MODELS, TextClassifier, UserError
from lit_plugins.models import loading
from lit_plugins.models.loading import choose_device, load
from tests.checkpoints import CORPUS, TEXTS

CPU = torch.device("cpu")


@pytest.fixture
def folder(checkpoint: Callable[..., Path], tmp_path: Path) -> Path:
    """A good checkpoint of BERT's kind, to be spoiled."""
    return Path(shutil.copytree(checkpoint("bert"), tmp_path / "model"))


@pytest.fixture
def refusal(capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The one sentence that refuses to load a model, with nothing printed besides."""

    def refuse(name: object, **options: Any) -> str:
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


def edit(folder: Path, **config: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}))


def without_tokenizer(folder: Path) -> None:
    for path in folder.glob("*token*"):
        path.unlink()


def test_a_folder_gives_the_model_and_the_tokenizer_that_were_saved(folder):
    model, tokenizer = load(str(folder), None, CPU, "float32")
    assert not model.training
    assert model.dtype == torch.float32
    expected = AutoTokenizer.from_pretrained(folder)
    assert tokenizer(TEXTS)["input_ids"] == expected(TEXTS)["input_ids"]


def test_weights_in_many_files_are_the_same_model(folder, tmp_path):
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    model.save_pretrained(tmp_path / "sharded", max_shard_size="10KB")
    AutoTokenizer.from_pretrained(folder).save_pretrained(tmp_path / "sharded")
    assert len(list((tmp_path / "sharded").glob("*.safetensors"))) > 2
    loaded, _ = load(str(tmp_path / "sharded"), None, CPU, "float32")
    weights = loaded.state_dict()
    assert weights.keys() == model.state_dict().keys()
    assert all(torch.equal(weights[name], weight) for name, weight in model.state_dict().items())


def test_the_precision_may_be_that_of_the_saved_weights(folder):
    path = folder / "model.safetensors"
    weights = {name: weight.bfloat16() for name, weight in load_file(path).items()}
    save_file(weights, path, metadata={"format": "pt"})
    edit(folder, dtype="bfloat16")
    auto = TextClassifier.from_pretrained(folder, dtype="auto")
    half = TextClassifier.from_pretrained(folder, dtype="bfloat16")
    assert auto.rounding == half.rounding
    assert auto.fingerprint == half.fingerprint
    assert TextClassifier.from_pretrained(folder).fingerprint != half.fingerprint
    assert [loading.default_dtype(torch.device(kind)) for kind in ("cpu", "cuda", "mps")] == [
        *("float32", "auto", "auto")
    ]


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_is_near_and_comes_out_as_float32(checkpoint, classifier, dtype):
    half = TextClassifier.from_pretrained(str(checkpoint("bert")), dtype=dtype)
    exact = classifier("bert").predict(TEXTS, embeddings=True)
    near = half.predict(TEXTS, embeddings=True)
    rows = [text.row for text in half.encode(TEXTS)]
    (gradients, *_), (attention, *_) = half.gradients(rows, [0] * len(rows)), half.attention(rows)
    given: list[Any] = [
        near.logits,
        near.probabilities,
        near.embeddings,
        gradients.gradients,
        gradients.embeddings,
        gradients.pooled_gradient,
        half.layer_embeddings(rows),
        attention,
        half.input_embeddings(rows)[0],
        half.embedding_table()[1],
    ]
    assert {values.dtype for values in given} == {np.dtype(np.float32)}
    np.testing.assert_allclose(near.probabilities, exact.probabilities, atol=0.05)


def test_a_path_is_as_good_as_its_name(folder):
    assert TextClassifier.from_pretrained(folder).name == str(folder)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory. Error code 12"),
        RuntimeError("unable to mmap 24 bytes from file <x>: Cannot allocate memory (12)"),
        SafetensorError("Cannot allocate memory (os error 12)"),
    ],
)
def test_a_model_that_does_not_fit_in_memory(folder, monkeypatch, refusal, error):
    def fails(*args: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr(AutoModelForSequenceClassification, "from_pretrained", fails)
    assert refusal(folder) == (
        f"The model {str(folder)!r} does not fit in memory; "
        "give a smaller one, another device, or dtype='bfloat16'."
    )


def test_a_model_that_needs_a_package_that_is_not_there(folder, monkeypatch, refusal):
    def fails(*args: Any, **options: Any) -> None:
        raise ImportError("Using 8-bit quantization requires bitsandbytes. Please install it.")

    monkeypatch.setattr(AutoModelForSequenceClassification, "from_pretrained", fails)
    assert refusal(folder) == (
        f"The model {str(folder)!r} needs a package that is not installed (Using 8-bit "
        "quantization requires bitsandbytes); install it with pip."
    )


def test_a_folder_may_be_given_from_home(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder.parent))
    assert load("~/model", None, CPU, "float32")[0].config.num_labels == 2


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path | Exception], list[dict[str, Any]]]:
    """Lets the hub answer with a folder or an error; gives what it was asked for."""

    def answer(with_what: Path | Exception) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = []

        def snapshot_download(name: str, **options: Any) -> str:
            asked.append({"name": name, **options})
            if isinstance(with_what, Exception):
                raise with_what
            return str(with_what)

        monkeypatch.setattr("lit_plugins.models.loading.snapshot_download", snapshot_download)
        return asked

    return answer


def test_a_name_on_the_hub_is_fetched_once_without_pickles(folder, hub):
    asked = hub(folder)
    ours = TextClassifier.from_pretrained("someone/model", revision="v1.0")
    assert ours.name == "someone/model"
    (request,) = asked
    assert (request["name"], request["revision"]) == ("someone/model", "v1.0")
    for file, fetched in {
        "config.json": True,
        "tokenizer.json": True,
        "vocab.txt": True,
        "spiece.model": True,
        "model.safetensors": True,
        "model-00001-of-00002.safetensors": True,
        "pytorch_model.bin": False,
        "tf_model.h5": False,
        "onnx/model.safetensors": False,
        "consolidated.safetensors": False,
        "modeling_own.py": False,
    }.items():
        wanted = any(fnmatch(file, pattern) for pattern in request["allow_patterns"])
        unwanted = any(fnmatch(file, pattern) for pattern in request["ignore_patterns"])
        assert (wanted and not unwanted) == fetched, file


def test_a_folder_is_never_looked_for_on_the_hub(folder, hub):
    asked = hub(AssertionError())
    load(str(folder), "v1.0", CPU, "float32")
    assert asked == []


@pytest.mark.parametrize("name", ["./nowhere", "/no/where", "a/b/c", "~/nowhere", "no\\where"])
def test_a_folder_that_is_not_there(name, refusal):
    assert refusal(name) == (
        f"There is no folder {name!r}; give a folder with a saved model, a name on the hub, or "
        f"one of {', '.join(EMBEDDED_MODELS)}."
    )


def test_a_file_in_place_of_a_folder(folder, refusal):
    path = str(folder / "model.safetensors")
    assert refusal(path) == (
        f"The model {path!r} is a file; give the folder that holds config.json."
    )


def test_a_folder_without_a_configuration(folder, refusal):
    (folder / "config.json").unlink()
    assert refusal(folder) == (
        f"The model {str(folder)!r} has no config.json; give the folder that save_pretrained wrote."
    )


def test_a_configuration_that_is_no_json(folder, refusal):
    (folder / "config.json").write_text("{model_type: bert}")
    assert refusal(folder) == (
        f"The config.json of {str(folder)!r} is not valid JSON (Expecting property name enclosed "
        "in double quotes: line 1 column 2 (char 1)); save the model again with save_pretrained."
    )


def test_a_configuration_of_no_known_model(folder, refusal):
    edit(folder, model_type="of-tomorrow")
    sentence = refusal(folder)
    assert sentence.startswith(f"The model {str(folder)!r} cannot be loaded (The checkpoint you")
    assert sentence.endswith("); save or download it again.")


def test_a_configuration_with_a_value_of_the_wrong_type(folder, refusal):
    edit(folder, num_hidden_layers="two")
    assert refusal(folder).startswith(f"The model {str(folder)!r} cannot be loaded (")


def test_a_model_with_code_of_its_own(folder, refusal):
    auto = {"AutoConfig": "own.Config", "AutoModelForSequenceClassification": "own.Model"}
    edit(folder, model_type="own", auto_map=auto)
    (folder / "own.py").write_text("raise SystemExit('code was run')")
    assert refusal(folder) == (
        f"The model {str(folder)!r} comes with its own code, which is never run; "
        "give a model whose architecture is part of transformers."
    )


def test_an_architecture_that_classifies_no_text(folder, refusal):
    ViTConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=1).save_pretrained(folder)
    assert refusal(folder) == (
        f"The model {str(folder)!r} is of a kind that has no sequence classifier; "
        "give a model for text classification."
    )


def test_no_tokenizer(folder, refusal):
    without_tokenizer(folder)
    assert refusal(folder) == (
        f"The model {str(folder)!r} has no tokenizer; "
        "save it beside the model with tokenizer.save_pretrained."
    )


@pytest.mark.parametrize("kind", ["gpt2", "llama", "deberta-v2", "albert", "xlm-roberta"])
def test_no_tokenizer_of_any_kind(checkpoint, tmp_path, kind, refusal):
    folder = Path(shutil.copytree(checkpoint(kind), tmp_path / "model"))
    without_tokenizer(folder)
    assert refusal(folder).startswith(f"The model {str(folder)!r} has no tokenizer")


def test_a_damaged_tokenizer(folder, refusal):
    (folder / "tokenizer.json").write_text("{}")
    sentence = refusal(folder)
    assert sentence.startswith(f"The model {str(folder)!r} has no tokenizer that loads (")
    assert sentence.endswith("; save it beside the model with tokenizer.save_pretrained.")


SENTENCEPIECE_FILES = {
    "xlm-roberta": "sentencepiece.bpe.model",
    "albert": "spiece.model",
    "deberta-v2": "spm.model",
}


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SentencePiece model, trained on the corpus."""
    folder = tmp_path_factory.mktemp("pieces")
    SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS * 3),
        model_prefix=str(folder / "trained"),
        vocab_size=98,
        pad_id=-1,
        control_symbols=["[CLS]", "[SEP]", "[PAD]"],
        minloglevel=2,
    )
    return folder / "trained.model"


@pytest.mark.parametrize("kind", SENTENCEPIECE_FILES)
def test_a_tokenizer_that_is_a_sentencepiece_file_only(checkpoint, tmp_path, kind, pieces):
    folder = Path(shutil.copytree(checkpoint(kind), tmp_path / "model"))
    without_tokenizer(folder)
    shutil.copy(pieces, folder / SENTENCEPIECE_FILES[kind])
    reference = SentencePieceProcessor(model_file=str(pieces))
    _, tokenizer = load(str(folder), None, CPU, "float32")
    for text in ("a wonderful film", "The food was cold"):
        expected = reference.encode(text.lower() if kind == "albert" else text, out_type=str)
        assert tokenizer.tokenize(text) == expected


def test_a_damaged_sentencepiece_file(checkpoint, tmp_path, refusal):
    folder = Path(shutil.copytree(checkpoint("xlm-roberta"), tmp_path / "model"))
    without_tokenizer(folder)
    (folder / "sentencepiece.bpe.model").write_bytes(b"damaged")
    assert refusal(folder) == (
        f"The model {str(folder)!r} has no tokenizer that loads (sentencepiece.bpe.model is no "
        "SentencePiece model); save it beside the model with tokenizer.save_pretrained."
    )


def test_a_tokenizer_without_offsets(checkpoint, tmp_path, refusal):
    folder = Path(shutil.copytree(checkpoint("t5", 3), tmp_path / "model"))
    without_tokenizer(folder)
    ByT5Tokenizer().save_pretrained(folder)
    assert refusal(folder) == (
        "The tokenizer ByT5Tokenizer gives no character offsets; "
        "use a model with a fast tokenizer (a tokenizer.json)."
    )


def test_weights_that_are_a_git_lfs_pointer(folder, refusal):
    path = folder / "model.safetensors"
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    assert refusal(folder) == (
        f"The file {str(path)!r} is a git-lfs pointer and not the file itself: "
        "run git lfs pull where it came from."
    )


def test_weights_that_are_a_pickle(folder, refusal):
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    torch.save(weights, folder / "pytorch_model.bin")
    assert refusal(folder) == (
        f"The model {str(folder)!r} has its weights only as pytorch_model.bin, and pickles are not "
        "read because they can run code; if you trust it, convert it in Python by "
        f"transformers.AutoModelForSequenceClassification.from_pretrained({str(folder)!r})"
        f".save_pretrained({str(folder)!r})."
    )
    path = str(folder)
    transformers.AutoModelForSequenceClassification.from_pretrained(path).save_pretrained(path)
    assert TextClassifier.from_pretrained(folder).predict(TEXTS)


def test_a_pickle_beside_other_safetensors_is_not_read(folder, refusal):
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").rename(folder / "other.safetensors")
    torch.save(weights, folder / "pytorch_model.bin")
    assert refusal(folder).startswith(f"The model {str(folder)!r} cannot be loaded (Error no file")


def test_no_weights(folder, refusal):
    (folder / "model.safetensors").unlink()
    assert refusal(folder) == (
        f"The model {str(folder)!r} has no weights; "
        "save it again with save_pretrained, which writes safetensors, "
        "since pickles are not read because they can run code."
    )


@pytest.mark.parametrize("kept", [0, 5, 1000])
def test_damaged_weights(folder, kept, refusal):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    sentence = refusal(folder)
    assert sentence.startswith(f"The weights of {str(folder)!r} are damaged (")
    assert sentence.endswith("; download or save them again.")


def test_a_missing_head(folder, refusal):
    AutoModel.from_pretrained(folder).save_pretrained(folder)
    assert refusal(folder) == (
        f"The checkpoint {str(folder)!r} has no weights for classifier.bias, classifier.weight, "
        "so its classification head would be random; "
        "give a model that was fine-tuned for classification."
    )


@pytest.mark.parametrize("kind", ["distilbert", "roberta", "deberta-v2", "gpt2", "llama"])
def test_a_missing_head_of_any_kind(checkpoint, tmp_path, kind, refusal):
    folder = Path(shutil.copytree(checkpoint(kind), tmp_path / "model"))
    AutoModel.from_pretrained(folder).save_pretrained(folder)
    assert refusal(folder).startswith(f"The checkpoint {str(folder)!r} has no weights for ")


def test_missing_weights_are_not_listed_without_end(folder, refusal):
    path = folder / "model.safetensors"
    weights = {key: weight for key, weight in load_file(path).items() if "embeddings" in key}
    save_file(weights, path, metadata={"format": "pt"})
    assert refusal(folder) == (
        f"The checkpoint {str(folder)!r} has no weights for bert.encoder.layer.0.attention.output."
        "LayerNorm.bias and 35 more, so its classification head would be random; "
        "give a model that was fine-tuned for classification."
    )


def test_a_head_of_another_size(folder, refusal):
    edit(folder, id2label={str(index): f"label {index}" for index in range(5)}, label2id=None)
    assert refusal(folder) == (
        f"The weights of {str(folder)!r} do not fit its config.json: classifier.bias is (2,) and "
        "should be (5,); save model and configuration together."
    )


def test_a_shard_that_is_missing(folder, tmp_path, refusal):
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    model.save_pretrained(folder, max_shard_size="10KB")
    next(iter(sorted(folder.glob("*.safetensors")))).unlink()
    assert refusal(folder).startswith(f"The model {str(folder)!r} cannot be loaded (")


def test_a_regression(folder, refusal):
    edit(folder, problem_type="regression")
    assert refusal(folder) == (
        f"The model {str(folder)!r} is a regression or has one output only; "
        "give a classifier with two or more classes."
    )


def test_one_output(checkpoint, refusal):
    path = checkpoint("bert", 1)
    assert refusal(path) == (
        f"The model {str(path)!r} is a regression or has one output only; "
        "give a classifier with two or more classes."
    )


def test_many_labels_at_once(folder, refusal):
    edit(folder, problem_type="multi_label_classification")
    assert refusal(folder) == (
        f"The model {str(folder)!r} gives several labels at once (multi-label); "
        "give a classifier whose classes exclude each other."
    )


def test_an_encoder_of_an_encoder_decoder_has_no_head(checkpoint, tmp_path, refusal):
    folder = Path(shutil.copytree(checkpoint("t5", 3), tmp_path / "model"))
    T5EncoderModel.from_pretrained(folder).save_pretrained(folder)
    assert refusal(folder).startswith(f"The checkpoint {str(folder)!r} has no weights for ")


def test_a_name_that_is_not_in_the_cache_while_offline(refusal):
    for name in ("nobody/nothing-9", "nothing-9"):
        assert refusal(name) == (
            f"The model {name!r} is not in the local cache and HF_HUB_OFFLINE is set; "
            "unset it, or give a folder."
        )


@pytest.mark.parametrize("name", ["no such:model", "a b/c", "n" * 300, ""])
def test_a_name_that_no_hub_would_take(name, refusal):
    assert refusal(name) == (
        f"There is no folder {name!r}, and no model on the hub has such a name; "
        "give a folder or a name like 'owner/model'."
    )


def test_an_unknown_dtype(folder, refusal):
    assert refusal(folder, dtype="int8") == (
        "The dtype 'int8' is not known; choose from auto, float32, bfloat16, float16."
    )


@pytest.mark.parametrize("device", ["gpu", "cuda:99", "meta", "", -7, None])
def test_an_unknown_device(device):
    with pytest.raises(UserError) as caught:
        choose_device(device)
    assert str(caught.value) == f"The device {str(device)!r} is not there; use 'auto' or 'cpu'."


def test_devices_that_are_there():
    assert choose_device("cpu") == CPU
    assert choose_device(CPU) == CPU
    assert choose_device("auto").type in ("cpu", "cuda", "mps")


NOT_FOUND = MagicMock(headers={})


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            GatedRepoError("no.", response=NOT_FOUND),
            "The model 'an/example' is gated; ask for access on the hub and run `hf auth login`.",
        ),
        (
            RevisionNotFoundError("no.", response=NOT_FOUND),
            "The model 'an/example' has no revision 'v9'; give a branch, tag or commit.",
        ),
        (
            RepositoryNotFoundError("no.", response=NOT_FOUND),
            "There is no model 'an/example' on the hub, or it is private; check the name "
            "or run `hf auth login`.",
        ),
        (
            LocalEntryNotFoundError("Got: ConnectError.\nCheck your connection."),
            "The hub is out of reach, so the model 'an/example' cannot be fetched; "
            "check the connection, or give a folder.",
        ),
        (
            OSError(28, "No space left on device"),
            "The model 'an/example' cannot be fetched ([Errno 28] No space left on device); "
            "try again, or give a folder.",
        ),
    ],
)
def test_what_the_hub_answers(hub, refusal, answer, sentence):
    hub(answer)
    assert refusal("an/example", revision="v9") == sentence


def test_a_model_on_the_hub_without_the_files_that_are_read(hub, refusal, tmp_path):
    hub(tmp_path)
    assert refusal("an/example") == (
        "The model 'an/example' has no config.json; give the folder that save_pretrained wrote."
    )
    (tmp_path / "config.json").write_text("{}")
    assert refusal("an/example") == (
        "The model 'an/example' has no weights; "
        "save it again with save_pretrained, which writes safetensors, "
        "since pickles are not read because they can run code."
    )
