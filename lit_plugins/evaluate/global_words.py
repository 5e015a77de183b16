"""What a model makes of each word over many texts: the mean of the word's scores for one class.

The class is the same for all texts, since only then can a word's scores be added up: a score for
the class that is predicted would change its sense from text to text. Words are the same regardless
of case, and a word that a text has twice counts twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lit_plugins.data import TextTable
from lit_plugins.errors import UserError
from lit_plugins.evaluate import inputs
from lit_plugins.evaluate.inputs import Classifiers, shared_models, slices
from lit_plugins.evaluate.sampling import sampled
from lit_plugins.evaluate.tables import Parts, frame, slice_cell
from lit_plugins.explain import PIECES, Explanation, explain
from lit_plugins.models.predictor import Predictor
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame

WORDS_METHOD = "integrated_gradients"
"""Quick, and its scores add up to the output: of logits, which have no bounds to flatten them."""

WORDS_SAMPLE = 200
"""Texts of each slice that are explained, unless told otherwise."""

AT_LEAST = 3
"""A word that stands there less often has a mean that says little, unless told otherwise."""


class Occurrence(NamedTuple):
    """One place where a word stands.

    Attributes:
        text: the index of the text's explanation.
        at: the index of the word in that explanation.
        score: what the word adds to the class there.
    """

    text: int
    at: int
    score: float


@dataclass(frozen=True)
class GlobalWord:
    """A word and all places where it stands.

    Attributes:
        word: as `str.casefold` gives it.
        occurrences: at least one, in the order of the texts.
    """

    word: str
    occurrences: tuple[Occurrence, ...]

    @cached_property
    def texts(self) -> int:
        """How many texts have the word."""
        return len({each.text for each in self.occurrences})

    @cached_property
    def mean(self) -> float:
        """The mean of its scores, of each occurrence one."""
        return float(self._scores.mean())

    @cached_property
    def positive(self) -> float:
        """The share of its scores that are above 0."""
        return float((self._scores > 0).mean())

    @cached_property
    def error(self) -> float:
        """The mean's standard error, for other texts of the kind; nan for a word of one text.

        Texts are drawn independently of each other and the words of a text are not, so that it is
        the error of a ratio of two sums over texts (Cochran, 1977, Sampling Techniques).
        Where no text has the word twice, it is the scores' standard deviation over the root of
        their number.
        """
        if self.texts < 2:
            return float("nan")
        _, text = np.unique([each.text for each in self.occurrences], return_inverse=True)
        sums = np.bincount(text, self._scores - self.mean)
        spread = (sums**2).sum() * self.texts / (self.texts - 1)
        return float(np.sqrt(spread) / len(self.occurrences))

    @property
    def _scores(self) -> np.ndarray:
        return np.array([each.score for each in self.occurrences], dtype=np.float64)


def gather(
    explanations: Sequence[Explanation], seen: Sequence[Sequence[int]], at_least: int = 1
) -> list[GlobalWord]:
    """The words of many texts, those with the largest mean first.

    Args:
        explanations: one a text, all of the same class, method and unit.
        seen: for each, the indices of the words that the model sees; the others have no score.
        at_least: how many times a word must stand there.
    """
    found: dict[str, list[Occurrence]] = defaultdict(list)
    for text, (explanation, indices) in enumerate(zip(explanations, seen, strict=True)):
        for at in indices:
            score = float(explanation.scores[at])
            found[explanation.words[at].casefold()].append(Occurrence(text, at, score))
    words = [
        GlobalWord(word, tuple(places)) for word, places in found.items() if len(places) >= at_least
    ]
    return sorted(words, key=lambda each: (-each.mean, each.word))


def seen_words(
    classifier: Predictor, texts: Sequence[str], *, pieces: bool = False
) -> list[tuple[int, ...]]:
    """For each text, the indices of the words that the model sees.

    Args:
        classifier: the model.
        texts: texts as written.
        pieces: whether each of the tokenizer's word pieces counts as a word.
    """
    encoded = classifier.encode(texts)
    return [(text.in_pieces() if pieces else text).visible_words for text in encoded]


def strongest(found: Sequence[GlobalWord], count: int) -> list[GlobalWord]:
    """The words with the largest means above 0 and those with the smallest below, in order."""
    above = [each for each in found if each.mean > 0]
    below = [each for each in found if each.mean < 0]
    return above[:count] + below[-count:]


def global_words(
    classifiers: Classifiers,
    texts: TextTable | Sequence[str],
    method: str = WORDS_METHOD,
    *,
    target: str | int | None = None,
    words: int | None = None,
    at_least: int = AT_LEAST,
    by: str | None = None,
    sample: int | None = WORDS_SAMPLE,
    seed: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> DataFrame:
    """A table of the words that speak for a class and of those that speak against it.

    Args:
        classifiers: one model, or several by name.
        texts: a table, or texts as written; no gold labels are needed.
        method: a key of `METHODS`.
        target: the class, by its label or index; None for the last one of the classes that the
            models share, and of a model with other classes its own last one. It is the same for
            all texts.
        words: how many words to list for the class, and how many against it; None for all.
        at_least: how many times a word must stand in the texts.
        by: what to slice by, see `slices`.
        sample: the most texts of a slice to explain; None for all.
        seed: which texts those are.
        progress: called with (texts done, texts in all).
        options: the method's own, and `pieces`.

    Returns:
        A row a model, slice and word, the largest mean first: `word`, regardless of case; `n`, how
        many times it stands there; `texts`, how many texts have it; `mean`, the mean of its scores
        for the class, in `unit`, logit or probability; `error`, the mean's standard error, nan for
        a word of one text; `positive`, the share of its scores that are above 0; `explained`, the
        slice's texts that were explained; `of`, the texts it has; `places`, those of the texts in
        the table that have the word. Words that the model does not see do not count.

    Raises:
        UserError: a method, a class, an option, a slice or a number is not there or wrong.
    """
    for name, number in (("words", words), ("at_least", at_least)):
        if number is not None and number < 1:
            raise UserError(f"{name} is {number}; give a number of at least 1.")
    table = texts if isinstance(texts, TextTable) else inputs.texts(texts)
    groups = slices(table, by)
    drawn = sampled(table.texts, groups, sample, seed)
    places = sorted({place for some in drawn.values() for place in some})
    picked = [table.texts[place] for place in places]
    shared = shared_models(classifiers)
    named = shared.classifiers
    targets = {
        name: each.task.target_index(_last(each, shared.labels) if target is None else target)
        for name, each in named.items()
    }
    pieces = PIECES.check(options.get(PIECES.name, PIECES.default))
    parts = Parts(progress, len(named) * len(places))
    rows = []
    for name, classifier in named.items():
        explanations = explain(
            classifier, picked, method, targets[name], progress=parts.next(len(places)), **options
        )
        visible = seen_words(classifier, picked, pieces=pieces)
        of_place = dict(zip(places, zip(explanations, visible, strict=True), strict=True))
        for value, some in drawn.items():
            chosen = [of_place[place] for place in some]
            found = gather([one for one, _ in chosen], [seen for _, seen in chosen], at_least)
            for each in found if words is None else strongest(found, words):
                rows.append(
                    {
                        "model": name,
                        "method": method,
                        "target": classifier.task.labels[targets[name]],
                        **slice_cell(by, value),
                        "word": each.word,
                        "n": len(each.occurrences),
                        "texts": each.texts,
                        "mean": each.mean,
                        "error": each.error,
                        "positive": each.positive,
                        "unit": explanations[0].unit,
                        "explained": len(some),
                        "of": len(groups[value]),
                        "places": tuple(sorted({some[one.text] for one in each.occurrences})),
                    }
                )
    return frame(rows)


def _last(classifier: Predictor, labels: Sequence[str]) -> str:
    return labels[-1] if labels[-1] in classifier.task.labels else classifier.task.labels[-1]
