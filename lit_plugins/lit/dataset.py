"""A `TextTable` as LIT's `Dataset`."""

from __future__ import annotations

from collections.abc import Sequence

from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import types as lit_types
from lit_nlp.api.dataset import INPUT_INTERNAL_FIELDS, input_hash

from lit_plugins.data import TextTable
from lit_plugins.lit.models import fields
from lit_plugins.naming import unused_name

_RESERVED = {fields.TEXT, fields.EDIT, fields.LABEL, fields.TOKENS}


def lit_dataset_of(table: TextTable, labels: Sequence[str] | None) -> lit_dataset.Dataset:
    """A table's texts, gold labels and other columns under LIT's field names.

    The field `fields.EDIT` describes how a generated example differs from its parent. It is empty
    for the examples of the table.

    Args:
        table: the texts.
        labels: the models' names of the classes; None leaves the gold labels out.
    """
    spec: dict[str, lit_types.LitType] = {
        fields.TEXT: lit_types.TextSegment(),
        fields.EDIT: lit_types.StringLitType(default="", required=False),
    }
    columns: dict[str, Sequence[object]] = {
        fields.TEXT: table.texts,
        fields.EDIT: ("",) * len(table.texts),
    }
    if labels is not None and table.label_names is not None:
        spec[fields.LABEL] = lit_types.CategoryLabel(vocab=list(labels), required=False)
        columns[fields.LABEL] = table.labels
    for name, cells in table.columns.items():
        reserved = name in _RESERVED or name.startswith("_")
        field = unused_name(f"column_{name}" if reserved else name, columns)
        spec[field] = _column_type(table.kinds[name], cells)
        columns[field] = cells
    examples = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return lit_dataset.Dataset(spec=spec, examples=examples, description=table.description)


def with_lasting_ids(dataset: lit_dataset.Dataset) -> lit_dataset.IndexedDataset:
    """A dataset whose ids are hashes of the examples' fields, without those of annotators.

    Annotations depend on the models that are open. Ids must not, because addresses and saved
    datapoints contain them.
    """
    hashed_fields = [name for name, kind in dataset.spec().items() if not kind.annotated]
    examples = [
        {name: value for name, value in example.items() if name not in INPUT_INTERNAL_FIELDS}
        for example in dataset.examples
    ]
    return lit_dataset.IndexedDataset(
        base=dataset,
        examples=examples,
        id_fn=lambda example: input_hash({name: example.get(name) for name in hashed_fields}),
    )


def _column_type(kind: str, cells: Sequence[object]) -> lit_types.LitType:
    if kind == "number":
        return lit_types.Scalar(required=False)
    if kind == "boolean":
        return lit_types.BooleanLitType(required=False)
    if kind == "category":
        return lit_types.CategoryLabel(vocab=sorted({str(cell) for cell in cells}), required=False)
    return lit_types.StringLitType(required=False)
