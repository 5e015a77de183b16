"""Swaps the two sides of a contrast: "good but slow" to "slow but good"."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Change, Replacement, capitalized, starts_sentence
from lit_plugins.counterfactual.rules.article_agreement import put
from lit_plugins.counterfactual.rules.finite_verbs import finite_verb
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.counterfactual.rules.rule import Rule
from lit_plugins.lexicon.adjectives import ADJECTIVES
from lit_plugins.lexicon.function_words import (
    AUXILIARIES,
    DETERMINERS,
    SUBJECTS,
    is_adverb,
)
from lit_plugins.lexicon.words import SENTENCE_MARKS, listed

NAME = "contrast_swapped"

_BETWEEN = frozenset(listed("but yet whereas although though"))
_LEADING = frozenset(listed("although though while whereas"))
_STARTS = SUBJECTS | DETERMINERS | {"there"}
_THIRD = (
    frozenset(listed("it its itself")),
    frozenset(listed("he him his himself")),
    frozenset(listed("she her hers herself")),
    frozenset(listed("they them their theirs themselves")),
)
_POINTING = frozenset(listed("this that these those one so such none both neither"))
_STRANGE_MARKS = frozenset(';:()[]"“”—–')


_LONGEST = 60
_PERSONAL = frozenset(listed("i you he she it we they there"))
_OTHER_CLAUSES = frozenset(
    listed("that which who whose where when what how why if because as whether once until")
)


def find(text: str) -> list[Change]:
    """One change for each contrast whose sides are both qualities or both whole clauses."""
    reading = Reading(text)
    changes = []
    for index in range(len(reading)):
        replacement = _swapped(reading, index)
        if replacement is not None:
            changes.append(Change((replacement,), NAME))
    return changes


def _swapped(reading: Reading, index: int) -> Replacement | None:
    key = reading.key(index)
    if key in _LEADING and index == reading.sentence(index).start:
        return _after_leading(reading, index) if _is_alone(reading, index) else None
    if key not in _BETWEEN:
        return None
    qualities = _qualities(reading, index)
    if qualities or not _is_alone(reading, index):
        return qualities
    return _predicates(reading, index) or _clauses(reading, index)


def _qualities(reading: Reading, index: int) -> Replacement | None:
    """Swaps two qualities: good but slow; a good but very slow film."""
    last = index - 2 if reading.key(index - 1) == "," else index - 1
    if reading.key(last) not in ADJECTIVES or reading.key(index) == "whereas":
        return None
    first = _first_of_quality(reading, last)
    second = index + 1
    if reading.key(second) == "a" and reading.key(second + 1) in ("bit", "little"):
        second += 2
    second = reading.skip(second, 1, lambda other: _is_degree_of(reading, other))
    if reading.key(second) not in ADJECTIVES:
        return None
    after = reading.key(second + 1)
    before = reading.key(first - 1)
    attributive = before in DETERMINERS and reading.is_plain(second + 1)
    ends = reading.is_mark(second + 1) or after in ("and", "with", "for")
    if not (attributive or ends) or (before in DETERMINERS and not attributive):
        return None
    if before in ("and", ",", "or", "not", "n't", "more", "less", "'t"):
        # The quality is part of a longer list, or in the scope of a word before it.
        return None
    return _exchanged(reading, (first, last), (index + 1, second))


def _is_degree_of(reading: Reading, index: int) -> bool:
    key = reading.key(index)
    if key in ADJECTIVES and not reading.is_degree(index):
        return False
    if key == "pretty" and reading.key(index + 1) not in ADJECTIVES:
        return False
    return reading.is_degree(index) or (is_adverb(key) and key not in ("not", "never", "also"))


def _first_of_quality(reading: Reading, last: int) -> int:
    first = reading.skip(last - 1, -1, lambda other: _is_degree_of(reading, other)) + 1
    if reading.key(first - 1) in ("bit", "little") and reading.key(first - 2) == "a":
        first -= 2
    return first


def _exchanged(reading: Reading, one: tuple[int, int], other: tuple[int, int]) -> Replacement:
    """Swaps two runs of words, and adapts the capital and the article before them."""
    first, second = reading.written(*one), reading.written(*other)
    if starts_sentence(reading.text, reading.words[one[0]].start) and first[:1].isupper():
        if reading.key(one[0]).partition("'")[0] != "i" and not first.isupper():
            first = first[:1].lower() + first[1:]
        second = capitalized(second)
    between = reading.text[reading.words[one[1]].end : reading.words[other[0]].start]
    return put(reading, one[0], other[1], f"{second}{between}{first}")


def _predicates(reading: Reading, index: int) -> Replacement | None:
    """Swaps two predicates: it looks great but tastes awful; was cheap but works well."""
    sentence = reading.sentence(index)
    end = _end(reading, sentence)
    right = finite_verb(reading, index + 1)
    if reading.key(index) not in ("but", "yet") or right is None:
        return None
    last = index - 2 if reading.key(index - 1) == "," else index - 1
    for first in range(sentence.start, last):
        left = finite_verb(reading, first)
        if left is not None and left.first == first and left.form == right.form:
            break
        if reading.key(first) == {"third": "is", "past": "was"}.get(right.form, ""):
            break
        if reading.key(first) in AUXILIARIES or reading.is_negation(first):
            return None
    else:
        return None
    if any(reading.is_mark(other) for other in range(first, last + 1)):
        return None
    return _exchanged(reading, (first, last), (index + 1, end - 1))


def _is_alone(reading: Reading, index: int) -> bool:
    """Whether a sentence is short, has one contrast and only plain marks, and asks nothing."""
    if len(reading.sentence(index)) > _LONGEST:
        return False
    inside = [reading.key(other) for other in reading.sentence(index)]
    contrasts = sum(key in _BETWEEN | _LEADING or key in ("however", "despite") for key in inside)
    plain = all(_STRANGE_MARKS.isdisjoint(key) for key in inside)
    return contrasts == 1 and plain and not reading.is_question(index)


def _clauses(reading: Reading, index: int) -> Replacement | None:
    """Swaps two clauses: I liked the food, but the service was slow."""
    sentence = reading.sentence(index)
    end = _end(reading, sentence)
    last = index - 1
    while last >= sentence.start and reading.key(last) == ",":
        last -= 1
    if last <= sentence.start or index + 1 >= end:
        return None
    left, right = (sentence.start, last), (index + 1, end - 1)
    if reading.key(index) == "yet" and reading.key(index - 1) != ",":
        return None
    return _both(reading, sentence, left, right)


def _after_leading(reading: Reading, index: int) -> Replacement | None:
    """Swaps two clauses of which the first is led: although the plot is thin, the cast shines."""
    sentence = reading.sentence(index)
    end = _end(reading, sentence)
    commas = [other for other in range(index, end) if reading.key(other) == ","]
    if len(commas) != 1 or commas[0] <= index + 2 or commas[0] + 1 >= end:
        return None
    return _both(reading, sentence, (index + 1, commas[0] - 1), (commas[0] + 1, end - 1))


def _end(reading: Reading, sentence: range) -> int:
    """The end of a sentence's words, without the marks that end it."""
    end = sentence.stop
    while end > sentence.start and reading.words[end - 1].text[0] in SENTENCE_MARKS:
        end -= 1
    return end


