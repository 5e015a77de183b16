"""Word scores by several explanation methods, or at random."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from lit_plugins.errors import UserError
from lit_plugins.evaluate.tables import Parts
from lit_plugins.explain import METHODS, ExplanationMethod, explain
from lit_plugins.explain.estimators.missing_words import Missing
from lit_plugins.models.predictor import Predictor

RANDOM = "random"
"""Name of the baseline that scores each word at random; no method should do worse."""


def methods_of_one_model() -> dict[str, ExplanationMethod]:
    """The explanation methods that can be judged without a second model, by name."""
    return {name: method for name, method in METHODS.items() if not method.compares}


def masking_methods() -> dict[str, ExplanationMethod]:
    """The methods of one model that run it on texts with words missing, by name."""
    return {name: method for name, method in methods_of_one_model().items() if method.masks}


def choose_methods(classifier: Predictor, methods: Sequence[str] | None) -> dict[str, bool]:
    """Methods by name, and whether each suits the model.

    Args:
        classifier: the model.
        methods: names; None for all methods that suit the model, and "random".

    Raises:
        UserError: there is no such method, or it takes a second model.
    """
    known = methods_of_one_model()
    if methods is None:
        return {name: True for name in known if known[name].suits(classifier)} | {RANDOM: True}
    for name in methods:
        if name not in (*known, RANDOM):
            raise UserError(
                f"The method {name!r} cannot be judged; choose from {', '.join([*known, RANDOM])}."
            )
    return {name: name == RANDOM or known[name].suits(classifier) for name in methods}


def scores_by_method(
    classifier: Predictor,
    texts: Sequence[str],
    methods: Sequence[str],
    targets: Sequence[int] | None = None,
    *,
    seed: int = 0,
    missing: Missing | None = None,
    parts: Parts | None = None,
) -> dict[str, list[np.ndarray]]:
    """Scores of each text's words, float64 [words], by each method with its own defaults.

    Args:
        classifier: the model.
        texts: texts as written.
        methods: names of methods that suit the model, or "random".
        targets: the index of the class to explain for each text; None for the predicted classes.
        seed: the seed of the random scores.
        missing: what stands for a missing word in methods that mask words; None for their default.
        parts: the progress, which counts each text once for each method.
    """
    parts = parts or Parts(None, 0)
    labels = classifier.task.labels
    masking = masking_methods()
    by_method = {}
    for method in methods:
        progress = parts.next(len(texts))
        if method == RANDOM:
            by_method[method] = random_scores(classifier, texts, seed)
            progress(len(texts), len(texts))
        else:
            explanations = explain(
                classifier,
                texts,
                method,
                None if targets is None else [labels[target] for target in targets],
                progress=progress,
                **(missing.options if missing is not None and method in masking else {}),
            )
            by_method[method] = [explanation.scores for explanation in explanations]
    return by_method


def random_scores(classifier: Predictor, texts: Sequence[str], seed: int = 0) -> list[np.ndarray]:
    """Random scores from 0 to 1 for each text, float64 [words], fixed by the text and the seed."""
    return [
        np.random.default_rng([seed, _number(text.text)]).random(len(text.words))
        for text in classifier.encode(texts)
    ]


def _number(text: str) -> int:
    return int.from_bytes(
        blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )
