"""Models and datasets, loaded from every form that users may pass: names, files or objects."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

from lit_plugins import evaluate
from lit_plugins.data import TextTable, load_table
from lit_plugins.data.in_memory import TableObject, is_table
from lit_plugins.data.load import with_label_names
from lit_plugins.data.sources import is_file_name, kind_of_name
from lit_plugins.embedded import EMBEDDED_MODELS
from lit_plugins.errors import UserError
from lit_plugins.models.classifier import TextClassifier
from lit_plugins.models.predictor import has_network
from lit_plugins.naming import name_and_source, named, plain_name, unused_name
from lit_plugins.text.given import Texts, check_texts

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

Model = Union[
    str, "os.PathLike[str]", TextClassifier, "tuple[PreTrainedModel, PreTrainedTokenizerBase]"
]
"""A model: its folder, its name on the hub, an embedded model's name, or the loaded model."""

Dataset = Union[str, "os.PathLike[str]", TextTable, TableObject, Texts]
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


@dataclass(frozen=True)
class Columns:
    """Names of the columns of all datasets; by default, each is found by its usual names.

    Attributes:
        text_column: the column of texts.
        label_column: the column of gold labels, or "none" for no labels.
    """

    text_column: str | None = None
    label_column: str | None = None


def tables_of(
    datasets: Datasets,
    labels: Collection[str],
    columns: Columns | None = None,
    say: Callable[[str], None] = lambda sentence: None,
) -> dict[str, TextTable]:
    """Loads datasets, under the names that the page shows.

    Args:
        datasets: one dataset, several, or a mapping from names to datasets. A string is a source.
            Strings in a list are sources if all of them are, or else the texts of one dataset;
            in a list within the list or mapping, they are texts. None for the embedded reviews.
        labels: the names of the models' classes, as `load_table` takes them.
        columns: the columns of tables that are loaded.
        say: called with each sentence on what was taken and what was left out.

    Raises:
        UserError: a dataset cannot be loaded, or there is none; or a string may be a text.
    """
    loaded = {}
    for name, dataset in _by_name(_several(datasets), "dataset"):
        table = _table(dataset, labels, columns or Columns())
        for note in [] if table is dataset else table.report.sentences():
            say(f"Dataset {name}: {note}")
        loaded[name] = table
    if not loaded:
        raise UserError("There is no dataset; give one.")
    return loaded


def _are_texts(datasets: Any) -> bool:
    """Whether `datasets` holds the texts of one dataset, such as a Series or a list of strings.

    Strings that are all names of files, or have the form of a name on the hub, are sources.

    Raises:
        UserError: strings may be texts as well as sources, or some are texts and others sources.
    """
    if _is_array(datasets):
        return True
    if not any(isinstance(item, str) for item in datasets):
        return False
    if not all(isinstance(item, str) for item in datasets):
        return all(isinstance(item, str | float) or item is None for item in datasets)
    examples: dict[str, str] = {}
    for item in datasets:
        examples.setdefault(kind_of_name(name_and_source(item)[1]), item)
    if "source" not in examples and "text" in examples:
        return True
    if set(examples) == {"source"}:
        return False
    unclear = examples.get("word", examples.get("text"))
    raise UserError(
        f"{unclear!r:.60} may be a text: give texts as a dataset with a name, such as "
        "{'texts': [...]}, and a dataset on the hub as OWNER/NAME."
    )


def _several(datasets: Any) -> Any:
    """The datasets as a list, or as a mapping from their names."""
    if datasets is None:
        return [_DEFAULT_DATASET]
    if _is_source(datasets) or isinstance(datasets, TextTable) or is_table(datasets):
        return [datasets]
    if isinstance(datasets, Mapping):
        return datasets
    if not isinstance(datasets, Iterable):
        raise _no_dataset(datasets)
    several = datasets if _is_array(datasets) else list(datasets)
    return {"texts": several} if _are_texts(several) else several


def _is_array(value: object) -> bool:
    """Whether a value is an array of numpy, pandas or Arrow, or the bytes of a text."""
    return hasattr(value, "dtype") or hasattr(value, "to_pylist") or isinstance(value, bytes)


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


def _table(dataset: Any, labels: Collection[str], columns: Columns) -> TextTable:
    if isinstance(dataset, TextTable):
        return with_label_names(dataset, labels)
    if isinstance(dataset, str) and kind_of_name(dataset) != "source":
        raise UserError(
            f"{dataset!r:.60} is no file: give texts as a list, such as [{dataset!r:.60}], and a "
            "dataset on the hub as OWNER/NAME."
        )
    if _is_source(dataset) or is_table(dataset) or isinstance(dataset, Mapping):
        return load_table(
            dataset,
            label_names=labels,
            text_column=columns.text_column,
            label_column=columns.label_column,
        )
    if not isinstance(dataset, Iterable):
        raise _no_dataset(dataset)
    texts = check_texts(dataset)
    if not texts:
        raise UserError("A list of texts is empty; give at least one text.")
    if all(map(is_file_name, texts)):
        raise UserError(
            f"{texts[0]!r:.60} is a file in a list of texts; give each file as its own dataset."
        )
    return evaluate.texts(texts)


def _no_dataset(given: object) -> UserError:
    return UserError(
        f"The argument of type {type(given).__name__} is not a dataset; give a name, a file, a "
        "DataFrame, a TextTable or a list of texts."
    )


def _is_source(value: Any) -> bool:
    return isinstance(value, (str, os.PathLike))


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and hasattr(value[0], "config")
