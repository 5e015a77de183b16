"""Adapters to LIT: its models, datasets, interpreters, generators, metrics, layouts and app."""
