"""Texts of any shape take time by their length, not by its square.

What reads a text before a model does is measured on a text and on one eight times as long, in the
processor time of this process. Linear time gives 8 and the square of the length gives 64; less than
24 is asked for. A measurement that was disturbed is made again.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from random import Random
from time import process_time

import numpy as np
import pytest

from lit_plugins.counterfactual.alignment import align
from lit_plugins.counterfactual.change import apply, deletion, substitution
from lit_plugins.counterfactual.rules import RULES
from lit_plugins.data.headers import names_like_data
from lit_plugins.data.labels import read_labels
from lit_plugins.data.readers import READERS
from lit_plugins.data.rows import Rows
from lit_plugins.data.spreadsheet import as_csv
from lit_plugins.errors import UserError, first_sentence
from lit_plugins.explain.drawing.html import as_html
from lit_plugins.explain.drawing.terminal import as_text
from lit_plugins.explain.scored_text import ScoredText
from lit_plugins.lexicon.coverage import unknown_share
from lit_plugins.lexicon.phenomena import PHENOMENA
from lit_plugins.lexicon.words import words_of
from lit_plugins.terminal import fit
from lit_plugins.text.encoded import find_words
from lit_plugins.text.encoder import TextEncoder
from tests.checkpoints import KINDS, _train

SHORT, TIMES, MOST = 1_000, 8, 24
ENOUGH = 0.001
"""Seconds that the short text takes at least; it is made longer until it does."""

CHARACTERS = {
    "letters": "a",
    "digits": "7",
    "spaces": " ",
    "newlines": "\n",
    "carriage returns": "\r",
    "controls": "\x07",
    "marks": "\u0301",
    "joiners": "\u200d",
    "flags": "\U0001f1e6",
    "prepended": "\u0600",
    "spacing marks": "\u0903",
    "leading jamo": "\u1100",
    "vowel jamo": "\u1161",
    "trailing jamo": "\u11a8",
    "Hangul": "\uac00",
    "hearts": "\u2764",
    "emoji": "😀",
    "skin tones": "\U0001f3fb",
    "Han": "漢",
    "Thai": "ก",
    "Khmer stackers": "\u17d2",
    "viramas": "\u094d",
    "keycaps": "\u20e3",
    "variation selectors": "\ufe0f",
    "Hebrew": "א",
    "overrides": "\u202e",
    "zero width": "\u200b",
    "quotes": '"',
    "apostrophes": "'",
    "brackets": "(",
    "full stops": ".",
    "hyphens": "-",
    "tags": "\U000e0061",
}
UNITS = {
    "families": "\U0001f469\u200d",
    "toned emoji": "\U0001f44d\U0001f3fb",
    "flags with marks": "\U0001f1e6\u0301",
    "syllables": "\u1100\u1161\u11a8",
    "conjuncts": "क\u094d",
    "stacks": "ក\u17d2",
    "a b a a b b": "a b a a b b ",
    "numbers": "1.5",
    "contractions": "it's ",
    "hyphenated": "a-",
    "unclosed quotes": '"a, ',
    "unclosed brackets": "([{",
    "unclosed objects": '{"a":[',
    "right to left": "אב ",
    "both directions": "a\u202eא\u2066b ",
    "lines": "a\n",
    "quoted lines": '"\n',
    "sentences": "It is really not so very good, but it isn't bad. ",
    "contrasts": "but ",
    "adverbs": "really very ",
    "adjectives": "good pretty well ",
    "verbs": "love not like ",
    "tags": "<b>&lt;",
}


def run(unit: str) -> Callable[[int], str]:
    return lambda length: (unit * (length // len(unit) + 1))[:length]


SHAPES: dict[str, Callable[[int], str]] = {
    **{f"a run of {name}": run(unit) for name, unit in CHARACTERS.items()},
    **{name: run(unit) for name, unit in UNITS.items()},
    "different words": lambda length: " ".join(f"w{word:x}" for word in range(length // 6)),
    "flags, then a letter": lambda length: "\U0001f1e6" * length + "a",
    "spaces, then a letter": lambda length: " " * length + "a",
    "digits, then a full stop": lambda length: "7" * length + ".",
    "an open quote, then words": lambda length: '"' + "a " * (length // 2),
    "marks between hearts": lambda length: "\u2764" + "\u0301" * length + "\u200d\u2764",
    "words, then marks": lambda length: "but " * (length // 8) + ".!" * (length // 4),
    "characters at random": lambda length: "".join(
        Random(1).choices([*CHARACTERS.values()], k=length)
    ),
}


def scored(text: str) -> ScoredText:
    words = find_words(text)
    return ScoredText(
        text=text,
        words=tuple(text[start:end] for start, end in words),
        offsets=tuple(words),
        scores=np.linspace(-1, 1, len(words)),
        target=0,
        target_label="good",
        method="occlusion",
        unit="logit",
        output=1.0,
        base_value=0.0,
        delta=0.0,
        seen=(0, len(text)),
        error=None,
        evaluations=1,
        truncated=False,
        converged=True,
        note="",
        tokens=None,
        token_scores=None,
        missing=None,
        groups=None,
        interactions=None,
    )


def phenomena(text: str) -> None:
    words_of.cache_clear()
    for phenomenon in PHENOMENA.values():
        phenomenon.find(text)


def rules(text: str) -> None:
    words_of.cache_clear()
    for rule in RULES.values():
        rule.find(text)
        rule.testable(text)


def changes(text: str) -> None:
    words = find_words(text)
    apply(text, [deletion(text, word) for word in words[::2]])
    apply(text, [substitution(text, word, "other") for word in words[1::2]])


def differences(text: str) -> None:
    align(text, f"x {text} y")
    align(text, text[1:])
    align(text, text[::-1])


def labels(text: str) -> None:
    rows = Rows({text: [text, "0.5"]}, [1, 2], [], {}, unit="line", typed=False)
    names_like_data(rows)
    as_csv(["text"], [{"text": text}])
    first_sentence(ValueError(text))
    with pytest.raises(UserError):
        read_labels([text, "1.5"], column="label", title="x", label_names=["no", "yes"])


def reader(ending: str, content: Callable[[str], str]) -> Callable[[str], None]:
    (read,) = (known.read for known in READERS.values() if known.ending == ending)

    def opened(text: str) -> None:
        data = content(text).encode("utf-8")
        if data.strip():
            with suppress(UserError):
                read(data, "'f'")

    return opened


def encoded(kind: str) -> Callable[[str], None]:
    encoder = TextEncoder(_train(KINDS[kind].tokenizer), 64)

    def read(text: str) -> None:
        (whole,) = encoder.encode([text])
        whole.in_pieces()
        unknown_share(whole, None)
        encoder.rows([text])

    return read


READING: dict[str, Callable[[], Callable[[str], object]]] = {
    "words": lambda: find_words,
    "phenomena": lambda: phenomena,
    "rules": lambda: rules,
    "changes": lambda: changes,
    "differences": lambda: differences,
    "labels": lambda: labels,
    "HTML": lambda: lambda text: as_html(scored(text)),
    "terminal": lambda: lambda text: as_text(scored(text), color=True, width=80),
    "one column": lambda: lambda text: fit(text, 60),
    "CSV": lambda: reader(".csv", lambda text: f"text,label\n{text}"),
    "TSV": lambda: reader(".tsv", lambda text: f"text\tlabel\n{text}"),
    "JSON": lambda: reader(".json", lambda text: text),
    "JSON lines": lambda: reader(".jsonl", lambda text: f'{{"text": "a"}}\n{text}'),
    "WordPiece": lambda: encoded("bert"),
    "BPE": lambda: encoded("gpt2"),
}


@pytest.mark.parametrize("name", READING)
def test_time_grows_with_the_length_of_a_text_of_any_shape(name):
    read = READING[name]()
    steep = {
        shape: times for shape, make in SHAPES.items() if (times := growth(read, make)) >= MOST
    }
    assert steep == {}


def growth(read: Callable[[str], object], make: Callable[[int], str]) -> float:
    """How many times longer a text takes that is eight times as long; the least of some tries."""
    length = SHORT
    while (short := seconds(read, make(length))) < ENOUGH and length < 8 * SHORT:
        length *= 2
    times = float("inf")
    for _ in range(4):
        times = min(times, seconds(read, make(TIMES * length)) / max(short, ENOUGH))
        if times < MOST:
            break
        short = max(short, seconds(read, make(length)))
    return times


def seconds(read: Callable[[str], object], text: str) -> float:
    gc.collect(0)
    start = process_time()
    read(text)
    return process_time() - start
