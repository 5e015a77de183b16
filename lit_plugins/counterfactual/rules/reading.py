"""How the rules read a text: its words, sentences and clauses, and what kind a word is."""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate, groupby

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
# Words that a place is looked for within, so that a long text takes no longer a word than a short.
_FAR = 12
_OBJECTS = frozenset(listed("me you us him her it them"))
_MAKING = frozenset(listed("make makes made find finds found call calls called"))
_SHORT_BE = ("'s", "'re", "'m")


class Reading:
    """A text as its words, with what the rules ask of them; words are given by index.

    Attributes:
        text: as it is written.
        words: its words.
        keys: its words as they are looked up.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words_of(text)
        self.keys = [word.key for word in self.words]

    def __len__(self) -> int:
        return len(self.words)

    def key(self, index: int) -> str:
        """The word as it is looked up; "" before the first and after the last."""
        return self.keys[index] if 0 <= index < len(self.keys) else ""

    def span(self, first: int, last: int) -> Span:
        """The characters from one word to another, both included."""
        return self.words[first].start, self.words[last].end

    def written(self, first: int, last: int) -> str:
        """What stands from one word to another, both included."""
        start, end = self.span(first, last)
        return self.text[start:end]

    def is_mark(self, index: int) -> bool:
        """Whether it is a mark, or outside of the text."""
        return not 0 <= index < len(self.words) or self.words[index].is_mark

    def is_plain(self, index: int) -> bool:
        """Whether it is a word that is no mark and no word of grammar: a noun, say."""
        return not self.is_mark(index) and self.key(index) not in FUNCTION_WORDS

    @cached_property
    def _sentences(self) -> list[range]:
        """For each word its sentence; the marks at its end belong to it."""
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
        """For each word its clause; marks and contrast words part clauses, and stand alone."""
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
        """How many words up to each one negate, one more than there are words."""
        negate = (is_negation(self.words, index) for index in range(len(self.words)))
        return list(accumulate(negate, initial=0))

    @cached_property
    def _judging(self) -> list[int]:
        """How many words up to each one judge, one more than there are words."""
        return list(accumulate((polarity(key) != 0 for key in self.keys), initial=0))

    def sentence(self, index: int) -> range:
        """The words of the sentence that a word is in."""
        return self._sentences[index]

    def clause(self, index: int) -> range:
        """The words of the clause that a word is in."""
        return self._clauses[index]

    def starts_clause(self, index: int) -> bool:
        """Whether it is the first word of its clause."""
        return self.clause(index).start == index

    def is_question(self, index: int) -> bool:
        """Whether its sentence asks."""
        return any(self.key(other).startswith("?") for other in self.sentence(index)[-3:])

    def is_negation(self, index: int) -> bool:
        """Whether it negates."""
        return 0 <= index < len(self.words) and self.negations(range(index, index + 1)) > 0

    def negations(self, words: range) -> int:
        """How many of a run of words negate."""
        return self._negations[words.stop] - self._negations[words.start]

    def is_negated(self, index: int) -> bool:
        """Whether its clause has a negation."""
        return self.negations(self.clause(index)) > 0

    def judges(self, first: int) -> bool:
        """Whether a word from there to the end of the clause judges."""
        if not 0 <= first < len(self.words):
            return False
        return self._judging[self.clause(first).stop] > self._judging[first]

    def is_degree(self, index: int) -> bool:
        """Whether it says how much."""
        return self.key(index) in _DEGREE

    def is_be(self, index: int) -> bool:
        """Whether it is a form of "be", or ends in a short one."""
        return self.key(index) in BE or self.key(index).endswith(_SHORT_BE)

    def is_fixed(self, index: int) -> bool:
        """Whether it means something else with the word beside it: good luck, hot dog."""
        pairs = ((self.key(index), self.key(index + 1)), (self.key(index - 1), self.key(index)))
        return any(" ".join(pair) in FIXED for pair in pairs)

    def before_degree(self, index: int) -> int:
        """The last word before it that does not say how much or in which manner."""
        index -= 1
        least = max(index - _FAR, -1)
        while index > least and (self.is_degree(index) or is_adverb(self.key(index))):
            index -= 1
        return index

    def is_predicative(self, index: int) -> bool:
        """Whether a form of "be" or of "look" leads to it: is good, looks cheap but good."""
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
        """Whether it stands between a determiner, or the start of a clause, and a noun."""
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
        """Whether it is a known adjective, and its neighbours do not speak against that."""
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
    """For each place the run of equal numbers that it is in."""
    runs: list[range] = []
    for _, group in groupby(range(len(numbers)), numbers.__getitem__):
        first, *rest = group
        run = range(first, first + 1 + len(rest))
        runs += [run] * len(run)
    return runs
