"""The curves of precision, recall and false positives, beside scikit-learn's own."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import auc, average_precision_score, roc_auc_score

from lit_plugins.errors import UserError
from lit_plugins.lit.app import App

POSITIVE = {"Label": "positive", "Prediction field": "probas"}


def curves_of(app: App, scores: list[float], labels: list[str | None], **config: str):
    """The curves of texts with these probabilities of `positive` and these gold labels."""
    inputs = [{"sentence": "", "label": label} for label in labels]
    outputs = [{"probas": [1 - score, score]} for score in scores]
    return app.interpreters["curves"].run(
        inputs, app.models["bert"], app.datasets["texts"], outputs, {**POSITIVE, **config}
    )


def test_points_of_four_texts(app):
    labels = ["positive", "negative", "positive", "negative"]
    curves = curves_of(app, [0.9, 0.6, 0.5, 0.1], labels)
    # Recall, precision and threshold.
    assert curves["pr_data"] == [
        [0, 1, None],
        [0.5, 1, 0.9],
        [0.5, 0.5, 0.6],
        [1, pytest.approx(2 / 3), 0.5],
        [1, 0.5, 0.1],
    ]
    # The rates of false and of true positives, and the threshold.
    assert curves["roc_data"] == [
        [0, 0, None],
        [0, 0.5, 0.9],
        [0.5, 0.5, 0.6],
        [0.5, 1, 0.5],
        [1, 1, 0.1],
    ]


def test_areas_are_average_precision_and_auc(app):
    generator = np.random.default_rng(0)
    scores = generator.random(200).round(2)
    positive = generator.random(200) < scores
    labels = np.where(positive, "positive", "negative")
    curves = curves_of(app, list(scores), list(labels))
    recall, precision, _ = np.array(curves["pr_data"], dtype=float).T
    area = (np.diff(recall) * precision[1:]).sum()
    assert area == pytest.approx(average_precision_score(positive, scores))
    false_rate, true_rate, _ = np.array(curves["roc_data"], dtype=float).T
    assert auc(false_rate, true_rate) == pytest.approx(roc_auc_score(positive, scores))


def test_texts_without_a_label_are_left_out(app):
    labels = ["positive", "negative", None, ""]
    curves = curves_of(app, [0.9, 0.1, 0.95, 0.5], labels)
    assert curves == curves_of(app, [0.9, 0.1], labels[:2])


@pytest.mark.parametrize(
    ("labels", "defined"),
    [(["positive"], ["pr_data"]), (["negative"], []), ([None], []), ([], [])],
)
def test_a_curve_that_the_labels_do_not_define_has_no_points(app, labels, defined):
    curves = curves_of(app, [0.5] * len(labels), labels)
    assert [name for name, points in curves.items() if points] == defined


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"Label": "neutral"}, "no class 'neutral'; choose from negative, positive"),
        ({"Prediction field": "pooled"}, "no classes 'pooled'; choose from probas"),
    ],
)
def test_an_unknown_class_or_field_is_named(app, config, sentence):
    with pytest.raises(UserError, match=sentence):
        curves_of(app, [0.5], ["positive"], **config)
