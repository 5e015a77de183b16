"""Writing of a model's folder, with half-precision safetensors and no local paths."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from transformers import PreTrainedModel, PreTrainedTokenizerFast

from lit_plugins.embedded.training.vocabulary import MODEL_MAX_LENGTH, SPECIAL


def save(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Writes config.json, model.safetensors (fp16) and the tokenizer's two files."""
    folder.mkdir(parents=True, exist_ok=True)
    copy.deepcopy(model).cpu().half().save_pretrained(folder)
    # Safetensors files get the mode 0600 by default, which a wheel would keep.
    (folder / "model.safetensors").chmod(0o644)

    config_file = folder / "config.json"
    config = json.loads(config_file.read_text(encoding="utf-8"))
    # Without this entry, transformers 5 would compute in the file's half precision.
    config["dtype"] = "float32"
    config.pop("_name_or_path", None)
    _write(config_file, config)

    state = json.loads(tokenizer.backend_tokenizer.to_str())
    state["truncation"] = state["padding"] = None
    (folder / "tokenizer.json").write_text(
        json.dumps(state, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    # save_pretrained would add local paths and the last truncation settings.
    _write(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MODEL_MAX_LENGTH,
            "clean_up_tokenization_spaces": False,
            **{f"{token.strip('[]').lower()}_token": token for token in SPECIAL},
        },
    )


def _write(path: Path, values: dict[str, object]) -> None:
    path.write_text(json.dumps(values, indent=2, sort_keys=True) + "\n", encoding="utf-8")
