"""Changes of a text's words: what they are, which are compatible, and how they are applied.

Changes name words only. This module adapts white space and capitals, for all methods.
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
    """One possible change of a text.

    Attributes:
        replacements: spans of the text as written, each with its new text. They are in order and do
            not overlap. An empty new text deletes the span's words, and `apply` removes the white
            space that is no longer needed. An empty span inserts the new text.
        rule: name of the rule that made the change, for people and for counting; "" for none.
        gain: the expected effect, in a unit of the method's choice; larger is better.
    """

    replacements: tuple[Replacement, ...]
    rule: str = ""
    gain: float = 0.0


@dataclass(frozen=True)
class Edit:
    """One place in which a new text differs from the old one.

    Attributes:
        old: the edit's characters in the old text.
        new: the edit's characters in the new text.
        old_text: the old text of these characters, with the white space that was removed.
        new_text: the new text of these characters.
        rule: the rules of the changes behind the edit, joined by ", ".
    """

    old: Span
    new: Span
    old_text: str
    new_text: str
    rule: str = ""

    @property
    def size(self) -> int:
        """Number of words that differ, on the side that has more of them; at least 1.

        Case and the choice between "a" and "an" do not count.
        """
        old, new = self._differing()
        return max(len(find_words(old)), len(find_words(new)), 1)

    def describe(self) -> str:
        """The edit in a few words: `"good" → "bad"`, `"very" left out` or `"not" put in`."""
        old, new = self._differing()
        if old and not new:
            return f'"{old}" left out'
        if new and not old:
            return f'"{new}" put in'
        return f'"{self.old_text.strip()}" → "{self.new_text.strip()}"'

    def _differing(self) -> tuple[str, str]:
        """The old and the new text without equal words at the start and at the end."""
        old, new = find_words(self.old_text), find_words(self.new_text)
        for end in (0, -1):
            while old and new and _same(self.old_text, old[end], self.new_text, new[end]):
                del old[end], new[end]
        return _between(self.old_text, old), _between(self.new_text, new)


class _Part(NamedTuple):
    start: int
    end: int
    new: str
    rule: str


def deletion(text: str, span: Span, rule: str = "", gain: float = 0.0) -> Change:
    """Makes a change that deletes the words of a span."""
    return Change(((trim(text, span), ""),), rule, gain)


def substitution(text: str, span: Span, word: str, rule: str = "", gain: float = 0.0) -> Change:
    """Makes a change that replaces a span by a word, in the case of the old text."""
    start, end = trim(text, span)
    return Change((((start, end), in_case_of(word, text[start:end])),), rule, gain)


def compatible(one: Change, other: Change) -> bool:
    """Whether `apply` can make both changes: they share no character and no place of insertion."""
    return not any(
        first == second or (first[0] < second[1] and second[0] < first[1])
        for first, _ in one.replacements
        for second, _ in other.replacements
    )


def apply(text: str, changes: Iterable[Change]) -> tuple[str, tuple[Edit, ...]]:
    """Makes changes of a text.

    A deleted word takes the white space on one side with it. If it was the capitalized first word
    of a sentence, the next word gets the capital. Neighbouring deletions become one edit; so do a
    deletion and an insertion in its place, and a deletion and the word that gets its capital. All
    other edits stay separate.

    Args:
        text: the text as written.
        changes: changes in any order, each two of them `compatible`.

    Returns:
        The new text, and its edits in order. Edits without effect are left out.

    Raises:
        ValueError: two replacements overlap, or one lies outside of the text.
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
    """Changes a word to the case of another: lower, capitalized or upper; "I" stays as it is."""
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
    """Makes the first letter of a word a capital, and keeps the rest."""
    return word[:1].upper() + word[1:]


def starts_sentence(text: str, position: int) -> bool:
    """Whether a sentence starts at a position: before it is nothing, or another sentence's end."""
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
            raise ValueError(f"The changes at {before[:2]} and {after[:2]} overlap.")
    if parts and (parts[0].start < 0 or parts[-1].end > len(text)):
        raise ValueError(f"A change lies outside of the text's {len(text)} characters.")
    return parts


def _joined(text: str, parts: list[_Part]) -> list[_Part]:
    """Merges neighbouring deletions, and each deletion with an insertion in its place."""
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
    """Extends deletions by the white space that has to go with them."""
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
        # The indentation of the whole text stays, unless all of the text goes.
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
    """Whether the character before `end` opens a bracket or quotation, so no space follows it."""
    char = text[end - 1]
    if char in _QUOTES:
        return end == 1 or text[end - 2].isspace() or text[end - 2] in _OPENING
    return char in _OPENING


def _closes(text: str, start: int) -> bool:
    """Whether the character at `start` closes something, so no space comes before it."""
    char = text[start]
    if char in _QUOTES:
        after = text[start + 1 : start + 2]
        return not after or after.isspace() or after in _CLOSING
    return char in _CLOSING


def _would_join(text: str, part: _Part) -> bool:
    """Whether the deletion would join the words on its two sides into one."""
    before, after = text[part.start - 1], text[part.end]
    inside = before.isalnum() and text[part.start].isalnum()
    spaced = not (_UNSPACED.match(before) or _UNSPACED.match(after))
    return before.isalnum() and after.isalnum() and spaced and not inside


def _with_capitals(text: str, parts: list[_Part]) -> list[_Part]:
    """Passes a capital on to the next word where a sentence's first word is deleted."""
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
