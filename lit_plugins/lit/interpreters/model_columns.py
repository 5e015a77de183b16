"""Columns that show how sure models are, which are right, where two disagree, and what was cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.errors import UserError
from lit_plugins.evaluate.certainty import entropy
from lit_plugins.evaluate.comparison import align_classes, compare
from lit_plugins.lit.models.any_classifier import TextFields, text_fields, unwrapped
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.models.task import NO_LABEL

COLUMNS = "columns"
"""The interpreter's name in requests of the page."""

MODELS = "models"
"""The config's key for the names of the models that are open in the page."""


@dataclass(frozen=True)
class _Answers:
    """One model's predictions for some examples; the arrays are as in `compare`."""

    name: str
    fields: TextFields
    probabilities: np.ndarray
    gold: np.ndarray


class ColumnsInterpreter(lit_components.Interpreter):
    """Columns for LIT's data table: each model's certainty, cut texts, comparisons of two models.

    LIT has columns for each model's prediction and for its correctness, but none that compare two
    models. The values are those of `lit_plugins.evaluate`.
    """

    def __init__(self, models: Mapping[str, lit_model.Model]):
        """Takes all of the app's models by name."""
        self._models = {name: unwrapped(model) for name, model in models.items()}

    def description(self) -> str:
        """A description that LIT requires; the page does not show it."""
        return "How sure models are, which of them are right, and where two disagree."

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model classifies texts."""
        return text_fields(unwrapped(model)) is not None

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """Computes the columns of the named models and of each pair of them.

        Returns:
            One dictionary for each column: its `name`, its LIT `type`, and its `values`, one for
            each input. A value is None if the column does not apply to the input.

        Raises:
            UserError: the app has no model of a name in the config.
        """
        names = (config or {}).get(MODELS)
        if names is None:
            names = [name for name, known in self._models.items() if known is unwrapped(model)]
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise UserError(f"The config's {MODELS} are not a list of names; send their names.")
        by_model = [self._answers(name, inputs) for name in dict.fromkeys(names)]
        columns = []
        for answers in by_model:
            if answers is not None:
                columns += _certainty(answers) + self._cut(answers, inputs)
        for first, second in combinations(filter(None, by_model), 2):
            if sorted(first.fields.labels) == sorted(second.fields.labels):
                columns += _comparison(first, _in_order(second, first.fields.labels))
        return columns

    def _answers(self, name: str, inputs: Sequence[lit_types.JsonDict]) -> _Answers | None:
        if name not in self._models:
            raise UserError(
                f"There is no model {name!r:.60}; choose from {', '.join(self._models)}."
            )
        model = self._models[name]
        fields = text_fields(model)
        if fields is None:
            return None
        outputs = model.predict(inputs)
        gold = fields.gold
        labels = [example.get(gold) if gold is not None else None for example in inputs]
        return _Answers(
            name,
            fields,
            np.array([output[fields.classes] for output in outputs], dtype=np.float64).reshape(
                len(inputs), len(fields.labels)
            ),
            fields.task.gold_indices(labels),
        )

    def _cut(
        self, answers: _Answers, inputs: Sequence[lit_types.JsonDict]
    ) -> list[lit_types.JsonDict]:
        """The column of texts that are too long for the model, if there are any."""
        model = self._models[answers.name]
        if not isinstance(model, LitTextClassifier):
            return []
        cut = model.classifier.truncated([model.example(example).text for example in inputs])
        if not any(cut):
            return []
        return [_column(f"{answers.name}:cut", lit_types.BooleanLitType(), np.array(cut))]


def _in_order(answers: _Answers, labels: tuple[str, ...]) -> _Answers:
    """The same predictions with the classes in another order."""
    model_labels = answers.fields.labels
    if model_labels == labels:
        return answers
    place = np.array([labels.index(label) for label in model_labels])
    return replace(
        answers,
        probabilities=align_classes(answers.probabilities, model_labels, labels),
        gold=np.where(answers.gold == NO_LABEL, NO_LABEL, place[answers.gold]),
    )


def _certainty(answers: _Answers) -> list[lit_types.JsonDict]:
    bits = float(np.log2(len(answers.fields.labels)))
    return [
        _column(
            f"{answers.name}:confidence",
            lit_types.Scalar(),
            answers.fields.task.confidence(answers.probabilities),
        ),
        _column(
            f"{answers.name}:entropy",
            lit_types.Scalar(max_val=bits),
            entropy(answers.probabilities),
        ),
    ]


def _comparison(first: _Answers, second: _Answers) -> list[lit_types.JsonDict]:
    names = first.name, second.name
    gold = np.where(first.gold < 0, second.gold, first.gold)
    comparison = compare(first.fields.task, first.probabilities, second.probabilities, gold, names)
    pair = " vs ".join(names)
    who = lit_types.CategoryLabel(vocab=["both", *names, "neither"], required=False)
    return [
        _column(f"{pair}:agree", lit_types.BooleanLitType(), comparison.agree),
        _column(
            f"{pair}:right", who, np.array([name or None for name in comparison.right], object)
        ),
        _column(f"{pair}:difference", lit_types.Scalar(min_val=-1), comparison.difference),
        _column(f"{pair}:divergence", lit_types.Scalar(), comparison.divergence),
    ]


def _column(name: str, kind: lit_types.LitType, values: np.ndarray) -> lit_types.JsonDict:
    return {"name": name, "type": kind, "values": values.tolist()}
