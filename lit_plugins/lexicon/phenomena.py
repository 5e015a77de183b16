"""Linguistic phenomena of texts to slice by: length, negation, question and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lit_plugins.lexicon.adjectives import ADJECTIVES, comparative
from lit_plugins.lexicon.antonyms import PAIRS
from lit_plugins.lexicon.contrasts import (
    AFTER_OTHER_YET,
    BEFORE_EXCEPTING_BUT,
    BEFORE_OTHER_YET,
    CONTRAST_PHRASES,
    CONTRASTS,
)
from lit_plugins.lexicon.degree import AMPLIFIERS, BEFORE_A_QUALITY, DEGREE_PHRASES, DOWNTONERS
from lit_plugins.lexicon.function_words import is_adverb
from lit_plugins.lexicon.negations import (
    HYPHENATED_NEGATIONS,
    NEGATIONS,
    NO_IDIOMS,
    NOT_NEGATING,
)
from lit_plugins.lexicon.words import CLAUSE_MARKS, Word, listed, words_of

LENGTH_BANDS = ("0", "1-5", "6-10", "11-20", "21-40", "41+")
"""Bands of lengths, in words."""

_BAND_ENDS = (0, 5, 10, 20, 40)

ABBREVIATIONS = frozenset(
    listed(
        "TV DVD CD PC OK USB HDMI GPS DIY UK US USA EU UN NYC LA CGI AI BBC HBO FBI CIA PDF HTML "
        "LED LCD ID PS FAQ CEO ATM SUV VR UI UX OS II III IV VI VII VIII IX XI XII AM PM BC AD"
    )
)
"""Words that are always in capitals, which therefore do not express emphasis."""

# Words that make a word of degree out of an ambiguous neighbour: "so good", "pretty slow".
_QUALITIES = (
    ADJECTIVES
    | frozenset(map(comparative, ADJECTIVES))
    | frozenset(word for pair in PAIRS["adverb"] for word in pair)
    | frozenset(listed("much many few little fun loud late"))
)


@dataclass(frozen=True)
class Phenomenon:
    """A property of a text.

    Attributes:
        name: the name used for columns.
        title: the title shown to people.
        help: one or two sentences on how the phenomenon is detected.
        kind: the type that `find` returns: a bool, an int, or one of `values`.
        find: computes the value from a text as written.
        values: the values of a category, in order.
    """

    name: str
    title: str
    help: str
    kind: Literal["boolean", "number", "category"]
    find: Callable[[str], bool | int | str]
    values: tuple[str, ...] = ()


def length(text: str) -> int:
    """The number of words with a letter or a digit."""
    return sum(not word.is_mark for word in words_of(text))


def length_band(text: str) -> str:
    """The band of `LENGTH_BANDS` that contains the text's length."""
    words = length(text)
    return LENGTH_BANDS[sum(words > end for end in _BAND_ENDS)]


def has_negation(text: str) -> bool:
    """Whether a word negates; "not only", "no doubt" and the number "no. 5" do not."""
    words = words_of(text)
    return any(is_negation(words, index) for index in range(len(words)))


def is_negation(words: Sequence[Word], index: int) -> bool:
    """Whether one of a text's words negates."""
    key = words[index].key
    if "-" in key and key not in NEGATIONS:
        return key == "no-one" or not HYPHENATED_NEGATIONS.isdisjoint(key.split("-"))
    if key not in NEGATIONS:
        return False
    after = [word.key for word in words[index + 1 : index + 3]]
    if key == "not":
        return not (after and (after[0] in NOT_NEGATING or " ".join(after) in NOT_NEGATING))
    if key == "no":
        number = len(after) == 2 and after[0] == "." and after[1][0].isdigit()
        return not (number or (after and after[0] in NO_IDIOMS))
    return True


def has_intensifier(text: str) -> bool:
    """Whether a text has a word of degree: an amplifier ("very") or a downtoner ("a bit")."""
    words = words_of(text)
    if any(phrase in DEGREE_PHRASES for phrase in _phrases(words)):
        return True
    return any(_is_intensifier(words, index) for index in range(len(words)))


def _is_intensifier(words: Sequence[Word], index: int) -> bool:
    key = words[index].key
    before = words[index - 1].key if index else ""
    after = words[index + 1].key if index + 1 < len(words) else ""
    if key in BEFORE_A_QUALITY:
        return after in _QUALITIES or (key != "most" and _is_quality_adverb(after))
    if key == "enough":
        return before in _QUALITIES or _is_quality_adverb(before)
    if key in ("hardly", "barely", "scarcely"):
        return after in _QUALITIES
    if key == "rather":
        return after != "than" and not before.endswith(("would", "'d"))
    if "-" in key:
        return key.split("-")[0] in ("super", "ultra", "mega", "uber", "extra")
    # Such an adverb is one of manner unless the word that it amplifies follows.
    if key.endswith("ly") and key in AMPLIFIERS - _PLAIN_AMPLIFIERS:
        return after in _QUALITIES or _is_quality_adverb(after)
    return key in AMPLIFIERS or key in DOWNTONERS


