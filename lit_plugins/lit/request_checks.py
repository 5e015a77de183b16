"""Checks the page's requests to LIT's app before anything is computed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from lit_nlp.api.dataset import INPUT_ID_FIELD, IndexedDataset
from lit_nlp.api.types import ListLitType, Scalar, StringLitType, TextSegment

from lit_plugins.errors import TooLarge, UserError

MOST_EXAMPLES = 200_000
"""Most examples in one request: the size of the largest dataset that the page can handle."""

MOST_NEW_EXAMPLES = 10_000
"""Most examples in one request that are not in the dataset."""

LONGEST_TEXT = 100_000
"""Longest text, in characters."""

MOST_CHARACTERS = 5_000_000
"""Most characters in all new texts of one request together.

Encoding takes about 80 times as much memory as the texts themselves.
"""


def checked_options(
    query: Mapping[str, str], names: Mapping[str, Collection[str] | None], needed: Collection[str]
) -> dict[str, str]:
    """Picks the known options out of a request's query string, and checks their values.

    Args:
        query: the query string, values by name.
        names: for the name of each known option, its allowed values; None allows any.
        needed: the names of the options that the request must give.

    Returns:
        The values of the known options by name; other names are left out.

    Raises:
        UserError: an option is missing, or its value is not allowed.
    """
    options = {name: query[name] for name in names if name in query}
    for name in needed:
        if not options.get(name):
            raise UserError(f"The request names no {name}; add it to the address.")
    for name, value in options.items():
        known = names[name]
        if known is not None and value not in known:
            raise UserError(
                f"There is no {name.removesuffix('_name')} {value[:60]!r}; "
                f"choose from {few(known, most=5)}."
            )
    return options


def checked_data(body: Any, dataset: IndexedDataset | None) -> dict[str, Any]:
    """Checks a request's body, and replaces ids by the dataset's examples.

    Args:
        body: the parsed JSON; None for an empty body.
        dataset: the dataset that the request names, or None if it names none.

    Returns:
        The body as a dictionary. `inputs` is a list of whole examples, and `config` is a
        dictionary or None.

    Raises:
        UserError: the body is malformed, or an example is unknown or incomplete.
        TooLarge: the body has too many examples, or a text is too long.
    """
    if body is None:
        body = {}
    if not isinstance(body, dict):
        raise UserError("The request's body is not a JSON object; send inputs and config.")
    config = body.get("config")
    if config is not None and not isinstance(config, dict):
        raise UserError("The request's config is not a JSON object; send options by their names.")
    sent = body.get("inputs")
    if sent is None:
        sent = []
    if not isinstance(sent, list):
        raise UserError("The request's inputs are not a list; send ids or examples.")
    if len(sent) > MOST_EXAMPLES:
        raise TooLarge(f"The request has {len(sent):,} examples; send at most {MOST_EXAMPLES:,}.")
    new = sum(not isinstance(item, str) for item in sent)
    if new > MOST_NEW_EXAMPLES:
        raise TooLarge(f"The request has {new:,} new examples; send at most {MOST_NEW_EXAMPLES:,}.")
    if sent and dataset is None:
        raise UserError("The request has inputs but names no dataset_name; add it to the address.")
    inputs = [
        _example(item, index, dataset) for index, item in enumerate(sent) if dataset is not None
    ]
    characters = sum(
        len(value)
        for item, example in zip(sent, inputs, strict=True)
        if not isinstance(item, str)
        for value in example["data"].values()
        if isinstance(value, str)
    )
    if characters > MOST_CHARACTERS:
        raise TooLarge(
            f"The request's new examples have {characters:,} characters; "
            f"send at most {MOST_CHARACTERS:,}."
        )
    return {**body, "inputs": inputs, "config": config}


def few(names: Collection[str], most: int) -> str:
    """Lists the first names, such as `a, b, …`; the dots say that there are more.

    Names that begin with an underscore are LIT's own, and are left out.

    Args:
        names: the names.
        most: the most names to list.
    """
    shown = [name for name in names if not name.startswith("_")]
    return ", ".join(shown[:most]) + (", …" if len(shown) > most else "")


def _example(item: Any, index: int, dataset: IndexedDataset) -> Any:
    if isinstance(item, str):
        known = dataset.index.get(item)
        if known is None:
            raise UserError(
                f"There is no example {item[:60]!r} in the dataset; load the page again."
            )
        return known
    if not isinstance(item, dict) or not isinstance(item.get("data"), dict):
        raise UserError(f"Example {index} of the request has no data; send id, data and meta.")
    data = item["data"]
    meta = item.get("meta")
    if meta is None:
        meta = {}
    if not isinstance(meta, dict):
        raise UserError(f"The meta of example {index} is not a JSON object; send names and values.")
    id_ = item.get("id", "")
    if not isinstance(id_, str) or data.get(INPUT_ID_FIELD, id_) != id_:
        raise UserError(f"Example {index} of the request has two ids; send the same id twice.")
    spec = dataset.spec()
    for name, kind in spec.items():
        if isinstance(kind, TextSegment) and kind.required and data.get(name) is None:
            raise UserError(f"Example {index} of the request has no {name!r}; send its text.")
    for name, value in data.items():
        if value is None:
            continue
        kind = spec.get(name)
        if isinstance(kind, StringLitType) and not isinstance(value, str):
            raise UserError(f"The field {name!r} of example {index} is not a text; send a string.")
        if isinstance(kind, Scalar) and not isinstance(value, (int, float, str)):
            raise UserError(
                f"The field {name!r} of example {index} is not a number; send a number."
            )
        if isinstance(kind, ListLitType) and not _is_list(value):
            raise UserError(
                f"The field {name!r} of example {index} is not a list of texts or numbers; send "
                "a list."
            )
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise TooLarge(
                f"The field {name!r} of example {index} has {len(value):,} characters; "
                f"send at most {LONGEST_TEXT:,}."
            )
    return {**item, "id": id_, "data": data, "meta": meta}


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, (str, int, float)) or item is None for item in value
    )
