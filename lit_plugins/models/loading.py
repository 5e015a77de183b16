"""Loading of models and tokenizers from a folder or the hub; each failure is one clear sentence."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from lit_plugins.embedded import EMBEDDED_FILLER, EMBEDDED_MODELS, model_path
from lit_plugins.errors import UserError, first_sentence
from lit_plugins.models.checkpoint_folder import check_folder
from lit_plugins.models.model_size import Size, bounded, check_counts, saved_size
from lit_plugins.models.outside_code import drop_outside_code, refuse_kernels
from lit_plugins.models.quiet import quiet_transformers
from lit_plugins.runtime.memory import ran_out
from lit_plugins.text.tokenizing import is_failure

DTYPES = {
    "auto": "auto",
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}
"""Precisions by name; "auto" is that of the saved weights."""

_FETCHED = ["*.json", "*.txt", "*.model", "*.spm", "*.safetensors"]
_NOT_FETCHED = ["*/*", "consolidated*"]  # the same weights in other formats
_SENTENCEPIECE = (".model", ".spm")
_FEWEST_TOKENS = 16
"""Fewest ordinary tokens of a real tokenizer; with fewer, its files were missing."""


@dataclass(frozen=True)
class Task:
    """The purpose that a model is loaded for, with the words of its error messages.

    Attributes:
        auto: the class of `transformers` that loads such a model.
        embedded: the names of the embedded models for this purpose.
        head: a phrase for the model's output layer.
        none: a phrase for what an unsuitable architecture lacks, beginning with "no".
        mend: a phrase for the kind of model to give in place of an unsuitable architecture.
        mend_head: a phrase for the kind of model to give in place of a checkpoint that lacks the
            output layer.
    """

    auto: Any
    embedded: tuple[str, ...]
    head: str
    none: str
    mend: str
    mend_head: str


CLASSIFYING = Task(
    auto=AutoModelForSequenceClassification,
    embedded=EMBEDDED_MODELS,
    head="classification head",
    none="no sequence classifier",
    mend="a model for text classification",
    mend_head="a model that was fine-tuned for classification",
)
FILLING = Task(
    auto=AutoModelForMaskedLM,
    embedded=(EMBEDDED_FILLER,),
    head="masked-language-model head",
    none="no masked language model",
    mend="a fill-mask model",
    mend_head="a model that was trained to fill masks",
)


def load(
    name_or_path: str,
    revision: str | None,
    device: torch.device,
    dtype: str,
    task: Task = CLASSIFYING,
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Loads a model and its tokenizer.

    Weights are read from safetensors only, and no code that comes with the model is run.

    Args:
        name_or_path: the name of an embedded model, a folder, or a name on the hub.
        revision: a branch, tag or commit on the hub; None for the default branch.
        device: the device that holds the model.
        dtype: a key of `DTYPES`.
        task: the purpose that the model is loaded for.

    Raises:
        UserError: the model or its tokenizer cannot be loaded.
    """
    if dtype not in DTYPES:
        raise UserError(f"The dtype {dtype!r} is not known; choose from {', '.join(DTYPES)}.")
    folder = _find_folder(name_or_path, revision, task)
    refuse_kernels()
    with quiet_transformers(), readable_failures(name_or_path, task):
        settings = check_folder(folder, name_or_path, task.auto.__name__)
        saved = _saved_size(folder, name_or_path)
        check_counts(settings, saved, name_or_path)
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
        drop_outside_code(config)
        tokenizer = _load_tokenizer(folder, config, name_or_path)
        with bounded(saved, name_or_path):
            model = _load_model(folder, config, dtype, name_or_path, task)
        return model.to(device).eval(), tokenizer


def default_dtype(device: torch.device) -> str:
    """The usual precision on a device: that of the saved weights on a GPU, else float32.

    Most processors compute in half precision slowly, or with float32's memory all the same.
    """
    return "float32" if device.type == "cpu" else "auto"


def choose_device(device: str | torch.device) -> torch.device:
    """The device with this name; `"auto"` is a GPU if there is one, else the CPU.

    Raises:
        UserError: torch does not know the device, or this machine does not have it.
    """
    if device != "auto":
        try:
            chosen = torch.device(device)
            torch.empty(1, device=chosen).cpu()
        except (RuntimeError, AssertionError, NotImplementedError, TypeError) as error:
            raise UserError(
                f"The device {str(device)!r} is not there; use 'auto' or 'cpu'."
            ) from error
        return chosen
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _find_folder(name: str, revision: str | None, task: Task) -> Path:
    is_embedded = name in (*EMBEDDED_MODELS, EMBEDDED_FILLER)
    source = str(model_path(name)) if is_embedded else os.path.expanduser(name)
    if os.path.isdir(source):
        return Path(source)
    if os.path.exists(source):
        raise UserError(f"The model {name!r} is a file; give the folder that holds config.json.")
    if source.startswith((".", "/")) or source.count("/") > 1 or "\\" in source:
        raise UserError(
            f"There is no folder {name!r}; give a folder with a saved model, a name on the hub, "
            f"or {_one_of(task.embedded)}."
        )
    # One call fetches all files. Transformers would ask the hub for each file separately, wait a
    # minute for each if the hub is out of reach, and have the hub's bot convert pickles.
    try:
        return Path(
            snapshot_download(
                name, revision=revision, allow_patterns=_FETCHED, ignore_patterns=_NOT_FETCHED
            )
        )
    except Exception as error:  # the client, the connection and the disk fail in many ways
        raise UserError(_hub_sentence(name, revision, error)) from error


