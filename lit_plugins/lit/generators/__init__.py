"""LIT generators, which make new examples from existing ones."""
