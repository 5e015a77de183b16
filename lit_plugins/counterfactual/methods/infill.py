"""Infill: words that a masked language model would write in the places that matter most.

After the idea of MiCE (Ross et al., 2021) and Polyjuice (Wu et al., 2021): a language model keeps
the text fluent, and an attribution says where to change it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lit_plugins.counterfactual.change import Change, Edit, in_case_of, substitution
from lit_plugins.counterfactual.method import Case, CounterfactualMethod
from lit_plugins.explain import explain
from lit_plugins.lexicon.function_words import roles
from lit_plugins.lexicon.words import key_of
from lit_plugins.models.predictor import Predictor
from lit_plugins.options import Integer, LanguageModel, Number
from lit_plugins.text.encoded import EncodedText, Span

if TYPE_CHECKING:
    from lit_plugins.models import MaskedLanguageModel

OPTIONS = (
    LanguageModel(
        "infill_model",
        "auto",
        "The masked language model: a folder, a name on the hub or an embedded one; auto is "
        "distilroberta-base, or the embedded one where the hub is out of reach.",
    ),
    Integer(
        "places",
        16,
        "The most words of a text that are replaced, those first that matter most.",
        low=1,
        high=200,
    ),
    Integer(
        "proposals",
        25,
        "How many words the language model proposes for each place.",
        low=1,
        high=500,
    ),
    Number(
        "least_probability",
        0.001,
        "Proposals that the language model gives less than this are left out.",
        low=0,
        high=1,
    ),
)


def infill(
    classifier: Predictor,
    cases: Sequence[Case],
    *,
    infill_model: str | MaskedLanguageModel,
    places: int,
    proposals: int,
    least_probability: float,
) -> list[list[Change]]:
    """The language model's words in place of those that the prediction hangs on.

    The places are those whose words, masked, lower the predicted class's probability most. English
    function words are replaced by their own kind only.

    Args:
        classifier: the model.
        cases: texts, and what is wanted of them.
        infill_model, places, proposals, least_probability: see the options.

    Raises:
        UserError: the language model cannot be loaded.
    """
    language_model = _loaded(infill_model)
    chosen = [
        (at, case.encoded, word)
        for at, (case, words) in enumerate(
            zip(cases, _places(classifier, cases, places), strict=True)
        )
        for word in words
    ]
    found = language_model.propose(
        [encoded.text for _, encoded, _ in chosen],
        [encoded.words[word] for _, encoded, word in chosen],
        proposals,
    )
    least = np.log(least_probability) if least_probability else -np.inf
    changes: list[list[Change]] = [[] for _ in cases]
    for (at, encoded, word), words in zip(chosen, found, strict=True):
        changes[at] += [
            substitution(
                encoded.text,
                encoded.words[word],
                in_case_of(new_word, encoded.word_texts[word]),
                gain=log_probability,
            )
            for new_word, log_probability in words
            if log_probability >= least and _same_role(encoded.word_texts[word], new_word)
        ]
    return changes


def _same_role(word: str, new_word: str) -> bool:
    """Whether an English function word comes in place of one of its kind, and of no other word.

    A small language model likes them everywhere, and hardly any such text would be grammatical.
    """
    return not roles(key_of(word)).isdisjoint(roles(key_of(new_word)))


def _places(classifier: Predictor, cases: Sequence[Case], count: int) -> list[list[int]]:
    """The words that matter most to what the model predicts, most first."""
    explanations = explain(
        classifier,
        [case.encoded.text for case in cases],
        "occlusion",
        [case.predicted for case in cases],
    )
    return [
        [
            int(word)
            for word in np.argsort(-explanation.scores, kind="stable")
            if int(word) in replaceable
        ][:count]
        for explanation, replaceable in (
            (explanation, _replaceable(case.encoded))
            for explanation, case in zip(explanations, cases, strict=True)
        )
    ]


def _replaceable(encoded: EncodedText) -> set[int]:
    texts = encoded.word_texts
    return {word for word in encoded.visible_words if any(map(str.isalpha, texts[word]))}


def fluency(
    made: Sequence[tuple[str, tuple[Edit, ...]]],
    *,
    infill_model: str | MaskedLanguageModel,
    **_: Any,
) -> list[float]:
    """Mean log-probability of the new words of each text, each in its place among the others."""
    texts: list[str] = []
    spans: list[Span] = []
    for new_text, edits in made:
        texts += [new_text] * len(edits)
        spans += [edit.new for edit in edits]
    scores = iter(_loaded(infill_model).log_probabilities(texts, spans).tolist())
    return [float(np.mean([next(scores) for _ in edits])) for _, edits in made]


def _loaded(model: str | MaskedLanguageModel) -> MaskedLanguageModel:
    if not isinstance(model, str):
        return model
    from lit_plugins.models import load_filler

    return load_filler(model)


METHOD = CounterfactualMethod(
    "infill",
    "Infill",
    "Replaces the fewest words by others that a masked language model would write there, in the "
    "places that matter most; the most fluent come first.",
    OPTIONS,
    infill,
    black_box=True,
    fluency=fluency,
)
