"""Replaces words, and adapts the article before them."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Replacement, in_case_of
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.lexicon.articles import article_for


def put(reading: Reading, first: int, last: int, words: str) -> Replacement:
    """Makes a replacement for a run of words.

    If an "a" right before the run has to become "an", or the reverse, the replacement includes it,
    so that both are one edit.

    Args:
        reading: the text.
        first: index of the first word to replace.
        last: index of the last word to replace.
        words: the new words.
    """
    start, end = reading.span(first, last)
    if reading.key(first - 1) not in ("a", "an") or reading.key(first - 1) == article_for(words):
        return (start, end), words
    article = reading.words[first - 1]
    other = in_case_of(article_for(words), article.text)
    return (article.start, end), f"{other}{reading.text[article.end : start]}{words}"
