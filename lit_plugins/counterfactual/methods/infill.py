"""Infill: a masked language model replaces the words that matter most.

The idea is that of MiCE (Ross et al., 2021) and Polyjuice (Wu et al., 2021): attributions choose
the words to replace, and a language model keeps the text fluent.
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
        "distilroberta-base, or the embedded one if the hub is out of reach.",
    ),
    Integer(
        "places",
        16,
        "The most words of a text to replace; the most important ones first.",
        low=1,
        high=200,
    ),
    Integer(
        "proposals",
        25,
        "How many words the language model proposes in place of each word.",
        low=1,
        high=500,
    ),
    Number(
        "least_probability",
        0.001,
        "The least probability of a proposal, by the language model.",
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
    """Proposes the language model's words in place of those that matter most to the prediction.

    A word matters by how much the predicted class's probability falls when it is masked. English
    function words are replaced only by function words of the same kind.

    Args:
        classifier: the model.
        cases: texts, and the predictions to reach.
        infill_model, places, proposals, least_probability: see the options.

    Raises:
        UserError: the language model cannot be loaded.
    """
    language_model = _loaded(infill_model)
    chosen = [
        (index, case.encoded, word)
        for index, (case, words) in enumerate(
            zip(cases, _places(classifier, cases, places), strict=True)
        )
        for word in words
    ]
    proposed = language_model.propose(
        [encoded.text for _, encoded, _ in chosen],
        [encoded.words[word] for _, encoded, word in chosen],
        proposals,
    )
    least = np.log(least_probability) if least_probability else -np.inf
    changes: list[list[Change]] = [[] for _ in cases]
    for (index, encoded, word), words in zip(chosen, proposed, strict=True):
        changes[index] += [
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
    """Whether both words are English function words of one kind, or both are other words.

    Small language models propose function words everywhere, and few such texts are grammatical.
    """
    return not roles(key_of(word)).isdisjoint(roles(key_of(new_word)))


def _places(classifier: Predictor, cases: Sequence[Case], count: int) -> list[list[int]]:
    """The words of each case that matter most to the prediction, the most important first."""
    explanations = explain(
        classifier,
        [case.encoded.text for case in cases],
        "occlusion",
        [case.task.labels[case.predicted] for case in cases],
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
    """Mean log-probability of the new words of each text, each in the context of the whole text.

    Args:
        made: new texts and their edits.
        infill_model: the language model; see the options.

    Returns:
        A natural logarithm for each text.
    """
    texts: list[str] = []
    spans: list[Span] = []
    for new_text, edits in made:
        texts += [new_text] * len(edits)
        spans += [edit.new for edit in edits]
    scores = iter(_loaded(infill_model).log_probabilities(texts, spans).tolist())
    return [float(np.mean([next(scores) for _ in edits])) for _, edits in made]


def _loaded(model: str | MaskedLanguageModel) -> MaskedLanguageModel:
    from lit_plugins.models import load_filler  # takes seconds to import

    return load_filler(model)


METHOD = CounterfactualMethod(
    "infill",
    "Infill",
    "Replaces the fewest words, those that matter most, by others that a masked language model "
    "proposes in their places; the most fluent texts come first.",
    OPTIONS,
    infill,
    black_box=True,
    fluency=fluency,
)