_PLAIN_AMPLIFIERS = frozenset(
    listed(
        "extremely incredibly unbelievably absolutely totally utterly completely thoroughly "
        "entirely really truly exceptionally extraordinarily exceedingly ridiculously insanely"
    )
)


def _is_quality_adverb(key: str) -> bool:
    return key.endswith("ly") and is_adverb(key)


def has_contrast(text: str) -> bool:
    """Whether a text expresses a contrast: but, although, despite, even so."""
    words = words_of(text)
    if any(phrase in CONTRAST_PHRASES for phrase in _phrases(words)):
        return True
    return any(is_contrast(words, index) for index in range(len(words)))


def is_contrast(words: Sequence[Word], index: int) -> bool:
    """Whether one of a text's words expresses a contrast."""
    key = words[index].key
    before = words[index - 1].key if index else "."
    after = words[index + 1].key if index + 1 < len(words) else ""
    if key == "but":
        return before not in BEFORE_EXCEPTING_BUT
    if key == "yet":
        if after in AFTER_OTHER_YET or before in BEFORE_OTHER_YET:
            return False
        starts = before in CLAUSE_MARKS or before[0] in ".!?…" or before == "and"
        return (starts and bool(after)) or (before in ADJECTIVES and after in ADJECTIVES)
    if key == "though":
        return before != "as"
    if key == "still":
        return before == "and" or (before[0] in ".!?…" and after == ",")
    if key == "while":
        rest = [word.key for word in words[index + 1 : index + 16]]
        return before[0] in ".!?…" and "," in rest and not after.endswith("ing")
    return key in CONTRASTS


def has_question(text: str) -> bool:
    """Whether a word or sentence ends in a question mark."""
    words = words_of(text)
    for index, word in enumerate(words):
        if word.text[0] in "?？؟⁇":
            after = words[index + 1] if index + 1 < len(words) else None
            # A question mark inside an address such as page?id=1 asks nothing.
            if after is None or after.is_mark or after.start > word.end:
                return True
    return False


def has_all_caps(text: str) -> bool:
    """Whether a word of at least two letters is all in capitals; abbreviations do not count."""
    return any(
        word.text.isupper()
        and sum(char.isalpha() for char in word.text) >= 2
        and not any(char.isdigit() for char in word.text)
        and word.text not in ABBREVIATIONS
        for word in words_of(text)
    )


def _phrases(words: Sequence[Word]) -> Iterator[str]:
    """All sequences of two to four consecutive words of a text."""
    keys = [word.key for word in words]
    for count in (2, 3, 4):
        for start in range(len(keys) - count + 1):
            yield " ".join(keys[start : start + count])


PHENOMENA: dict[str, Phenomenon] = {
    phenomenon.name: phenomenon
    for phenomenon in (
        Phenomenon(
            "length",
            "Length in words",
            "How many words have a letter or a digit.",
            "number",
            length,
        ),
        Phenomenon(
            "length_band",
            "Length band",
            "The length in words, in six bands.",
            "category",
            length_band,
            LENGTH_BANDS,
        ),
        Phenomenon(
            "negation",
            "Negation",
            'A word that negates: not, no, never, nobody, without, hardly, doesn\'t. "Not only" '
            "does not count.",
            "boolean",
            has_negation,
        ),
        Phenomenon(
            "intensifier",
            "Intensifier",
            "A word that says how much: an amplifier such as very, so or extremely, or a downtoner "
            "such as slightly or a bit.",
            "boolean",
            has_intensifier,
        ),
        Phenomenon(
            "contrast",
            "Contrast",
            "A word that expresses a contrast: but, although, yet, despite. "
            '"Nothing but" does not count.',
            "boolean",
            has_contrast,
        ),
        Phenomenon(
            "question",
            "Question",
            "A word or sentence that ends in a question mark.",
            "boolean",
            has_question,
        ),
        Phenomenon(
            "all_caps",
            "All caps",
            "A word of at least two letters, all of them capitals; abbreviations such as TV and "
            "words with digits do not count.",
            "boolean",
            has_all_caps,
        ),
    )
}
"""All phenomena by name; each value depends only on the text."""
