"""Makes `games.npz`, small games that are known completely: `python -m benchmarks.make_games`.

Each game is one embedded model's probability for all 2^12 masked versions of a review of 12 words,
as uint16 [4096] in units of 1 / 65535. Both models explain the same reviews and classes, so a pair
of games gives a game of their difference, too.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.truth import game
from benchmarks.workloads import Case
from lit_plugins import TextClassifier
from lit_plugins.embedded import some_reviews

FILE = Path(__file__).with_name("games.npz")
MODELS = ("sentiment-small", "sentiment-bow")
STEPS = 65535
_WORDS = 12
_TEXTS = 4


def main() -> None:
    """Writes the file."""
    classifiers = {name: TextClassifier.from_pretrained(name) for name in MODELS}
    first = classifiers[MODELS[0]]
    encoded = [text for text in first.encode(some_reviews(500)) if len(text.words) == _WORDS]
    tables = {}
    for number, text in enumerate(encoded[:_TEXTS]):
        target = int(first.task.predicted(first.logits([text.row]))[0])
        for name, classifier in classifiers.items():
            (same,) = classifier.encode([text.text])
            values = game(classifier, Case(text.text, same, target))
            tables[f"{name} {number}"] = np.round(values * STEPS).astype(np.uint16)
    np.savez_compressed(FILE, **tables)


if __name__ == "__main__":
    main()
