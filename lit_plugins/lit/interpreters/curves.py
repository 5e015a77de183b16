"""LIT's curves of precision, recall and false positives, by scikit-learn's definitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from lit_nlp.components import curves
from sklearn.metrics import precision_recall_curve, roc_curve

from lit_plugins.errors import UserError
from lit_plugins.lit.request_checks import few


class Curves(curves.CurvesInterpreter):
    """Computes the precision-recall curve and the ROC curve of one class.

    LIT's curve of precision and recall has precision on the x-axis and is sorted by it, which
    reorders its points. LIT also counts texts without a gold label as texts of the other classes.
    """

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: Sequence[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> lit_types.JsonDict:
        """The points `[x, y, threshold]` of both curves, over the texts that have a gold label.

        `pr_data` has recall on the x-axis and precision on the y-axis; `roc_data` has the rates of
        false and true positives. The threshold is None where no text counts as positive. The first
        curve has no points without a text of the class. The second one also needs a text of another
        class.

        Raises:
            UserError: the model has no such field of classes, or no such class.
        """
        config = config or {}
        spec = model.output_spec()
        fields = self._find_supported_pred_keys(spec)
        only_field = fields[0] if len(fields) == 1 else None
        field = config.get(curves.TARGET_PREDICTION_KEY, only_field)
        label = config.get(curves.TARGET_LABEL_KEY)
        if field not in fields:
            raise UserError(
                f"There are no classes {field!r:.60}; choose from {few(fields, most=3)}."
            )
        classes = spec[field].vocab
        if label not in classes:
            raise UserError(f"There is no class {label!r:.60}; choose from {few(classes, most=5)}.")
        if model_outputs is None:
            model_outputs = list(model.predict(inputs))
        index = classes.index(label)
        labelled = [
            (example[spec[field].parent] == label, output[field][index])
            for example, output in zip(inputs, model_outputs, strict=True)
            if example.get(spec[field].parent) in classes
        ]
        positive = np.array([is_positive for is_positive, _ in labelled], dtype=bool)
        scores = np.array([score for _, score in labelled], dtype=np.float64)
        return {
            curves.PR_DATA: _precision_by_recall(positive, scores) if positive.any() else [],
            curves.ROC_DATA: _roc(positive, scores) if 0 < positive.sum() < len(positive) else [],
        }


def _precision_by_recall(positive: np.ndarray, scores: np.ndarray) -> list[Any]:
    precision, recall, thresholds = precision_recall_curve(positive, scores)
    # scikit-learn's last point, recall 0 and precision 1, is above every threshold.
    return _points(recall, precision, [*thresholds, np.inf])[::-1]


def _roc(positive: np.ndarray, scores: np.ndarray) -> list[Any]:
    return _points(*roc_curve(positive, scores))


def _points(x: Sequence[float], y: Sequence[float], thresholds: Sequence[float]) -> list[Any]:
    return [
        [float(across), float(up), float(threshold) if np.isfinite(threshold) else None]
        for across, up, threshold in zip(x, y, thresholds, strict=True)
    ]
