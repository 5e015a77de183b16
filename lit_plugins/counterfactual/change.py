"""A text with some of its words changed: what changes are, which go together, what they make.

White space and capitals are looked after here, once for all methods: a change names words only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import regex

from lit_plugins.text.encoded import Span, find_words, trim

Replacement = tuple[Span, str]

_CLOSING = frozenset(".,;:!?…%)]}”’»。、，！？")
_OPENING = frozenset("([{“‘«¿¡")
_ARTICLES = frozenset(("a", "an"))
_QUOTES = frozenset("\"'")
_SENTENCE_END = frozenset(".!?…")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")


@dataclass(frozen=True)
class Change:
    """One thing that may be done to a text.

    Attributes:
        replacements: spans of the text as written and what is to stand there, in order, none over
            another. Nothing in place of a span deletes it: then the span is that of the words,
            and `apply` takes the white space. An empty span inserts.
        rule: what made it, for people and for counting; "" for none.
        gain: how much is hoped of it; larger is better, in the unit of whoever made it.
    """

    replacements: tuple[Replacement, ...]
    rule: str = ""
    gain: float = 0.0


@dataclass(frozen=True)
class Edit:
    """One place in which a new text differs from the old one.

    Attributes:
        old: its characters in the old text.
        new: its characters in the new text.
        old_text: what stood there, white space that went with it included.
        new_text: what stands there now.
        rule: the rule of the change that it comes from; of several, joined by ", ".
    """

    old: Span
    new: Span
    old_text: str
    new_text: str
    rule: str = ""

    @property
    def size(self) -> int:
        """Words that differ, of the longer side, at least 1; case, and "a" for "an", aside."""
        old, new = self._differing()
        return max(len(find_words(old)), len(find_words(new)), 1)

    def describe(self) -> str:
        """The edit in some words: `"good" → "bad"`, `"very" left out` or `"not" put in`."""
        old, new = self._differing()
        if old and not new:
            return f'"{old}" left out'
        if new and not old:
            return f'"{new}" put in'
        return f'"{self.old_text.strip()}" → "{self.new_text.strip()}"'

    def _differing(self) -> tuple[str, str]:
        """What is left of both sides without the words at their ends that are the same."""
        old, new = find_words(self.old_text), find_words(self.new_text)
        for position in (0, -1):
            while old and new and _same(self.old_text, old[position], self.new_text, new[position]):
                del old[position], new[position]
        return _between(self.old_text, old), _between(self.new_text, new)


class _Part(NamedTuple):
    start: int
    end: int
    new: str
    rule: str


def deletion(text: str, span: Span, rule: str = "", gain: float = 0.0) -> Change:
    """The change that takes the words of a span away."""
    return Change(((trim(text, span), ""),), rule, gain)


def substitution(text: str, span: Span, word: str, rule: str = "", gain: float = 0.0) -> Change:
    """The change that puts a word in place of a span, in the case of what stands there."""
    start, end = trim(text, span)
    return Change((((start, end), in_case_of(word, text[start:end])),), rule, gain)


def compatible(one: Change, other: Change) -> bool:
    """Whether `apply` takes both at once: they share no character and no place to insert."""
    return not any(
        first == second or (first[0] < second[1] and second[0] < first[1])
        for first, _ in one.replacements
        for second, _ in other.replacements
    )


def apply(text: str, changes: Iterable[Change]) -> tuple[str, tuple[Edit, ...]]:
    """The text with the changes made, in whatever order they are given.

    A word that goes takes the white space of one side with it, and hands the capital of a
    sentence's first word on. Words that go side by side are one edit, as are a word that goes and
    one that comes in its place, or one that gets its capital; other edits stay apart.

    Args:
        text: the text as written.
        changes: what to do; see `compatible`.

    Returns:
        The new text and its edits in order, none without effect.

    Raises:
        ValueError: two replacements lie over each other, or one outside of the text.
    """
    parts = _with_capitals(text, _with_space(text, _joined(text, _sorted(text, changes))))
    pieces: list[str] = []
    edits: list[Edit] = []
    position = length = 0
    for start, end, new, rule in parts:
        pieces += (text[position:start], new)
        length += start - position
        if text[start:end] != new:
            span = length, length + len(new)
            edits.append(Edit((start, end), span, text[start:end], new, rule))
        length += len(new)
        position = end
    pieces.append(text[position:])
    return "".join(pieces), tuple(edits)


def in_case_of(word: str, like: str) -> str:
    """A word in lower case, with a capital or in capitals, as another is; "I" stays as it is."""
    if not any(char.isalpha() for char in like) or word == "I" or word[:2] in ("I'", "I’"):
        return word
    if like.isupper() and sum(char.isalpha() for char in like) > 1:
        return word.upper()
    if like.islower():
        return word.lower()
    if like[:1].isupper() and (len(like) == 1 or like[1:].islower()):
        return capitalized(word.lower())
    return word


def capitalized(word: str) -> str:
    """The word with a capital first letter and the rest as it is."""
    return word[:1].upper() + word[1:]


def starts_sentence(text: str, position: int) -> bool:
    """Whether a sentence starts there: nothing, or the end of another sentence, is before it."""
    before = position - 1
    while before >= 0 and (
        text[before].isspace() or text[before] in _OPENING or text[before] in _QUOTES
    ):
        before -= 1
    return before < 0 or text[before] in _SENTENCE_END


def _same(one: str, first: Span, other: str, second: Span) -> bool:
    words = one[slice(*first)].casefold(), other[slice(*second)].casefold()
    return words[0] == words[1] or _ARTICLES.issuperset(words)


def _between(text: str, words: list[Span]) -> str:
    return text[words[0][0] : words[-1][1]] if words else ""


def _sorted(text: str, changes: Iterable[Change]) -> list[_Part]:
    parts = []
    for change in changes:
        for span, new in change.replacements:
            start, end = span if new else trim(text, span)
            if new or start < end:
                parts.append(_Part(start, end, new, change.rule))
    parts.sort(key=lambda part: part[:2])
    for before, after in zip(parts, parts[1:], strict=False):
        if after.start < before.end or after[:2] == before[:2]:
            raise ValueError(f"Changes at {before[:2]} and {after[:2]} lie over each other.")
    if parts and (parts[0].start < 0 or parts[-1].end > len(text)):
        raise ValueError(f"A change lies outside of the text's {len(text)} characters.")
    return parts


def _joined(text: str, parts: list[_Part]) -> list[_Part]:
    """Words that go side by side as one part, and so a word that goes and what is put there."""
    joined: list[_Part] = []
    for part in parts:
        before = joined[-1] if joined else None
        if before is None:
            joined.append(part)
        elif not (before.new or part.new or text[before.end : part.start].strip()):
            joined[-1] = _Part(before.start, part.end, "", _rules(before, part))
        elif before.end == part.start and _is_insertion_and_deletion(before, part):
            new = (before.new or part.new).strip()
            joined[-1] = _Part(before.start, part.end, new, _rules(before, part))
        else:
            joined.append(part)
    return joined


def _is_insertion_and_deletion(one: _Part, other: _Part) -> bool:
    return (one.start == one.end and not other.new) or (other.start == other.end and not one.new)


def _rules(*parts: _Part) -> str:
    return ", ".join(dict.fromkeys(part.rule for part in parts if part.rule))


def _with_space(text: str, parts: list[_Part]) -> list[_Part]:
    """The parts, those that go with the white space that goes with them."""
    spaced = []
    for index, part in enumerate(parts):
        if not part.new:
            low = parts[index - 1].end if index else 0
            high = parts[index + 1].start if index + 1 < len(parts) else len(text)
            part = _spaced(text, part, low, high)
        spaced.append(part)
    return spaced


def _spaced(text: str, part: _Part, low: int, high: int) -> _Part:
    start, end = part.start, part.end
    while start > low and text[start - 1].isspace():
        start -= 1
    while end < high and text[end].isspace():
        end += 1
    left, right = start < part.start, end > part.end
    first, last = start == 0, end == len(text)
    if first or (not left and _opens(text, start)):
        # The indent of a whole text stays, unless nothing else does.
        return part._replace(start=start if last else part.start, end=end)
    if last or (not right and _closes(text, end)):
        return part._replace(start=start, end=part.end if last else end)
    if left and right:
        keeps_right = "\n" in text[part.end : end] and "\n" not in text[start : part.start]
        return part._replace(start=start) if keeps_right else part._replace(end=end)
    if not left and not right and _would_join(text, part):
        return part._replace(new=" ")
    return part


def _opens(text: str, end: int) -> bool:
    """Whether what ends there opens something, so that no space follows it."""
    char = text[end - 1]
    if char in _QUOTES:
        return end == 1 or text[end - 2].isspace() or text[end - 2] in _OPENING
    return char in _OPENING


def _closes(text: str, start: int) -> bool:
    """Whether what starts there closes something, so that no space is before it."""
    char = text[start]
    if char in _QUOTES:
        after = text[start + 1 : start + 2]
        return not after or after.isspace() or after in _CLOSING
    return char in _CLOSING


def _would_join(text: str, part: _Part) -> bool:
    """Whether two words would become one without what stands between them."""
    before, after = text[part.start - 1], text[part.end]
    inside = before.isalnum() and text[part.start].isalnum()
    spaced = not (_UNSPACED.match(before) or _UNSPACED.match(after))
    return before.isalnum() and after.isalnum() and spaced and not inside


def _with_capitals(text: str, parts: list[_Part]) -> list[_Part]:
    """The parts, with the capital of a sentence's first word handed on where that word goes."""
    handed = list(parts)
    for index, part in enumerate(parts):
        if part.new.strip() or not text[part.start : part.end].strip()[:1].isupper():
            continue
        if not starts_sentence(text, part.start):
            continue
        after = handed[index + 1] if index + 1 < len(handed) else None
        if after is not None and after.start == part.end:
            handed[index + 1] = after._replace(new=_with_capital(after.new))
            continue
        end = part.end
        limit = len(text) if after is None else after.start
        while end < limit and (text[end].isalnum() or text[end] in "'’-"):
            end += 1
        word = text[part.end : end]
        if _with_capital(word) != word:
            handed[index] = part._replace(end=end, new=part.new + _with_capital(word))
    return handed


def _with_capital(word: str) -> str:
    first = word.split(None, 1)[0] if word.split() else ""
    return capitalized(word) if first.islower() else word
