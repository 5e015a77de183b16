"""What the tests of masked language models speak of."""

KINDS = ("bert", "roberta", "albert", "deberta-v2", "xlm-roberta", "distilbert", "electra")
# Local attention, no padding, two sides, pooling.
MORE_KINDS = ("longformer", "modernbert", "bart", "funnel")

TEXT = "the food was cold and not good, (and so on)"


def spans_of(text: str, *words: str) -> list[tuple[int, int]]:
    """Where the words first stand in the text."""
    return [(text.index(word), text.index(word) + len(word)) for word in words]
