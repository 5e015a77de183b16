"""Analysis of a text for the rules: its words, sentences and clauses, and the kinds of words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from itertools import accumulate, groupby
from typing import Literal

from lit_plugins.lexicon.adjectives import ADJECTIVES, OF_OTHER_KINDS
from lit_plugins.lexicon.contrasts import CONTRASTS
from lit_plugins.lexicon.degree import AMPLIFIERS, BEFORE_A_QUALITY, DOWNTONERS
from lit_plugins.lexicon.fixed import FIXED
from lit_plugins.lexicon.function_words import (
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    FUNCTION_WORDS,
    PREPOSITIONS,
    is_adverb,
)
from lit_plugins.lexicon.phenomena import is_negation
from lit_plugins.lexicon.polarity import polarity
from lit_plugins.lexicon.verbs import LINKING_FORMS, READ
from lit_plugins.lexicon.words import CLAUSE_MARKS, SENTENCE_MARKS, listed, words_of
from lit_plugins.text.encoded import Span

_DEGREE = AMPLIFIERS | DOWNTONERS | BEFORE_A_QUALITY
_FAR = 12
"""How far, in words, to look around a word. It keeps the time per word constant in long texts."""
_OBJECTS = frozenset(listed("me you us him her it them"))
_MAKING = frozenset(listed("make makes made find finds found call calls called"))
_SHORT_BE = ("'s", "'re", "'m")


class Reading:
    """The words of a text, and their properties. Methods take the index of a word.

    Attributes:
        text: the text as written.
        words: the text's words.
        keys: the words in the form in which word lists have them.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words_of(text)
        self.keys = [word.key for word in self.words]

    def __len__(self) -> int:
        return len(self.words)

    def key(self, index: int) -> str:
        """A word's form in the word lists; "" before the first word and after the last."""
        return self.keys[index] if 0 <= index < len(self.keys) else ""

    def span(self, first: int, last: int) -> Span:
        """The span of characters from one word to another, both included."""
        return self.words[first].start, self.words[last].end

    def written(self, first: int, last: int) -> str:
        """The text from one word to another, both included."""
        start, end = self.span(first, last)
        return self.text[start:end]

    @cached_property
    def apostrophe(self) -> str:
        """The apostrophe that the text is written with."""
        return "’" if "’" in self.text and "'" not in self.text else "'"

    def is_mark(self, index: int) -> bool:
        """Whether a word is a mark, or its index is outside of the text."""
        return not 0 <= index < len(self.words) or self.words[index].is_mark

    def is_plain(self, index: int) -> bool:
        """Whether a word is neither a mark nor a function word, such as a noun."""
        return not self.is_mark(index) and self.key(index) not in FUNCTION_WORDS

    @cached_property
    def _sentences(self) -> list[range]:
        """The sentence of each word. The marks at its end belong to a sentence."""
        numbers: list[int] = []
        number = 0
        for index, word in enumerate(self.words):
            ended = index > 0 and self.words[index - 1].text[0] in SENTENCE_MARKS
            between = self.text[self.words[index - 1].end : word.start] if index else ""
            if (ended and not word.is_mark) or "\n" in between:
                number += 1
            numbers.append(number)
        return _runs(numbers)

    @cached_property
    def _clauses(self) -> list[range]:
        """The clause of each word.

        Marks and contrast words separate clauses; each of them is a clause by itself.
        """
        numbers: list[int] = []
        number = 0
        for index in range(len(self.words)):
            if index and self._sentences[index] != self._sentences[index - 1]:
                number += 1
            number += 2 * self._parts(index)
            numbers.append(number - self._parts(index))
        return _runs(numbers)

    def _parts(self, index: int) -> bool:
        if self.words[index].is_mark:
            return self.key(index)[0] in CLAUSE_MARKS or self.key(index)[0] in SENTENCE_MARKS
        return self.key(index) in CONTRASTS or self.key(index) in ("because", "while", "whereas")

    @cached_property
    def _negations(self) -> list[int]:
        """Number of negating words before each word, and in the whole text at the end."""
        negate = (is_negation(self.words, index) for index in range(len(self.words)))
        return list(accumulate(negate, initial=0))

    @cached_property
    def _judging(self) -> list[int]:
        """Number of judging words before each word, and in the whole text at the end."""
        return list(accumulate((polarity(key) != 0 for key in self.keys), initial=0))

    def sentence(self, index: int) -> range:
        """The indices of the words in a word's sentence."""
        return self._sentences[index]

    def clause(self, index: int) -> range:
        """The indices of the words in a word's clause."""
        return self._clauses[index]

    def starts_clause(self, index: int) -> bool:
        """Whether a word is the first of its clause."""
        return self.clause(index).start == index

    def is_question(self, index: int) -> bool:
        """Whether a word's sentence is a question."""
        return any(self.key(other).startswith("?") for other in self.sentence(index)[-3:])

    def is_negation(self, index: int) -> bool:
        """Whether a word negates."""
        return 0 <= index < len(self.words) and self.negations(range(index, index + 1)) > 0

    def negations(self, words: range) -> int:
        """Number of negating words in a run of words."""
        return self._negations[words.stop] - self._negations[words.start]

    def is_negated(self, index: int) -> bool:
        """Whether a word's clause has a negation."""
        return self.negations(self.clause(index)) > 0

    def judges(self, first: int) -> bool:
        """Whether any word judges, from a first one to the end of its clause."""
        if not 0 <= first < len(self.words):
            return False
        return self._judging[self.clause(first).stop] > self._judging[first]

    def is_degree(self, index: int) -> bool:
        """Whether a word is a word of degree, such as "very"."""
        return self.key(index) in _DEGREE

    def is_be(self, index: int) -> bool:
        """Whether a word is a form of "be", or ends in a contracted one."""
        return self.key(index) in BE or self.key(index).endswith(_SHORT_BE)

    def is_fixed(self, index: int) -> bool:
        """Whether a word is part of a fixed pair with a meaning of its own: good luck, hot dog."""
        pairs = ((self.key(index), self.key(index + 1)), (self.key(index - 1), self.key(index)))
        return any(" ".join(pair) in FIXED for pair in pairs)

    def skip(self, index: int, step: Literal[1, -1], passes: Callable[[int], bool]) -> int:
        """The index of the next word that does not pass, at most a few words away.

        Args:
            index: the first word to try.
            step: 1 to go on to the end of the text, -1 to go back to its start.
            passes: called with the index of a word.
        """
        end = index + step * _FAR
        while index != end and passes(index):
            index += step
        return index

    def before_degree(self, index: int) -> int:
        """The index of the last word before a word that is no word of degree and no adverb."""
        return self.skip(
            index - 1, -1, lambda other: self.is_degree(other) or is_adverb(self.key(other))
        )

    def is_predicative(self, index: int) -> bool:
        """Whether a word follows a form of "be" or of a verb like "look": looks cheap but good."""
        before = self.before_degree(index)
        while (
            self.key(before) in ("and", "but", "yet", "or", ",")
            and self.key(before - 1) in ADJECTIVES
            and index - before < _FAR
        ):
            before = self.before_degree(before - 1)
        if before < 0:
            return False
        if self.key(before) in _OBJECTS:
            return self.key(before - 1) in _MAKING
        return self.is_be(before) or self.key(before) in LINKING_FORMS

    def is_attributive(self, index: int) -> bool:
        """Whether a word is between a determiner, or the start of a clause, and a noun."""
        if not self.is_plain(index + 1) or self.key(index + 1) in READ:
            return False
        before = self.before_degree(index)
        while index - _FAR < before >= 0 and (
            self.key(before) in ADJECTIVES
            or (
                self.key(before) in ("and", "but", "yet", ",")
                and self.key(before - 1) in ADJECTIVES
            )
        ):
            before = self.before_degree(before)
        return before < 0 or self.key(before) in DETERMINERS or self.is_mark(before)

    def is_adjective(self, index: int) -> bool:
        """Whether a word is a known adjective, and its neighbours do not contradict that."""
        key = self.key(index)
        if key not in ADJECTIVES or self.is_fixed(index):
            return False
        after = self.key(index + 1)
        if key == "pretty" and (after in ADJECTIVES or is_adverb(after)):
            return False
        if key not in OF_OTHER_KINDS:
            return True
        ends = self.is_mark(index + 1) or after in CONJUNCTIONS
        if self.is_predicative(index):
            if key.endswith("ing"):
                return ends
            return ends or after in PREPOSITIONS or after in FUNCTION_WORDS
        if self.is_attributive(index):
            return True
        return ends and self.starts_clause(self.before_degree(index) + 1)


def _runs(numbers: list[int]) -> list[range]:
    """For each number, the indices of the run of equal numbers around it."""
    runs: list[range] = []
    for _, group in groupby(range(len(numbers)), numbers.__getitem__):
        first, *rest = group
        run = range(first, first + 1 + len(rest))
        runs += [run] * len(run)
    return runs
