"""Owen values on a tree of tokens, as `shap.Explainer` computes for a transformers pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.estimators.masking import values_of_tokens
from lit_plugins.explain.estimators.missing_words import MISSING_OPTIONS, Missing, Way
from lit_plugins.explain.estimators.owen_splitting import Split, split
from lit_plugins.explain.estimators.token_tree import TokenTree, token_tree
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.explain.scored_text import Group
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import Unit
from lit_plugins.options import Integer
from lit_plugins.runtime.lock_step import lock_step
from lit_plugins.text.encoded import EncodedText, Span

if TYPE_CHECKING:
    from lit_plugins.models import MaskedLanguageModel

OPTIONS = (
    Integer(
        "evaluations",
        500,
        "The most masked texts, as shap counts them; 500 are enough for about 22 tokens. In "
        "longer texts, some groups stay unsplit, and their tokens share the value evenly.",
        low=4,
        high=20000,
    ),
    Integer(
        "batch_size",
        5,
        "After how many masked texts shap chooses anew which groups to split; it matters only for "
        "texts that are too long for the budget.",
        low=2,
        high=1000,
    ),
    output_option("probability"),
    *MISSING_OPTIONS,
)

_NOTHING = 1e-12


def owen(
    classifier: Predictor,
    subjects: Sequence[Subject],
    *,
    evaluations: int,
    batch_size: int,
    output: Unit,
    missing: Way,
    infill_model: str | MaskedLanguageModel,
) -> list[Attribution]:
    """Owen values (Owen, 1977) of the tokens, as in `shap.PartitionExplainer`.

    Groups are split down a tree of the tokens, the group with the largest effect first. A split
    shares a group's worth between its two parts, by their effects with the rest of the text
    visible and with the rest missing. Unlike in shap, token ids are masked, not strings, and no
    masked text is run twice. Tokens of a word may be missing while others are kept: then one mask
    for each word stands for a run of them, and the infill model writes the whole word anew.

    There are no standard errors. Nothing is drawn at random, and where all groups are split the
    values are exact. Where the budget does not last, a group's worth is right, but what a token has
    of it is not known: the group's parts were never seen apart in those contexts, so nothing but
    the range of the output bounds it. The note says how much of the worth that is.

    Args:
        classifier: the model.
        subjects: texts and classes.
        evaluations, batch_size, output, missing, infill_model: see the options.
    """
    gone = Missing(missing, infill_model)
    trees = [token_tree(subject.encoded) for subject in subjects]
    searches = [
        split(
            tree,
            np.array([span is None for span in subject.encoded.token_spans]),
            subject.outputs(output),
            budget=evaluations - 2,
            batch_size=batch_size,
            lookahead=max(
                batch_size, classifier.batch_tokens // len(subject.encoded.row.input_ids)
            ),
        )
        for subject, tree in zip(subjects, trees, strict=True)
    ]

    def values(indices: Sequence[int], keeps: Sequence[np.ndarray]) -> list[np.ndarray]:
        asked = [subjects[index] for index in indices]
        return list(values_of_tokens(classifier, asked, keeps, output, gone))

    return [
        _attribution(subject, tree, outcome, output)
        for subject, tree, outcome in zip(subjects, trees, lock_step(searches, values), strict=True)
    ]


def _attribution(subject: Subject, tree: TokenTree, outcome: Split, unit: Unit) -> Attribution:
    encoded = subject.encoded
    scores = tree.lowered(outcome.credit[:, subject.target])
    worth = np.abs(outcome.credit)
    unsplit = worth[tree.tokens :].max(1, initial=0) > 0
    undivided = worth[tree.tokens :, subject.target].sum() / max(
        worth[:, subject.target].sum(), _NOTHING
    )
    note = (
        f"The evaluations did not last: {int(unsplit.sum())} groups of tokens were not split, and "
        f"each divides its worth evenly among its tokens. That is {undivided:.0%} of all worth; "
        "how far a token's share of it is off is not known."
        if unsplit.any()
        else ""
    )
    return Attribution(
        scores=encoded.sum_by_word(scores),
        unit=unit,
        base_value=float(outcome.base_value[subject.target]),
        evaluations=outcome.evaluations,
        token_scores=scores,
        groups=_groups(encoded, tree, scores),
        note=note,
    )


def _groups(encoded: EncodedText, tree: TokenTree, scores: np.ndarray) -> tuple[Group, ...]:
    """The tree's groups of at least two tokens of the text, in the order of the text."""
    groups: dict[Span, Group] = {}
    for members in tree.members[tree.tokens :]:
        spans = [encoded.token_spans[token] for token in np.flatnonzero(members)]
        inside = [span for span in spans if span is not None]
        if len(inside) > 1:
            offsets = (inside[0][0], inside[-1][1])
            text = encoded.text[slice(*offsets)]
            groups.setdefault(offsets, Group(offsets, text, float(scores[members].sum())))
    return tuple(sorted(groups.values(), key=lambda group: (group.offsets[0], -group.offsets[1])))


METHOD = ExplanationMethod(
    "owen",
    "SHAP, Owen values",
    "Owen values on a tree of the tokens, as shap's Explainer computes for a pipeline. They are "
    "close to Shapley values, and the tree's phrases have values, too.",
    OPTIONS,
    owen,
    black_box=True,
)
