"""Input x gradient (Shrikumar et al., 2016): each embedding times the gradient at the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.models.task import Unit

if TYPE_CHECKING:
    from lit_plugins.models.classifier import TextClassifier

OPTIONS = (output_option("logit"),)


def input_x_gradient(
    classifier: TextClassifier, subjects: Sequence[Subject], *, output: Unit
) -> list[Attribution]:
    """Input times gradient of each text.

    If the model were linear in the embeddings of words, a score would be what the word adds to the
    output, compared with an embedding of zeros. `base_value` is the model's value with zeros for
    all words, so `delta` shows how far from linear the model is. Special tokens stay as they are
    and have 0.

    Args:
        classifier: the model.
        subjects: texts and classes.
        output: see the options.

    Raises:
        UserError: the model does not take embeddings in place of tokens.
    """
    from lit_plugins.explain.estimators.embedding_path import EmbeddingPath

    path = EmbeddingPath(classifier, output, baseline="zero")
    return [
        Attribution(
            scores=subject.encoded.sum_by_word(slopes[0]),
            unit=output,
            base_value=base_value,
            evaluations=3,  # for the output, the gradient and the base
            token_scores=slopes[0],
        )
        for subject, slopes, base_value in zip(
            subjects, path.slopes(subjects, [1.0]), path.base_values(subjects), strict=True
        )
    ]


METHOD = ExplanationMethod(
    "input_x_gradient",
    "Input × gradient",
    "The gradient of the chosen class at the text, times the embeddings. Fast and rough: what each "
    "word would add if the model were linear.",
    OPTIONS,
    input_x_gradient,
    black_box=False,
    texts_at_once=64,
    complete=False,
)
