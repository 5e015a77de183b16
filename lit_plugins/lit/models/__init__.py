"""LIT models: classifiers with their specs, outputs and caches."""
