"""Global words: the mean of each word's scores for one class over many texts.

All texts are explained for the same class, because scores for different classes cannot be added
up, and the predicted class changes from text to text. Words are compared regardless of case, and
every occurrence counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lit_plugins.errors import UserError
from lit_plugins.evaluate.inputs import Classifiers, Table, shared_models, slices, table_of
from lit_plugins.evaluate.sampling import sampled
from lit_plugins.evaluate.tables import Parts, frame, slice_cell
from lit_plugins.explain import PIECES, Explanation, explain
from lit_plugins.models.predictor import Predictor
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame

WORDS_METHOD = "integrated_gradients"
"""Default method: quick, and additive in logits, which do not saturate as probabilities do."""

WORDS_SAMPLE = 200
"""Default number of texts of each slice that are explained."""

AT_LEAST = 3
"""Default for the fewest occurrences of a word to list; a mean of fewer scores says little."""


class Occurrence(NamedTuple):
    """One occurrence of a word in a text.

    Attributes:
        text: the index of the text's explanation.
        at: the index of the word in that explanation.
        score: the word's score for the class in that explanation.
    """

    text: int
    at: int
    score: float


@dataclass(frozen=True)
class GlobalWord:
    """A word and all its occurrences.

    Attributes:
        word: the word in the form of `str.casefold`.
        occurrences: at least one, in the order of the texts.
    """

    word: str
    occurrences: tuple[Occurrence, ...]

    @cached_property
    def texts(self) -> int:
        """The number of texts that have the word."""
        return len({occurrence.text for occurrence in self.occurrences})

    @cached_property
    def mean(self) -> float:
        """The mean of the word's scores, one for each occurrence."""
        return float(self._scores.mean())

    @cached_property
    def positive(self) -> float:
        """The share of the word's scores that are above 0."""
        return float((self._scores > 0).mean())

    @cached_property
    def error(self) -> float:
        """The standard error of the mean; nan for a word of a single text.

        Texts are drawn independently of each other, but occurrences within a text are not. The
        mean is therefore treated as a ratio of two sums over texts (Cochran, 1977, Sampling
        Techniques). Where no text has the word twice, the error is the scores' standard deviation
        divided by the square root of their number.
        """
        if self.texts < 2:
            return float("nan")
        texts = [occurrence.text for occurrence in self.occurrences]
        _, text = np.unique(texts, return_inverse=True)
        sums = np.bincount(text, self._scores - self.mean)
        spread = (sums**2).sum() * self.texts / (self.texts - 1)
        return float(np.sqrt(spread) / len(self.occurrences))

    @property
    def _scores(self) -> np.ndarray:
        scores = [occurrence.score for occurrence in self.occurrences]
        return np.array(scores, dtype=np.float64)


def gather(
    explanations: Sequence[Explanation], seen: Sequence[Sequence[int]], at_least: int = 1
) -> list[GlobalWord]:
    """The words of many texts, sorted by mean score from the largest down.

    Args:
        explanations: one for each text, all of the same class, method and unit.
        seen: for each text, the indices of the words that the model sees; other words are skipped.
        at_least: the fewest occurrences of a word to list.
    """
    by_word: dict[str, list[Occurrence]] = defaultdict(list)
    for text, (explanation, indices) in enumerate(zip(explanations, seen, strict=True)):
        for index in indices:
            score = float(explanation.scores[index])
            by_word[explanation.words[index].casefold()].append(Occurrence(text, index, score))
    words = [
        GlobalWord(word, tuple(occurrences))
        for word, occurrences in by_word.items()
        if len(occurrences) >= at_least
    ]
    return sorted(words, key=lambda word: (-word.mean, word.word))


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
    """The `count` words of largest positive mean and the `count` of most negative mean, in order.

    Args:
        found: words sorted by mean score from the largest down, as `gather` returns them.
        count: the most words of either sign.
    """
    above = [word for word in found if word.mean > 0]
    below = [word for word in found if word.mean < 0]
    return above[:count] + below[-count:]


def global_words(
    classifiers: Classifiers,
    texts: Table,
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
    """A table of the words that speak for a class and the words that speak against it.

    Args:
        classifiers: one model, or several by name.
        texts: a table, or texts as written; no gold labels are needed.
        method: a key of `METHODS`.
        target: the class, by its label or index. None for the last of the classes that the models
            share; a model with other classes takes its own last class. All texts are explained
            for the same class.
        words: how many words to list for the class, and how many against it; None for all.
        at_least: the fewest occurrences of a word to list.
        by: what to slice by, see `slices`.
        sample: the most texts of a slice to explain; None for all.
        seed: the seed that draws the sample.
        progress: called with (texts done, texts in all).
        options: the method's own options, and `pieces`.

    Returns:
        A row for each model, slice and word, sorted by mean from the largest down: `word`,
        casefolded; `n`, the number of its occurrences; `texts`, the number of texts that have it;
        `mean`, the mean of its scores for the class, in `unit` (logit or probability); `error`,
        the standard error of the mean, nan for a word of a single text; `positive`, the share of
        its scores that are above 0; `explained`, the number of texts of the slice that were
        explained; `of`, the number of all its texts; `places`, the indices in the table of the
        texts that have the word. Words that the model does not see do not count.

    Raises:
        UserError: a method, class, option or slice does not exist, or a number is out of range.
    """
    for name, number in (("words", words), ("at_least", at_least)):
        if number is not None and number < 1:
            raise UserError(f"{name} is {number}; give a number of at least 1.")
    table = table_of(texts)
    groups = slices(table, by)
    drawn = sampled(table.texts, groups, sample, seed)
    places = sorted({place for some in drawn.values() for place in some})
    picked = [table.texts[place] for place in places]
    shared = shared_models(classifiers)
    named = shared.classifiers
    targets = {
        name: model.task.labels[
            model.task.target_index(_last(model, shared.labels) if target is None else target)
        ]
        for name, model in named.items()
    }
    if len({label for name, label in targets.items() if name not in shared.apart}) > 1:
        raise UserError(
            f"The class {target!r} is an index, and the models have their classes in different "
            f"orders; give a name: {', '.join(shared.labels)}."
        )
    pieces = PIECES.check(options.get(PIECES.name, PIECES.default))
    parts = Parts(progress, len(named) * len(places))
    rows = []
    for name, classifier in named.items():
        explanations = explain(
            classifier, picked, method, targets[name], progress=parts.next(len(places)), **options
        )
        visible = seen_words(classifier, picked, pieces=pieces)
        of_place = dict(zip(places, zip(explanations, visible, strict=True), strict=True))
        for value, slice_places in drawn.items():
            chosen = [of_place[place] for place in slice_places]
            gathered = gather(
                [explanation for explanation, _ in chosen], [seen for _, seen in chosen], at_least
            )
            for word in gathered if words is None else strongest(gathered, words):
                rows.append(
                    {
                        "model": name,
                        "method": method,
                        "target": targets[name],
                        **slice_cell(by, value),
                        "word": word.word,
                        "n": len(word.occurrences),
                        "texts": word.texts,
                        "mean": word.mean,
                        "error": word.error,
                        "positive": word.positive,
                        "unit": explanations[0].unit,
                        "explained": len(slice_places),
                        "of": len(groups[value]),
                        "places": tuple(
                            sorted({slice_places[place.text] for place in word.occurrences})
                        ),
                    }
                )
    return frame(rows)


def _last(classifier: Predictor, labels: Sequence[str]) -> str:
    return labels[-1] if labels[-1] in classifier.task.labels else classifier.task.labels[-1]
