"""Words and tokens of a text: what a model reads, and where each part stands in the text."""
