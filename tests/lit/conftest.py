from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from lit_plugins import TextClassifier
    from lit_plugins.data import TextTable
    from lit_plugins.lit.app import App

TEXTS = (
    "a wonderful, moving film that never feels dull .",
    "The food was cold and the service was even worse!",
    "not good, not bad",
    "word",
    "great fun 😀 and well-made",
    "a wonderful film but the service was cold",
)
LABELS = ("positive", "negative", "negative", "positive", "positive", "negative")


def a_table(labels: tuple[str | None, ...] = LABELS) -> TextTable:
    from lit_plugins.data import LoadReport, TextTable

    return TextTable(
        name="texts",
        texts=TEXTS,
        labels=labels,
        label_names=("negative", "positive") if any(labels) else None,
        columns={"domain": ("film", "food", "film", "food", "film", "food")},
        kinds={"domain": "category"},
        rows=tuple(range(2, 8)),
        report=LoadReport(source="texts", read=6, kept=6),
        description="Six texts.",
    )


@pytest.fixture(scope="session")
def named_classifier(
    classifier: Callable[..., TextClassifier],
) -> Callable[[str], TextClassifier]:
    return lambda kind: classifier(kind).with_labels(("negative", "positive"))


@pytest.fixture(scope="session")
def app(named_classifier: Callable[[str], TextClassifier]) -> App:
    from lit_plugins.lit.build import build_app

    models = {kind: named_classifier(kind) for kind in ("bert", "gpt2")}
    return build_app(models, {"texts": a_table()})
