"""Models and datasets, loaded from every form that users may pass: names, files or objects."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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
"""A model: its folder, its name on the hub, an embedded model's name, or the loaded model."""

Dataset = Union[str, "os.PathLike[str]", TextTable, "DataFrame", Sequence[str]]
"""A dataset: any source that `lit_plugins.data.load_table` reads, a loaded table, or texts."""

Models = Model | Iterable[Model] | Mapping[str, Model] | None
"""One model, several, or a mapping from names to models; None for the embedded ones."""

Datasets = Dataset | Iterable[Dataset] | Mapping[str, Dataset] | None
"""One dataset, several, or a mapping from names to datasets; None for the embedded reviews."""

_DEFAULT_DATASET = "reviews"


def classifiers_of(models: Models) -> dict[str, TextClassifier]:
    """Loads models, under the names that the page shows.

    Args:
        models: one model, several, or a mapping from names to models. A source may also begin
            with its name, as in `NAME=SOURCE`. None for the embedded models.

    Raises:
        UserError: a model cannot be loaded, or there is none.
    """
    sources: Any = EMBEDDED_MODELS if models is None else models
    single = _is_source(sources) or _is_pair(sources) or has_network(sources)
    loaded = {
        name: _classifier(model)
        for name, model in _by_name([sources] if single else sources, "model")
    }
    if not loaded:
        raise UserError("There is no model; give one.")
    return loaded


def tables_of(
    datasets: Datasets,
    labels: Collection[str],
    say: Callable[[str], None] = lambda sentence: None,
) -> dict[str, TextTable]:
    """Loads datasets, under the names that the page shows.

    Args:
        datasets: one dataset, several, or a mapping from names to datasets. A string is a source;
            a dataset of plain texts is a list of strings within the list or mapping. None for the
            embedded reviews.
        labels: the names of the models' classes, as `load_table` takes them.
        say: called with each sentence of the reports; a `TextTable` was reported where it was
            loaded.

    Raises:
        UserError: a dataset cannot be loaded, or there is none.
    """
    sources: Any = _DEFAULT_DATASET if datasets is None else datasets
    single = isinstance(sources, (str, os.PathLike, TextTable)) or _is_frame(sources)
    loaded = {}
    for name, dataset in _by_name([sources] if single else sources, "dataset"):
        table = loaded[name] = _table(dataset, labels)
        if not isinstance(dataset, TextTable):
            for sentence in table.report.sentences():
                say(f"Dataset {name}: {sentence}")
    if not loaded:
        raise UserError("There is no dataset; give one.")
    return loaded


def _by_name(items: Any, what: str) -> Iterator[tuple[str, Any]]:
    """Pairs each model or dataset with a name that no other one has; `what` goes into errors."""
    if isinstance(items, Mapping):
        pairs = [(plain_name(str(name), what), item) for name, item in items.items()]
    else:
        listed_items = list(items)
        sources = named([os.fspath(item) for item in listed_items if _is_source(item)], what)
        named_sources = iter(sources.items())
        pairs = [
            next(named_sources) if _is_source(item) else (_name_of(item, what), item)
            for item in listed_items
        ]
    used: list[str] = []
    for name, item in pairs:
        used.append(unused_name(name, used))
        yield used[-1], item


def _name_of(item: Any, what: str) -> str:
    name = item[0].config.name_or_path if _is_pair(item) else getattr(item, "name", "")
    return plain_name(os.path.basename(str(name).rstrip("/")), what)


def _classifier(model: Any) -> TextClassifier:
    if has_network(model):
        return model
    if _is_source(model):
        return TextClassifier.from_pretrained(model)
    if _is_pair(model):
        return TextClassifier(*model)
    raise UserError(
        f"The argument of type {type(model).__name__} is not a model; give a name, a folder, a "
        "TextClassifier or a pair of model and tokenizer."
    )


def _table(dataset: Any, labels: Collection[str]) -> TextTable:
    if isinstance(dataset, TextTable):
        return dataset
    if _is_source(dataset) or _is_frame(dataset):
        source = os.fspath(dataset) if _is_source(dataset) else dataset
        return load_table(source, label_names=labels)
    if isinstance(dataset, Sequence) and all(isinstance(text, str) for text in dataset) and dataset:
        return evaluate.texts(dataset)
    raise UserError(
        f"The argument of type {type(dataset).__name__} is not a dataset; give a name, a file, a "
        "DataFrame, a TextTable or a list of texts."
    )


def _is_source(value: Any) -> bool:
    return isinstance(value, (str, os.PathLike))


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and hasattr(value[0], "config")


def _is_frame(value: Any) -> bool:
    return hasattr(value, "columns") and hasattr(value, "itertuples")
