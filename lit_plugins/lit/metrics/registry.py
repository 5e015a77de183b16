"""Lists the metrics of LIT's page by name: LIT's own, calibration, and metrics on demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from lit_nlp.api import components as lit_components
from lit_nlp.api import types as lit_types
from lit_nlp.components import metrics

from lit_plugins.evaluate import METRICS
from lit_plugins.evaluate.calibration import calibration_metrics
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.metrics.behaviour import ContrastMetrics, RuleMetrics
from lit_plugins.lit.metrics.explanations import (
    AgreementMetrics,
    FaithfulnessMetrics,
    PlausibilityMetrics,
)
from lit_plugins.lit.metrics.tables import TableMetrics
from lit_plugins.models.task import NO_LABEL, ExclusiveClasses

METRICS_BYTES = 16 * 2**20
"""Default size of the cache of measurements, in bytes."""


class LabelledMetrics(metrics.MulticlassMetricsImpl):
    """LIT's own measures, computed over the texts that have a gold label.

    LIT's implementation leaves out unlabelled texts too, but then it pairs the remaining labels
    with the wrong predictions. It fails if no text has a label.
    """

    def compute(
        self,
        labels: Sequence[str | None],
        preds: Sequence[np.ndarray],
        label_spec: lit_types.LitType,
        pred_spec: lit_types.LitType,
        config: Sequence[float] | None = None,
        indices: Sequence[Any] | None = None,
        metas: Sequence[Any] | None = None,
    ) -> dict[str, float]:
        """LIT's measures, and the number of unlabelled texts if there are any."""
        known = [index for index, label in enumerate(labels) if label in pred_spec.vocab]
        values = {}
        if known:
            values = super().compute(
                [labels[index] for index in known],
                [preds[index] for index in known],
                label_spec,
                pred_spec,
                None if config is None else [config[index] for index in known],
            )
        missing = len(labels) - len(known)
        return {**values, "num_missing_labels": missing} if missing else values


class CalibrationMetrics(metrics.SimpleMetrics):
    """Measures how well predicted probabilities match the gold labels."""

    def is_field_compatible(
        self, pred_spec: lit_types.LitType, parent_spec: lit_types.LitType | None
    ) -> bool:
        """Whether the field has named classes, and a gold label."""
        return isinstance(pred_spec, lit_types.MulticlassPreds) and isinstance(
            parent_spec, lit_types.CategoryLabel
        )

    def meta_spec(self) -> lit_types.Spec:
        """Three measures, each of which is best at 0."""
        described = {
            "Brier": "The squared distance of the probabilities from the gold label, from 0 to 2.",
            "ECE": "Expected calibration error: the distance between accuracy and confidence, in "
            "15 bins of confidence.",
            "NLL": "The negative log-likelihood of the gold label, in nats.",
        }
        lowest = lit_types.MetricBestValue.LOWEST
        return {
            name: lit_types.MetricResult(description=help, best_value=lowest)
            for name, help in described.items()
        }

    def compute(
        self,
        labels: Sequence[str | None],
        preds: Sequence[np.ndarray],
        label_spec: lit_types.LitType,
        pred_spec: lit_types.LitType,
        config: lit_types.JsonDict | None = None,
        indices: Sequence[Any] | None = None,
        metas: Sequence[Any] | None = None,
    ) -> dict[str, float]:
        """The measures over the texts that have a gold label; empty if none has one."""
        task = ExclusiveClasses(tuple(pred_spec.vocab))
        gold = task.gold_indices(labels)
        known = gold != NO_LABEL
        if not known.any():
            return {}
        values = calibration_metrics(task, np.array(preds, dtype=np.float64)[known], gold[known])
        return {"Brier": values["brier"], "ECE": values["ece"], "NLL": values["nll"]}


def lit_metrics(
    explanations: Explanations | None = None, cache_bytes: int = METRICS_BYTES
) -> dict[str, lit_components.Metrics]:
    """All metrics by name; any LIT app can use them: `LitApp(…, metrics=lit_metrics())`.

    Args:
        explanations: the cache of explanations; a new one by default.
        cache_bytes: the size of the cache of measurements, in bytes.
    """
    kept = explanations or Explanations()
    return {
        "multiclass": metrics.ClassificationMetricsWrapper(LabelledMetrics()),
        "paired": metrics.MulticlassPairedMetrics(),
        "calibration": CalibrationMetrics(),
        "faithfulness": FaithfulnessMetrics(kept, cache_bytes // 2),
        "plausibility": PlausibilityMetrics(kept),
        "agreement": AgreementMetrics(kept),
        "contrast": ContrastMetrics(),
        "rules": RuleMetrics(cache_bytes // 4),
        **{
            name: TableMetrics(metric, kept.filler)
            for name, metric in METRICS.items()
            # Metrics without measures are served by the classes above, which keep results.
            if metric.measures
        },
    }
