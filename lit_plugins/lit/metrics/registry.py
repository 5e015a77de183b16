"""All of LIT's metrics by name: LIT's own, calibration, and what a user asks for."""

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


class LabelledMetrics(metrics.MulticlassMetricsImpl):
    """LIT's own measures, of the texts that have a gold label.

    LIT's leave texts without one out too, but then mix up the others' predictions, and fail where
    no text has one.
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
        """LIT's measures, and how many texts lack a label where some do."""
        known = [at for at, label in enumerate(labels) if label in pred_spec.vocab]
        found = {}
        if known:
            found = super().compute(
                [labels[at] for at in known],
                [preds[at] for at in known],
                label_spec,
                pred_spec,
                None if config is None else [config[at] for at in known],
            )
        missing = len(labels) - len(known)
        return {**found, "num_missing_labels": missing} if missing else found


class CalibrationMetrics(metrics.SimpleMetrics):
    """Whether probabilities are to be believed."""

    def is_field_compatible(
        self, pred_spec: lit_types.LitType, parent_spec: lit_types.LitType | None
    ) -> bool:
        """Whether the field has classes by name, and a gold label."""
        return isinstance(pred_spec, lit_types.MulticlassPreds) and isinstance(
            parent_spec, lit_types.CategoryLabel
        )

    def meta_spec(self) -> lit_types.Spec:
        """Three measures, 0 for the best."""
        described = {
            "Brier": "The squared distance of the probabilities from the gold label, from 0 to 2.",
            "ECE": "Expected calibration error: how far accuracy is from confidence, in 15 bins of "
            "confidence.",
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
        """The measures of the texts that have a gold label; nothing where none has."""
        task = ExclusiveClasses(tuple(pred_spec.vocab))
        gold = task.gold_indices(labels)
        known = gold != NO_LABEL
        if not known.any():
            return {}
        found = calibration_metrics(task, np.array(preds, dtype=np.float64)[known], gold[known])
        return {"Brier": found["brier"], "ECE": found["ece"], "NLL": found["nll"]}


def lit_metrics(
    explanations: Explanations | None = None, cache_bytes: int = METRICS_BYTES
) -> dict[str, lit_components.Metrics]:
    """All metrics; they suit any LIT app: `LitApp(…, metrics=lit_metrics())`.

    Args:
        explanations: where explanations are kept; by default a cache of their own.
        cache_bytes: the most memory that what was measured may take up.
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
            name: TableMetrics(metric)
            for name, metric in METRICS.items()
            if metric.measures  # this package's have none: theirs above keep what they computed
        },
    }