def _both(
    reading: Reading, sentence: range, left: tuple[int, int], right: tuple[int, int]
) -> Replacement | None:
    if not (_is_clause(reading, *left) and _is_clause(reading, *right)):
        return None
    if _points_back(reading, left, right):
        return None
    return _exchanged(reading, left, right)


def _is_clause(reading: Reading, first: int, last: int) -> bool:
    """Whether words are a whole clause: a subject, and a finite verb of the clause itself."""
    key = reading.key(first)
    if key in _PERSONAL or key.partition("'")[0] in _PERSONAL:
        return last > first
    known = key in _STARTS and (reading.is_plain(first + 1) or reading.key(first + 1) in _STARTS)
    # A capitalized first word may be a name, whose capital must stay. So only lower case may move.
    small = reading.is_plain(first) and reading.words[first].text.islower()
    if not (known or small):
        return False
    finite = sum(_is_finite(reading, index) for index in range(first + 1, last + 1))
    led = sum(reading.key(index) in _OTHER_CLAUSES for index in range(first + 1, last + 1))
    return finite > led


def _is_finite(reading: Reading, index: int) -> bool:
    key = reading.key(index)
    if key == "'s":
        return reading.key(index - 1) in SUBJECTS | {"there"}
    if key in AUXILIARIES - {"be", "been", "being"} or key.endswith(("n't", "'re")):
        return True
    return finite_verb(reading, index) is not None


def _points_back(reading: Reading, left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Whether the second clause depends on the first: by a pronoun, or by a word such as "too"."""
    before = {key.split("'")[0] for key in reading.keys[left[0] : left[1] + 1]}
    after = {key.split("'")[0] for key in reading.keys[right[0] : right[1] + 1]}
    if any(after & group and not before & group for group in _THIRD):
        return True
    leaning = _POINTING - {"so", "such", "this", "that"} | {"too", "also", "otherwise", "instead"}
    starts = reading.key(right[0]) in _POINTING and reading.key(right[0]) not in before
    return starts or bool(after & leaning - before)


RULE = Rule(
    NAME,
    "Contrast swapped",
    'Swaps the two sides of a contrast, because the second has more weight: "good but slow" to '
    '"slow but good".',
    "weaker",
    find,
)
