"""Puts words in a place and sees to the article in front of it."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Replacement, in_case_of
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.lexicon.articles import article_for


def put(reading: Reading, first: int, last: int, words: str) -> Replacement:
    """The replacement that puts words in the place of a run of words.

    An "a" or "an" right before the place is part of it where it has to become the other, so that
    the two are one edit.
    """
    start, end = reading.span(first, last)
    if reading.key(first - 1) not in ("a", "an") or reading.key(first - 1) == article_for(words):
        return (start, end), words
    article = reading.words[first - 1]
    other = in_case_of(article_for(words), article.text)
    return (article.start, end), f"{other}{reading.text[article.end : start]}{words}"
