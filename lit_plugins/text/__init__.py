"""Text, words and tokens: what a model reads, and where each part stands in the text."""
