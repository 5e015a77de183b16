"""Models and datasets, loaded from whatever form users have them in."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Union

from lit_plugins import evaluate
from lit_plugins.data import TextTable, load_table
from lit_plugins.embedded import EMBEDDED_MODELS
from lit_plugins.errors import UserError
from lit_plugins.models.classifier import TextClassifier
from lit_plugins.models.predictor import has_network
from lit_plugins.naming import named, plain_name, unused_name

if TYPE_CHECKING:
    from pandas import DataFrame
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

Model = Union[
    str, "os.PathLike[str]", TextClassifier, "tuple[PreTrainedModel, PreTrainedTokenizerBase]"
]
"""A folder, a name on the hub or of an embedded model; or one that is loaded."""

Dataset = Union[str, "os.PathLike[str]", TextTable, "DataFrame", Sequence[str]]
"""What `lit_plugins.data.load_table` reads, a table of it, or texts."""

Models = Model | Iterable[Model] | Mapping[str, Model] | None
"""One model, several, or several by name; None for the embedded ones."""

Datasets = Dataset | Iterable[Dataset] | Mapping[str, Dataset] | None
"""One dataset, several, or several by name; None for the embedded one."""

_DEFAULT_DATASET = "reviews"


def classifiers_of(models: Models) -> dict[str, TextClassifier]:
    """Loaded models by the names that the page shows.

    Args:
        models: one, several, or several by name; `NAME=` before a source names it, too. None for
            the embedded ones.

    Raises:
        UserError: one of them cannot be loaded, or there is none.
    """
    given: Any = EMBEDDED_MODELS if models is None else models
    one = _is_source(given) or _is_pair(given) or has_network(given)
    loaded = {
        name: _classifier(model) for name, model in _by_name([given] if one else given, "model")
    }
    if not loaded:
        raise UserError("There is no model; give one.")
    return loaded


def tables_of(datasets: Datasets, labels: Collection[str]) -> dict[str, TextTable]:
    """Loaded datasets by the names that the page shows.

    Args:
        datasets: one, several, or several by name; strings are sources, and texts of their own
            stand in a list inside. None for the embedded reviews.
        labels: the names of the models' classes, as `load_table` takes them.

    Raises:
        UserError: one of them cannot be loaded, or there is none.
    """
    given: Any = _DEFAULT_DATASET if datasets is None else datasets
    one = isinstance(given, (str, os.PathLike, TextTable)) or _is_frame(given)
    loaded = {
        name: _table(dataset, labels)
        for name, dataset in _by_name([given] if one else given, "dataset")
    }
    if not loaded:
        raise UserError("There is no dataset; give one.")
    return loaded


def _by_name(given: Any, what: str) -> Iterator[tuple[str, Any]]:
    if isinstance(given, Mapping):
        pairs = [(plain_name(str(name), what), each) for name, each in given.items()]
    else:
        several = list(given)
        sources = named([os.fspath(each) for each in several if _is_source(each)], what)
        named_sources = iter(sources.items())
        pairs = [
            next(named_sources) if _is_source(each) else (_own_name(each, what), each)
            for each in several
        ]
    used: list[str] = []
    for name, each in pairs:
        used.append(unused_name(name, used))
        yield used[-1], each


def _own_name(given: Any, what: str) -> str:
    name = given[0].config.name_or_path if _is_pair(given) else getattr(given, "name", "")
    return plain_name(os.path.basename(str(name).rstrip("/")), what)


def _classifier(given: Any) -> TextClassifier:
    if has_network(given):
        return given
    if _is_source(given):
        return TextClassifier.from_pretrained(given)
    if _is_pair(given):
        return TextClassifier(*given)
    raise UserError(
        f"What was given ({type(given).__name__}) is no model; give a name, a folder, a "
        "TextClassifier or a pair of model and tokenizer."
    )


def _table(given: Any, labels: Collection[str]) -> TextTable:
    if isinstance(given, TextTable):
        return given
    if _is_source(given) or _is_frame(given):
        return load_table(os.fspath(given) if _is_source(given) else given, label_names=labels)
    if isinstance(given, Sequence) and all(isinstance(text, str) for text in given) and given:
        return evaluate.texts(given)
    raise UserError(
        f"What was given ({type(given).__name__}) is no dataset; give a name, a file, a "
        "DataFrame, a TextTable or a list of texts."
    )


def _is_source(given: Any) -> bool:
    return isinstance(given, (str, os.PathLike))


def _is_pair(given: Any) -> bool:
    return isinstance(given, tuple) and len(given) == 2 and hasattr(given[0], "config")


def _is_frame(given: Any) -> bool:
    return hasattr(given, "columns") and hasattr(given, "itertuples")