def _hub_sentence(name: str, revision: str | None, error: Exception) -> str:
    match error:
        case HFValidationError():
            return (
                f"There is no folder {name!r}, and no model on the hub has such a name; "
                "give a folder or a name like 'owner/model'."
            )
        case GatedRepoError():
            return (
                f"The model {name!r} is gated; ask for access on the hub and run `hf auth login`."
            )
        case RepositoryNotFoundError():
            return (
                f"There is no model {name!r} on the hub, or it is private; check the name "
                "or run `hf auth login`."
            )
        case RevisionNotFoundError():
            return f"The model {name!r} has no revision {revision!r}; give a branch, tag or commit."
        case LocalEntryNotFoundError(__cause__=OfflineModeIsEnabled()):
            return (
                f"The model {name!r} is not in the local cache and HF_HUB_OFFLINE is set; "
                "unset it, or give a folder."
            )
        case LocalEntryNotFoundError():
            return (
                f"The hub is out of reach, so the model {name!r} cannot be fetched; check the "
                "connection, or give a folder."
            )
    return (
        f"The model {name!r} cannot be fetched ({first_sentence(error)}); "
        "try again, or give a folder."
    )


def _saved_size(folder: Path, name: str) -> Size:
    try:
        return saved_size(folder)
    except SafetensorError as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: SafetensorError) -> Exception:
    if ran_out(error):
        return error
    return UserError(
        f"The weights of {name!r} are damaged ({first_sentence(error)}); download or save them "
        "again."
    )


def _load_tokenizer(folder: Path, config: Any, name: str) -> PreTrainedTokenizerBase:
    mend = "save it beside the model with tokenizer.save_pretrained."
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, config=config, trust_remote_code=False)
    except BaseException as error:  # tokenizer classes fail in their own ways on missing files
        if not is_failure(error):
            raise
        if _wants_code(error):
            raise UserError(_code_sentence(name)) from error
        raise UserError(
            f"The model {name!r} has no tokenizer that loads{_reason(folder, error)}; {mend}"
        ) from error
    # If its files are missing, transformers makes a tokenizer that has only special tokens.
    if len(tokenizer) - len(tokenizer.added_tokens_decoder) < _FEWEST_TOKENS:
        raise UserError(f"The model {name!r} has no tokenizer; {mend}")
    return tokenizer


def _reason(folder: Path, error: BaseException) -> str:
    """Why a tokenizer does not load, in parentheses, or "" if nothing true is known."""
    # For a file that it cannot read, transformers asks for a package of another file format.
    if "pip install" not in str(error):
        return f" ({first_sentence(error)})"
    files = sorted(file.name for ending in _SENTENCEPIECE for file in folder.glob(f"*{ending}"))
    return f" ({files[0]} is no SentencePiece model)" if files else ""


def _load_model(folder: Path, config: Any, dtype: str, name: str, task: Task) -> PreTrainedModel:
    try:
        model, info = task.auto.from_pretrained(
            folder,
            config=config,
            dtype=DTYPES[dtype],
            use_safetensors=True,
            trust_remote_code=False,
            ignore_mismatched_sizes=True,  # refused below with a sentence that names the weight
            output_loading_info=True,
        )
    except SafetensorError as error:
        raise _damaged(name, error) from error
    mismatched = sorted(info["mismatched_keys"])
    if mismatched:
        weight, saved, expected = mismatched[0]
        raise UserError(
            f"The weights of {name!r} do not fit its config.json: {weight} is {tuple(saved)} and "
            f"should be {tuple(expected)}; save model and configuration together."
        )
    missing = sorted(info["missing_keys"])
    if missing:
        raise UserError(
            f"The checkpoint {name!r} has no weights for {_few(missing)}, so its {task.head} "
            f"would be random; give {task.mend_head}."
        )
    return model


@contextmanager
def readable_failures(name: str, task: Task = CLASSIFYING) -> Iterator[None]:
    """Turns what third-party code raises on malformed files, which is anything, into a `UserError`.

    Args:
        name: the model's name as the user wrote it.
        task: the purpose that the model is loaded for.
    """
    try:
        yield
    except UserError:
        raise
    except BaseException as error:
        if not is_failure(error):
            raise
        raise UserError(_sentence(name, error, task)) from error


def _sentence(name: str, error: BaseException, task: Task) -> str:
    if _wants_code(error):
        return _code_sentence(name)
    if "Unrecognized configuration class" in str(error):
        return f"The model {name!r} is of a kind that has {task.none}; give {task.mend}."
    if ran_out(error):
        return (
            f"The model {name!r} does not fit in memory; "
            "give a smaller one, another device, or dtype='bfloat16'."
        )
    if isinstance(error, ImportError):
        return (
            f"The model {name!r} needs a package that is not installed ({first_sentence(error)}); "
            "install it with pip."
        )
    return (
        f"The model {name!r} cannot be loaded ({first_sentence(error)}); save or download it again."
    )


def _wants_code(error: BaseException) -> bool:
    return "trust_remote_code" in str(error)


def _code_sentence(name: str) -> str:
    return (
        f"The model {name!r} comes with its own code, which is never run; "
        "give a model whose architecture is part of transformers."
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} and {len(names) - 1} more"


def _one_of(names: Sequence[str]) -> str:
    return f"one of {', '.join(names)}" if len(names) > 1 else names[0]
